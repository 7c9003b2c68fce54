/**
 * `npm run corpus [kinds or words...] [--sample] [--at-once N]`: the corpus of cheating and honest builds, each run for real; the table of
 * what caught what. A kind (`tests`, `honest`, ...) or a word of a name chooses, `--sample` what CI runs. Exit code 1 where a cheating
 * build was released, an honest one was held, a cheating one was held by something else than it should, or nothing was chosen.
 */
import { parseArgs } from 'node:util';
import startTestServer from '../server';
import stopTestServer from '../server-stop';
import { CORPUS, LEFT_OUT } from './corpus';
import { runCorpus } from './run-corpus';
import { sampleOf } from './sample';
import { printRow, printTotals } from './table';

const OPTIONS = {
  sample: { type: 'boolean', default: false },
  'at-once': { type: 'string', default: '4' },
} as const;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: OPTIONS });
  const atOnce = Number(values['at-once']);
  if (!Number.isInteger(atOnce) || atOnce < 1)
    throw new Error(`--at-once must be a whole number from 1 on, not "${values['at-once']}"`);
  const isWanted = ({ kind, name }: { kind: string; name: string }): boolean =>
    positionals.length === 0 || positionals.some((word) => word === kind || name.includes(word));
  const chosen = (values.sample ? sampleOf(CORPUS) : CORPUS).filter(isWanted);
  if (chosen.length === 0)
    throw new Error(`no build is of a kind, or has a word in its name, of: ${positionals.join(', ')}`);
  const began = performance.now();
  await startTestServer();
  try {
    const ran = await runCorpus(chosen, { atOnce, onRan: printRow });
    if (LEFT_OUT > 0) process.stdout.write(`${LEFT_OUT} cases left out: their tools are not on this machine\n`);
    printTotals(ran, (performance.now() - began) / 1_000);
    return ran.some(({ problem }) => problem !== null) ? 1 : 0;
  } finally {
    await stopTestServer();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
