/**
 * Coverage by a command of the project's own: it writes lcov, as the tools of most languages can. Asked for only where
 * nothing watches the lines from outside.
 */
import type { TestRun } from '../../ports/test-runner';
import { parseLcov } from '../../inspect/coverage/lcov';
import type { LineCounts } from '../../inspect/coverage/line-counts';
import { readReportFile, removeReportFile } from '../machine/report-file';
import type { Bench } from './watched-run';

const PLACES = ['lcov.info', 'coverage/lcov.info', 'coverage.lcov', 'coverage/coverage.lcov', 'target/lcov.info'];

/** The run with the lines that ran. A command that fails, or writes nothing, fails the run: silence must not look like a language without lines. */
export async function withCoverage(bench: Bench, run: TestRun, command: string[]): Promise<TestRun> {
  const { checkout, timeoutMs, signal, locked = [] } = bench.input;
  const { folder } = checkout;
  // One that lies in the tree already is not this run's.
  for (const place of PLACES) await removeReportFile(folder, place);
  const files = locked.map(({ path, text }) => ({ path: `/workspace/${path}`, text }));
  const covered = await checkout.run({ command, timeoutMs, signal, files, readOnly: bench.readOnly });
  const coverage = await readLcov(folder);
  const isMissing = covered.exitCode === 0 && coverage === null;
  const note = isMissing ? `\n[${command.join(' ')} wrote no lcov file]\n` : '';
  return {
    ...run,
    coverage,
    exitCode: run.exitCode !== 0 ? run.exitCode : isMissing ? 1 : covered.exitCode,
    timedOut: run.timedOut || covered.timedOut,
    output: `${run.output}${covered.output}${note}`,
  };
}

/** Null where the command left none. */
async function readLcov(folder: string): Promise<Record<string, LineCounts> | null> {
  const texts = await Promise.all(PLACES.map((place) => readReportFile(folder, place)));
  const found = parseLcov(texts.join('\n'), [`${folder}/`, '/workspace/', './']);
  return Object.keys(found).length === 0 ? null : found;
}
