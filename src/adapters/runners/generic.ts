/**
 * Any other command: its JUnit files where it writes some, else its TAP, else what it printed.
 *
 * There is no watch inside, and the evidence says so: what such a run says can be written by the code under test.
 */
import type { TestRun } from '../../ports/test-runner';
import type { Dialect } from '../../inspect/test-output/dialect';
import { readTestReport } from '../../inspect/test-output/report';
import { summarise } from '../../inspect/test-output/summary';
import { findJunitFiles, readJunit } from './junit-files';
import { removeReportFile } from '../machine/report-file';
import { readTap } from '../../inspect/test-output/tap';
import type { Runner } from './runner';
import type { Bench } from './watched-run';

/** `dialects`: how the runners that such a command may call print their results. */
export function createGeneric(dialects: readonly Dialect[]): Runner {
  return {
    name: 'generic',
    // Of runners that have no adapter, and so run as a command like any other.
    settings: [/(^|\/)((ava|karma|cypress|playwright)[^/]*\.config\.[^/]+|\.taprc[^/]*)$/],
    manifestKeys: ['ava', 'tap'],
    packages: [],
    counted: null,
    run: (bench) => run(bench, dialects),
  };
}

async function run({ input, readOnly }: Bench, dialects: readonly Dialect[]): Promise<TestRun> {
  const { checkout, choice, timeoutMs, signal, locked = [] } = input;
  const { folder } = checkout;
  // A report that lies in the tree already is not this run's.
  for (const path of await findJunitFiles(folder)) await removeReportFile(folder, path);
  const files = locked.map(({ path, text }) => ({ path: `/workspace/${path}`, text }));
  const result = await checkout.run({ command: choice.command, timeoutMs, signal, files, readOnly });
  const tests = (await readJunit(folder)) ?? readTap(result.output);
  const { exitCode, timedOut, output, durationMs } = result;
  const { counts, failing } = readTestReport(output, dialects);
  const counted = tests === null ? { tests: [], counts, failing } : summarise(tests);
  const ran = { runner: choice.runner, command: choice.command, exitCode, timedOut, output, durationMs };
  return { ...ran, ...counted, failures: [], coverage: null, sentinel: null };
}
