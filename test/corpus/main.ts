/**
 * `npm run corpus [kinds or words...] [--sample] [--real] [--write] [--at-once N]`: runs the cheating and honest builds of the corpus.
 *
 * A kind (`tests`, `honest`, ...) or a part of a name chooses builds; `--sample` chooses those of CI. `--real` builds real changes of
 * public packages instead. `--write` writes the dated table to docs/corpus.md; if builds are chosen, only their lines. The exit code is 1
 * if a cheating build was released or held by another catcher than its case names, an honest build was held, or no build was chosen.
 */
import { parseArgs } from 'node:util';
import startTestServer from '../server';
import stopTestServer from '../server-stop';
import { CORPUS, LEFT_OUT_COUNT } from './corpus';
import type { CorpusCase } from './corpus';
import { runRealChanges } from './real-changes';
import type { CaseResult } from './run-case';
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
  if (values.real && values.sample) throw new Error('--sample and --real exclude each other; leave one out');
  const isPartial = values.sample || positionals.length > 0;
  const chosenCases = values.real ? [] : choose(positionals, values.sample);
  const startedAt = performance.now();
  const elapsedSeconds = (): number => (performance.now() - startedAt) / 1_000;
  await startTestServer();
  try {
    if (values.real) {
      const rows = await runRealChanges(positionals, atOnce);
      if (values.write) writeAndReport('real', { rows, seconds: elapsedSeconds(), isPartial });
      return rows.some(({ problem }) => problem !== '') ? 1 : 0;
    }
    const resultsSoFar: CaseResult[] = [];
    const onRan = (one: CaseResult): void => {
      printRow(one);
      resultsSoFar.push(one);
      // Written after each build: a run takes long, and may be interrupted.
      if (values.write)
        writePart('builds', { rows: rowsOf(resultsSoFar, chosenCases), seconds: elapsedSeconds(), isPartial: true });
    };
    const results = await runCorpus(chosenCases, { atOnce, onResult: onRan });
    if (LEFT_OUT_COUNT > 0)
      process.stdout.write(`${LEFT_OUT_COUNT} cases are left out: their tools are not on this machine\n`);
    printTotals(results, elapsedSeconds());
    if (values.write)
      writeAndReport('builds', { rows: rowsOf(results, chosenCases), seconds: elapsedSeconds(), isPartial });
    return results.some(({ problem }) => problem !== null) ? 1 : 0;
  } finally {
    await stopTestServer();
  }
}

function writeAndReport(...part: Parameters<typeof writePart>): void {
  writePart(...part);
  process.stdout.write('docs/corpus.md is written\n');
}

function choose(words: readonly string[], isSample: boolean): readonly CorpusCase[] {
  const isWanted = ({ kind, name }: CorpusCase): boolean =>
    words.length === 0 || words.some((word) => word === kind || name.includes(word));
  const chosenCases = (isSample ? sampleOf(CORPUS) : CORPUS).filter(isWanted);
  if (chosenCases.length === 0)
    throw new Error(`no build has one of these kinds or parts of a name: ${words.join(', ')}`);
  return chosenCases;
}

/** Gives the rows in the order of the corpus, not in the order in which the builds ended. */
function rowsOf(ran: readonly CaseResult[], chosen: readonly CorpusCase[]): Row[] {
  const byName = new Map(ran.map((one) => [one.name, one]));
  return chosen.flatMap(({ name, runner, kind }) => {
    const result = byName.get(name);
    if (result === undefined) return [];
    return {
      ...{ name: `${kind}: ${name}`, kind: result.isCheating ? 'cheating' : 'honest', runner, seconds: result.seconds },
      ...{ verdict: result.isReleased ? 'released' : 'held', heldBy: result.heldBy },
      problem: result.problem ?? '',
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
