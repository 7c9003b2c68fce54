/**
 * Measures: the tests of a commit as they really ran, and what says that they were not bent.
 *
 * How they are run is read from the base commit, so that a change cannot choose how it is judged.
 */
import { Context } from '@temporalio/activity';
import { changedLines, coverageOfChange } from '../../domain/evidence/coverage';
import type { Evidence, TestIntegrity } from '../../domain/evidence/evidence';
import { sha256 } from '../../inspect/digest';
import { Failure } from '../../domain/failures';
import { runAtBase } from './base-runs';
import type { Deps } from '../deps';
import type { RepoId, TreeAt } from '../../ports/workspace';
import type { TestCase, TestChoice, TestRun } from '../../ports/test-runner';
import type { LockedFile, LockedTests } from './locked-tests';
import type { StartRequest } from '../../requests/start-request';

export interface Place {
  repo: RepoId;
  base: string;
  commit: string;
  commands: StartRequest['commands'];
  locked: LockedTests;
  /** Changed with a person's approval: tests of these files are not asked for again. */
  approved: string[];
  /** The plan promises nothing new. */
  keepsAll: boolean;
}
export interface Measured {
  evidence: Evidence;
  tests: TestCase[];
  /** Tests that passed before the change; what is not among them is new. */
  before: TestCase[];
}

export async function measureTests(deps: Deps, place: Place): Promise<Measured> {
  const { repo, base, commit } = place;
  const { lock, files: locked } = place.locked;
  const choice = await chooseRun(deps, place);
  const setup = place.commands?.setup;
  const way = { base, choice, setup };
  const run = await runTests(
    deps,
    { ...repo, commit },
    { ...way, locked, coverage: true, coverageCommand: place.commands?.coverage },
  );
  const at = new Date().toISOString();
  const atBase = await runAtBase(deps, { collection: 'baselines', key: `${base}.${keyOfWay(way)}` }, () =>
    runTests(deps, { ...repo, commit: base }, way),
  );
  const before = atBase.passed.filter(({ file }) => !place.approved.includes(file));
  const control = await controlOf(deps, place, { way, run });
  const integrity = { ...compare(run, before, locked), lockedDigest: lock?.digest ?? null, control };
  const changed = changedLines(await deps.workspace.diff(repo, base, commit));
  const coveragePercent = coverageOfChange(changed, run.coverage, deps.runners);
  const evidence = await evidenceOf(deps, run, { at, commit, coveragePercent, integrity });
  return { evidence, tests: run.tests, before: atBase.passed };
}

/** The locked tests over the base: files of which all that ran passed show nothing. Not run where the build is red anyway. */
async function controlOf(
  deps: Deps,
  { repo, base, locked: { lock, files: locked }, keepsAll }: Place,
  { way, run }: { way: Way; run: TestRun },
): Promise<TestIntegrity['control']> {
  if (locked.length === 0 || (run.counts?.failed ?? 1) > 0) return null;
  const only = locked.map(({ path }) => path);
  const key = `${base}.${keyOfWay(way)}.${lock?.digest.slice(7)}`;
  const { passed, red } = await runAtBase(deps, { collection: 'controls', key }, () =>
    runTests(deps, { ...repo, commit: base }, { ...way, locked, only }),
  );
  const seen = [...passed.map(({ file }) => file), ...red];
  // A runner that names no files is asked as a whole: something must have failed.
  const isGreen = namesFiles(run, seen, only)
    ? (path: string) => passed.some(({ file }) => file === path) && !red.includes(path)
    : () => passed.length > 0 && red.length === 0;
  const green = only.filter(isGreen);
  return { files: only.length, green: green.slice(0, 5), ...(keepsAll ? { mayPass: true as const } : {}) };
}

function compare(
  run: TestRun,
  before: TestCase[],
  locked: LockedFile[],
): Omit<TestIntegrity, 'lockedDigest' | 'control'> {
  const passed = run.tests.filter(({ status }) => status === 'passed');
  const keys = new Set(passed.map(keyOf));
  const lost = before.filter((test) => !keys.has(keyOf(test)));
  const files = new Set(passed.map(({ file }) => file));
  const seen = run.tests.map(({ file }) => file);
  const paths = locked.map(({ path }) => path);
  const canAsk = namesFiles(run, seen, paths);
  const unshown = canAsk ? locked.filter(({ path }) => !files.has(path)) : [];
  return {
    ...{ runner: run.runner, sentinel: run.sentinel },
    baseline: {
      passed: before.length,
      lost: lost.length,
      names: lost.slice(0, 5).map(({ name }) => name.slice(0, 120)),
    },
    unshown: unshown.slice(0, 5).map(({ path }) => path.slice(0, 120)),
  };
}

/** A run under watch names the file of each test; another report may name classes in the place of files, or nothing. */
function namesFiles({ sentinel }: TestRun, seen: string[], paths: string[]): boolean {
  return sentinel !== null || paths.some((path) => seen.includes(path));
}

/** What makes two tests of two runs the same one. */
export const keyOf = ({ file, name }: TestCase): string => `${file}\n${name}`;

async function evidenceOf(
  deps: Deps,
  run: TestRun,
  judged: Pick<Evidence, 'at' | 'commit' | 'coveragePercent' | 'integrity'>,
): Promise<Evidence> {
  const { command, exitCode, timedOut, counts, failing, durationMs, output } = run;
  const { at, commit, coveragePercent, integrity } = judged;
  const { digest: logDigest } = await deps.artifacts.put(output);
  return {
    ...{ kind: 'tests', command, commit, exitCode, timedOut, counts, coveragePercent, integrity },
    ...{ logDigest, failing, durationMs, sandbox: deps.sandbox.name, at },
  };
}

/** A way to run tests: another command, or other dependencies, on the same commit find other tests. */
interface Way {
  base: string;
  choice: TestChoice;
  setup: string[] | undefined;
}

function keyOfWay({ choice, setup }: Way): string {
  const words = JSON.stringify([choice.command, setup ?? null]);
  return `${choice.runner}.${sha256(words).slice(0, 16)}`;
}

type Run = Way & {
  locked?: LockedFile[];
  only?: string[];
  coverage?: boolean;
  coverageCommand?: string[] | undefined;
};

async function runTests(deps: Deps, at: TreeAt, { coverage = false, setup, base, ...run }: Run): Promise<TestRun> {
  const signal = Context.current().cancellationSignal;
  return deps.checkouts.with({ at, base, wish: { setup }, signal }, (checkout) =>
    deps.runners.run({ checkout, ...run, coverage, timeoutMs: deps.testTimeoutMs, signal }),
  );
}

async function chooseRun(deps: Deps, { repo, base, commit, commands }: Place): Promise<TestChoice> {
  for (const at of [base, commit]) {
    const files = (await deps.workspace.list({ ...repo, commit: at })).map((file) => file.path);
    const read = async (path: string) =>
      files.includes(path) ? deps.workspace.read({ ...repo, commit: at }, path) : undefined;
    const choice = await deps.runners.choose({ files, read }, commands?.test);
    if (choice !== undefined) return choice;
  }
  const message =
    'no test command was found in the repository; start the build with commands.test, e.g. ["npm","test"]';
  throw new Failure('Workspace.NoTestCommand', message);
}
