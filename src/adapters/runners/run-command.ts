/**
 * Runs a project's own test command once, with the reporters in the sandbox. It reads the output while the command runs, and
 * the reports after it.
 */
import { chmod, cp, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SandboxResult, SandboxRun } from '../../ports/sandbox';
import type { TestRun, TestRunInput } from '../../ports/test-runner';
import { createLocator } from '../../inspect/test-output/locate';
import { createOutputReader } from '../../inspect/test-output/output';
import type { SaidBy } from '../../inspect/test-output/output';
import { discardFolder } from '../machine/remove-folder';
import { makeTemporary } from '../machine/temporaries';
import { DIALECTS } from './all-runners';
import { coverageOf } from './coverage';
import { createGoLocator } from './go-files';
import { readRecords } from './records';
import type { Records } from './records';
import { changedReports, readReports, takeSnapshot } from './report-files';
import { resultsOf } from './results';
import { findRewrittenSince, takeSources } from './rewritten-sources';

export interface RunSetup {
  input: TestRunInput;
  /** Folders of the machine that every run can read, such as installed packages. */
  readOnly: NonNullable<SandboxRun['readOnly']>;
}

/** The path is the same from the sources and from the compiled files. */
const REPORTERS = join(__dirname, '..', '..', '..', 'reporters');
/** The reporters' folder in the sandbox, and the folder into which they write. */
const SANDBOX_REPORTERS = '/reporters';
const SANDBOX_REPORT = '/report';
const PYTHON_ENV = { PYTEST_ADDOPTS: '-p _q_reporter', PYTHONPATH: `${SANDBOX_REPORTERS}/python` };
const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin';

export async function runCommand(setup: RunSetup): Promise<TestRun> {
  const runFolder = await makeTemporary(tmpdir(), 'report');
  try {
    // The sandbox's user may read `reporters` and write into `report`.
    await chmod(runFolder, 0o755);
    await cp(REPORTERS, join(runFolder, 'reporters'), { recursive: true });
    await mkdir(join(runFolder, 'report'), { mode: 0o755 });
    if (setup.input.coverage) await mkdir(join(runFolder, 'report', 'coverage'), { mode: 0o755 });
    return await runIn(runFolder, setup);
  } finally {
    await discardFolder(runFolder);
  }
}

async function runIn(runFolder: string, setup: RunSetup): Promise<TestRun> {
  const { choice, checkout, locked = [], laid = [], coverage, only } = setup.input;
  const { folder } = checkout;
  const snapshot = await takeSnapshot(folder);
  const sources = await takeSources(folder, snapshot.files);
  const { result, printed } = await runWithReporters(runFolder, setup);
  const rewritten = await findRewrittenSince(folder, sources, result.startedAt);
  const reportPaths = await changedReports(folder, snapshot);
  const records = await readRecords(join(runFolder, 'report'));
  const files = [...new Set([...snapshot.files, ...[...locked, ...laid].map(({ path }) => path)])];
  const tree = { files, roots: ['/workspace/', `${folder}/`], workdir: checkout.setup.workdir };
  const locateGo = await createGoLocator(
    { folder, laidFiles: [...laid, ...locked] },
    records.tests.get('go') ?? [],
    tree,
  );
  const locate = createLocator(tree);
  const results = resultsOf({
    ...{ records, output: printed, reports: await readReports(folder, reportPaths), only },
    locate: (test) => locateGo(test) ?? locate(test),
  });
  const { exitCode, timedOut, durationMs } = result;
  return {
    ...{ command: choice.command, exitCode, timedOut, output: result.output, durationMs, rewritten, ...results },
    coverage: coverage ? await coverageOf({ folder, scripts: scriptsOf(records), reports: reportPaths }) : null,
  };
}

/** Returns V8's coverage only if there was one runner: with several, it lacks the lines that the other runners ran. */
function scriptsOf({ tests, coverage }: Records): Records['coverage'] {
  return tests.size > 1 ? [] : coverage;
}

/** Runs the command with the reporters. If a Python cannot load the pytest plugin, it stops: then the tests run again without it. */
async function runWithReporters(
  runFolder: string,
  setup: RunSetup,
): Promise<{ result: SandboxResult; printed: SaidBy[] }> {
  const output = createOutputReader(DIALECTS);
  const result = await runOnce(runFolder, setup, { onOutput: output.add, env: PYTHON_ENV });
  if (!/Error importing plugin "_q_reporter"/.test(result.output)) return { result, printed: output.close() };
  const secondOutput = createOutputReader(DIALECTS);
  return {
    result: await runOnce(runFolder, setup, { onOutput: secondOutput.add, env: {} }),
    printed: secondOutput.close(),
  };
}

async function runOnce(
  runFolder: string,
  setup: RunSetup,
  options: Pick<SandboxRun, 'onOutput' | 'env'>,
): Promise<SandboxResult> {
  const { checkout, choice, timeoutMs, signal, locked = [], laid = [] } = setup.input;
  const paths = new Set(locked.map(({ path }) => path));
  // A locked test replaces a file of the base at the same path.
  const files = [...laid.filter(({ path }) => !paths.has(path)), ...locked];
  return checkout.run({
    ...{ command: choice.command, timeoutMs, signal, onOutput: options.onOutput },
    env: {
      PATH: `${SANDBOX_REPORTERS}/bin:${checkout.path ?? DEFAULT_PATH}`,
      ...options.env,
    },
    readOnly: [...setup.readOnly, { from: join(runFolder, 'reporters'), to: SANDBOX_REPORTERS }],
    writable: [{ from: join(runFolder, 'report'), to: SANDBOX_REPORT }],
    files: files.map(({ path, text }) => ({ path: `/workspace/${path}`, text })),
  });
}
