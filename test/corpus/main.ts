/**
 * `npm run corpus [kinds or words...] [--sample] [--real] [--write] [--at-once N]`: the corpus of cheating and honest builds, each run
 * for real. A kind (`tests`, `honest`, ...) or a word of a name chooses, `--sample` what CI runs, `--real` the real changes of public
 * packages instead; `--write` leaves the dated table in docs/corpus.md, of chosen builds their lines in it. Exit code 1 where a cheating build was released or held by
 * something else than it should, an honest one was held, or nothing was chosen.
 */
import { parseArgs } from 'node:util';
import startTestServer from '../server';
import stopTestServer from '../server-stop';
import { CORPUS, LEFT_OUT } from './corpus';
import type { Chosen } from './corpus';
import { runRealChanges } from './real-changes';
import type { Ran } from './run-case';
import { runCorpus } from './run-corpus';
import { sampleOf } from './sample';
import { printRow, printTotals } from './table';
import { writePart } from './write-table';
import type { Row } from './write-table';

const OPTIONS = {
  sample: { type: 'boolean', default: false },
  real: { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
  'at-once': { type: 'string', default: '4' },
} as const;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: OPTIONS });
  const atOnce = Number(values['at-once']);
  if (!Number.isInteger(atOnce) || atOnce < 1)
    throw new Error(`--at-once must be a whole number from 1 on, not "${values['at-once']}"`);
  if (values.real && values.sample) throw new Error('--sample or --real, not both');
  const isPartial = values.sample || positionals.length > 0;
  const chosen = values.real ? [] : choose(positionals, values.sample);
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1_000;
  await startTestServer();
  try {
    if (values.real) {
      const rows = await runRealChanges(positionals, atOnce);
      if (values.write) writeWhole('real', { rows, seconds: seconds(), isPartial });
      return rows.some(({ problem }) => problem !== '') ? 1 : 0;
    }
    const sofar: Ran[] = [];
    const onRan = (one: Ran): void => {
      printRow(one);
      sofar.push(one);
      // A run takes long: what it has shown stays where it is ended before.
      if (values.write) writePart('builds', { rows: rowsOf(sofar, chosen), seconds: seconds(), isPartial: true });
    };
    const ran = await runCorpus(chosen, { atOnce, onRan });
    if (LEFT_OUT > 0) process.stdout.write(`${LEFT_OUT} cases left out: their tools are not on this machine\n`);
    printTotals(ran, seconds());
    if (values.write) writeWhole('builds', { rows: rowsOf(ran, chosen), seconds: seconds(), isPartial });
    return ran.some(({ problem }) => problem !== null) ? 1 : 0;
  } finally {
    await stopTestServer();
  }
}

function writeWhole(...part: Parameters<typeof writePart>): void {
  writePart(...part);
  process.stdout.write('docs/corpus.md is written\n');
}

function choose(words: readonly string[], isSample: boolean): readonly Chosen[] {
  const isWanted = ({ kind, name }: Chosen): boolean =>
    words.length === 0 || words.some((word) => word === kind || name.includes(word));
  const chosen = (isSample ? sampleOf(CORPUS) : CORPUS).filter(isWanted);
  if (chosen.length === 0) throw new Error(`no build is of a kind, or has a word in its name, of: ${words.join(', ')}`);
  return chosen;
}

/** In the order of the corpus, whichever ended first. */
function rowsOf(ran: readonly Ran[], chosen: readonly Chosen[]): Row[] {
  const byName = new Map(ran.map((one) => [one.name, one]));
  return chosen.flatMap(({ name, runner, kind }) => {
    const one = byName.get(name);
    if (one === undefined) return [];
    return {
      ...{ name: `${kind}: ${name}`, kind: one.isCheating ? 'cheating' : 'honest', runner, seconds: one.seconds },
      ...{ verdict: one.isReleased ? 'released' : 'held', heldBy: one.heldBy },
      problem: one.problem ?? '',
    };
  });
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
