/** Writes the result of a fuzz run to docs/fuzz.md: how many texts were fed, the slowest texts, and each reader that was too slow. */
import { execFileSync } from 'node:child_process';
import prettier from 'prettier';
import { SEEDS, ARRANGEMENTS } from './seeds';
import { describeTrial } from './run';
import type { FeedResult } from './run';

const WORST = 5;

export interface Tally {
  add(fed: FeedResult): void;
  texts(): number;
  /** Texts that were fed completely. A text is not if a part of it took so little time that the whole cannot take long. */
  whole(): number;
  readers(): number;
  slow(): readonly FeedResult[];
  worst(): readonly FeedResult[];
}

export function createTally(mostMs: number): Tally {
  let [texts, whole] = [0, 0];
  const readers = new Set<string>();
  const slow: FeedResult[] = [];
  let worst: FeedResult[] = [];
  const isSlow = ({ ms, error }: FeedResult): boolean => ms === null || ms > mostMs || error !== undefined;
  return {
    add(fed) {
      texts += 1;
      readers.add(fed.trial.reader);
      if (fed.chars === fed.trial.chars) whole += 1;
      if (isSlow(fed)) slow.push(fed);
      worst = [...worst, fed].sort((a, b) => timeOf(b) - timeOf(a)).slice(0, WORST);
    },
    texts: () => texts,
    whole: () => whole,
    readers: () => readers.size,
    slow: () => slow,
    worst: () => worst,
  };
}

const timeOf = ({ ms }: FeedResult): number => ms ?? Number.POSITIVE_INFINITY;

/** The page as Markdown, formatted by prettier. */
export async function pageOf(tally: Tally, { command, mostMs }: { command: string; mostMs: number }): Promise<string> {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const slow = slowestByReader(tally.slow());
  const page = [
    '# Readers of foreign text, fed with hostile texts',
    `\`${command}\` on ${new Date().toISOString().slice(0, 10)}, commit ${commit}, Node ${process.versions.node}.`,
    `${tally.readers()} readers, ${SEEDS.length} seeds in ${Object.keys(ARRANGEMENTS).length} arrangements and mixtures of them: ${tally.texts()} texts of 1 MB. A text is fed in growing sizes, from 50 KB on, and no further where time that grows with the square of the size would stay within half of a second for the whole; ${tally.whole()} were fed whole. Times are of the processor, and hold what the collector of memory takes.`,
    `${tally.slow().length} texts needed more than ${mostMs} ms, of ${slow.length} readers.`,
    '## The worst five',
    table(tally.worst()),
    ...(slow.length === 0 ? [] : ['## Readers above the limit, each with its slowest text', table(slow)]),
  ];
  return prettier.format(page.join('\n\n'), { parser: 'markdown', printWidth: 120 });
}

function slowestByReader(slow: readonly FeedResult[]): FeedResult[] {
  const found = new Map<string, FeedResult>();
  for (const one of slow) {
    const known = found.get(one.trial.reader);
    if (known === undefined || timeOf(one) > timeOf(known)) found.set(one.trial.reader, one);
  }
  return [...found.values()].sort((a, b) => timeOf(b) - timeOf(a));
}

function table(rows: readonly FeedResult[]): string {
  const cells = rows.map((one) => {
    const { ms, chars, trial, error } = one;
    const description = describeTrial(trial).replaceAll('|', '\\|').replaceAll('`', "'");
    const time = error !== undefined ? 'error' : ms === null ? 'ended after 20 s' : `${Math.round(ms)} ms`;
    return `| ${time} | ${chars === 0 ? '' : chars} | \`${description}\` |`;
  });
  return ['| time | characters | reader, path, seed, arrangement |', '| --- | --- | --- |', ...cells].join('\n');
}
