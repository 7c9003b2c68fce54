/**
 * Locked tests that the project's command leaves out, such as one that names its files: they are run by the runner that has
 * reported, by the project's own settings.
 */
import { isRunnable } from '../../domain/evidence/runnable';
import type { TestRun } from '../../ports/test-runner';
import { addUp, countsOf } from '../../inspect/test-output/dialect';
import { failuresOf } from '../../inspect/test-output/failure';
import { RUNNERS } from './all-runners';
import { runCommand } from './run-command';
import type { RunSetup } from './run-command';

/** The run with theirs; as it is where each of them ran, or where nothing says how a file is run alone. */
export async function withLocked(setup: RunSetup, run: TestRun): Promise<TestRun> {
  const { locked = [], checkout } = setup.input;
  const told = new Set(run.tests.map(({ file }) => file));
  const missing = locked.map(({ path }) => path).filter((path) => !told.has(path) && isRunnable(path, [...told]));
  const { workdir } = checkout.setup;
  const inside = missing.filter((path) => path.startsWith(workdir === '' ? '' : `${workdir}/`));
  const command = byFiles(run.runner, inside, workdir);
  if (inside.length === 0 || command === undefined || told.size === 0 || run.timedOut) return run;
  const choice = { ...setup.input.choice, command };
  const alone = await runCommand({ ...setup, input: { ...setup.input, choice, only: inside } });
  return joined(run, { ...alone, tests: alone.tests.filter(({ file }) => inside.includes(file)) });
}

/** The words that run these files; undefined where the runner takes none, or one lies outside of the project's folder. */
export function byFiles(runner: string, files: string[], workdir: string): string[] | undefined {
  const names = runner.split('+');
  const words = RUNNERS.find(({ name, byFile }) => names.includes(name) && byFile !== undefined)?.byFile;
  const root = workdir === '' ? '' : `${workdir}/`;
  if (words === undefined || !files.every((path) => path.startsWith(root))) return undefined;
  return [...words, ...files.map((path) => path.slice(root.length))];
}

function joined(run: TestRun, alone: TestRun): TestRun {
  const failed = alone.tests.filter(({ status }) => status === 'failed');
  const counts = countsOf(alone.tests);
  const coverage =
    run.coverage === null || alone.coverage === null ? run.coverage : merged(run.coverage, alone.coverage);
  return {
    ...run,
    tests: [...run.tests, ...alone.tests],
    counts: run.counts === null ? counts : addUp([run.counts, counts]),
    failing: [...new Set([...run.failing, ...alone.failing])].slice(0, 20),
    failures: run.failures.length > 0 ? run.failures : failuresOf(failed),
    exitCode: run.exitCode === 0 && failed.length > 0 ? alone.exitCode : run.exitCode,
    timedOut: alone.timedOut,
    sentinel: run.sentinel?.kept === false ? run.sentinel : alone.sentinel,
    output: `${run.output}\n$ ${alone.command.join(' ')}\n${alone.output}`,
    coverage,
    rewritten: [...new Set([...(run.rewritten ?? []), ...(alone.rewritten ?? [])])],
  };
}

function merged(all: NonNullable<TestRun['coverage']>, more: NonNullable<TestRun['coverage']>): TestRun['coverage'] {
  const found = { ...all };
  for (const [file, counts] of Object.entries(more)) {
    const known = found[file] ?? {};
    const lines = Object.entries(counts).map(([line, count]) => [line, count + (known[Number(line)] ?? 0)]);
    found[file] = { ...known, ...(Object.fromEntries(lines) as Record<number, number>) };
  }
  return found;
}
