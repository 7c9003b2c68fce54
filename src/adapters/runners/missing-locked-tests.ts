/**
 * Runs the locked tests that the project's command leaves out, for example because it lists its test files. It uses the runner
 * that reported results, with the project's own settings.
 */
import { isRunnable } from '../../domain/evidence/runnable';
import type { TestRun } from '../../ports/test-runner';
import { addUp, countsOf } from '../../inspect/test-output/dialect';
import { failuresOf } from '../../inspect/test-output/failure';
import { RUNNERS } from './all-runners';
import { runCommand } from './run-command';
import type { RunSetup } from './run-command';

/** Adds the results of locked tests that did not run. Returns the run unchanged if all ran, or if the runner takes no file names. */
export async function addMissingLockedTests(setup: RunSetup, run: TestRun): Promise<TestRun> {
  const { locked = [], checkout } = setup.input;
  const reportedFiles = new Set(run.tests.map(({ file }) => file));
  const missingPaths = locked
    .map(({ path }) => path)
    .filter((path) => !reportedFiles.has(path) && isRunnable(path, [...reportedFiles]));
  const { workdir } = checkout.setup;
  const runnable = missingPaths.filter((path) => path.startsWith(workdir === '' ? '' : `${workdir}/`));
  const command = byFiles(run.runner, runnable, workdir);
  if (runnable.length === 0 || command === undefined || reportedFiles.size === 0 || run.timedOut) return run;
  const choice = { ...setup.input.choice, command };
  const extra = await runCommand({ ...setup, input: { ...setup.input, choice, only: runnable } });
  return joinRuns(run, { ...extra, tests: extra.tests.filter(({ file }) => runnable.includes(file)) });
}

/**
 * Returns the command that runs these files; undefined if the runner takes no file names, or if a file is outside of the
 * project's folder.
 */
export function byFiles(runner: string, files: string[], workdir: string): string[] | undefined {
  const names = runner.split('+');
  const commandWords = RUNNERS.find(({ name, byFile }) => names.includes(name) && byFile !== undefined)?.byFile;
  const root = workdir === '' ? '' : `${workdir}/`;
  if (commandWords === undefined || !files.every((path) => path.startsWith(root))) return undefined;
  return [...commandWords, ...files.map((path) => path.slice(root.length))];
}

function joinRuns(run: TestRun, extra: TestRun): TestRun {
  const failed = extra.tests.filter(({ status }) => status === 'failed');
  const counts = countsOf(extra.tests);
  const coverage =
    run.coverage === null || extra.coverage === null ? run.coverage : mergeCoverage(run.coverage, extra.coverage);
  return {
    ...run,
    tests: [...run.tests, ...extra.tests],
    counts: run.counts === null ? counts : addUp([run.counts, counts]),
    failing: [...new Set([...run.failing, ...extra.failing])].slice(0, 20),
    failures: run.failures.length > 0 ? run.failures : failuresOf(failed),
    exitCode: run.exitCode === 0 && failed.length > 0 ? extra.exitCode : run.exitCode,
    timedOut: extra.timedOut,
    sentinel: run.sentinel?.kept === false ? run.sentinel : extra.sentinel,
    output: `${run.output}\n$ ${extra.command.join(' ')}\n${extra.output}`,
    coverage,
    rewritten: [...new Set([...(run.rewritten ?? []), ...(extra.rewritten ?? [])])],
  };
}

function mergeCoverage(
  all: NonNullable<TestRun['coverage']>,
  more: NonNullable<TestRun['coverage']>,
): TestRun['coverage'] {
  const merged = { ...all };
  for (const [file, counts] of Object.entries(more)) {
    const earlierCounts = merged[file] ?? {};
    const lines = Object.entries(counts).map(([line, count]) => [line, count + (earlierCounts[Number(line)] ?? 0)]);
    merged[file] = { ...earlierCounts, ...(Object.fromEntries(lines) as Record<number, number>) };
  }
  return merged;
}
