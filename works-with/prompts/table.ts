/**
 * Prints the results of `npm run prompts`: a row for each build, and the totals of each set of prompts.
 */
import { PHASES } from '../../src/domain/roles';
import type { PromptBuild } from './run-build';

const OUTCOME_CHARS = 300;

interface Figures {
  calls: number;
  promptBytes: number;
  restBytes: number;
  inputTokens: number;
  outputTokens: number;
  complete: number;
}

export function figuresOf(builds: readonly PromptBuild[]): Figures {
  const sent = builds.flatMap((one) => one.sent);
  const sum = (numbers: number[]): number => numbers.reduce((all, one) => all + one, 0);
  return {
    calls: sent.length,
    promptBytes: sum(sent.map(({ promptBytes }) => promptBytes)),
    restBytes: sum(sent.map(({ restBytes }) => restBytes)),
    inputTokens: sum(builds.map(({ tokens }) => tokens.input)),
    outputTokens: sum(builds.map(({ tokens }) => tokens.output)),
    complete: builds.filter(({ outcome }) => outcome === 'complete').length,
  };
}

export const HEAD = [
  '| repository | prompts | calls by phase | calls | bytes of prompts | bytes of the rest | tokens in | tokens out | outcome |',
  '|---|---|---|---|---|---|---|---|---|',
].join('\n');

export function rowOf(build: PromptBuild): string {
  const { repository, prompts, sent, outcome } = build;
  const byPhase = PHASES.map((phase) => sent.filter((one) => one.phase === phase).length).join(' + ');
  const figures = cellsOf(figuresOf([build]));
  return row([repository, prompts, byPhase, ...figures, outcome.slice(0, OUTCOME_CHARS)]);
}

/** Makes a row for each set of prompts over all repositories, then the difference of the last from the first, in percent. */
export function totalsOf(builds: readonly PromptBuild[], names: readonly string[]): string {
  const all = names.map((name) => figuresOf(builds.filter(({ prompts }) => prompts === name)));
  const rows = all.map((figures, index) => {
    const buildCount = builds.filter(({ prompts }) => prompts === names[index]).length;
    return row(['all', names[index] ?? '', '', ...cellsOf(figures), `${figures.complete} of ${buildCount} complete`]);
  });
  const [first, last] = [all[0], all.at(-1)];
  if (first === undefined || last === undefined || all.length < 2) return rows.join('\n');
  const shares = COMPARED_FIGURES.map((name) => percent(first[name], last[name]));
  return [...rows, row(['change', '', '', ...shares, ''])].join('\n');
}

const COMPARED_FIGURES = ['calls', 'promptBytes', 'restBytes', 'inputTokens', 'outputTokens'] as const;

function cellsOf(figures: Figures): string[] {
  return COMPARED_FIGURES.map((name) => figures[name].toLocaleString('en'));
}

function percent(before: number, after: number): string {
  if (before === 0) return after === 0 ? '0 %' : 'new';
  const share = ((after - before) / before) * 100;
  return `${share > 0 ? '+' : ''}${share.toFixed(1)} %`;
}

function row(cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/\s+/g, ' ')).join(' | ')} |`;
}
