/**
 * The negative control: every new or changed test, by whichever role, is run on the base commit, without the change.
 */
import { keyOf } from '../../domain/evidence/baseline';
import type { WithoutChange } from '../../domain/evidence/control';
import { namedTests } from '../../domain/evidence/criteria';
import type { Named } from '../../domain/evidence/criteria';
import type { TestIntegrity } from '../../domain/evidence/evidence';
import { digestOf } from '../../inspect/digest';
import type { AtBase } from '../../ports/documents';
import type { TestRun } from '../../ports/test-runner';
import type { Deps } from '../deps';
import { runAtBase } from './base-runs';
import type { LockedFile } from './locked-tests';
import { keyOfWay, runTests } from './run-tests';
import type { Way } from './run-tests';

export interface Controlled {
  /** The candidate's own run. */
  run: TestRun;
  /** The base commit's own tests. */
  atBase: AtBase;
  /** The Test Auditor's files, and the other test files that the change adds or alters. */
  locked: LockedFile[];
  changed: LockedFile[];
  /** Tests that fail without the change too, or now and then, by where they are now. */
  known: Named[];
  /** The plan promises nothing new. */
  keepsAll: boolean;
}

/** Null where there is nothing to run, or the candidate is red anyway. */
export async function controlOf(deps: Deps, way: Way, asked: Controlled): Promise<Control> {
  const { run, locked, changed, keepsAll } = asked;
  const files = [...locked, ...changed];
  if (files.length === 0 || hasNewFailures(asked)) return NO_CONTROL;
  const seen = await runWithout(deps, way, files);
  // A run that names no files is asked as a whole: the locked ones alone, so that no other test speaks for them.
  const isAlone = locked.length > 0 && changed.length > 0 && !namesFiles(run, files);
  const ofLocked = isAlone ? await runWithout(deps, way, locked) : seen;
  const green = locked.map(({ path }) => path).filter((path) => !shownIn(asked, ofLocked, locked)(path));
  const shows = files.some(({ path }) => shownIn(asked, seen, files)(path));
  const isByTest = namesFiles(run, files) && namedTests(run.tests, run.counts) !== null;
  const without = isByTest ? { passed: seen.passed, missing: seen.missing ?? [] } : null;
  const flags = { ...(keepsAll ? { mayPass: true as const } : {}), ...(isByTest ? { byTest: true as const } : {}) };
  return { control: { files: files.length, green: green.slice(0, 5), ...flags, shows }, without };
}

/** What evidence keeps, and what each test did without the change; null where the run names no tests. */
export interface Control {
  control: TestIntegrity['control'];
  without: WithoutChange | null;
}
export const NO_CONTROL: Control = { control: null, without: null };

/** The base commit with these files laid over it. */
function runWithout(deps: Deps, way: Way, files: LockedFile[]): Promise<AtBase> {
  const laid = digestOf(JSON.stringify(files.map(({ path, text }) => [path, text]).sort()));
  return runAtBase(deps, {
    ...{ collection: 'controls', key: `${keyOfWay(way)}.${laid.slice(7)}` },
    run: () => runTests(deps, way, { commit: way.base, locked: files }),
  });
}

function namesFiles({ tests }: TestRun, files: LockedFile[]): boolean {
  return tests.some(({ status, file }) => status === 'passed' && files.some(({ path }) => path === file));
}

function hasNewFailures({ run, known }: Controlled): boolean {
  const { counts, tests, exitCode } = run;
  if (counts === null && tests.length === 0) return exitCode !== 0;
  const keys = new Set(known.map(keyOf));
  if (tests.length === 0) return (counts?.failed ?? 1) > 0;
  return tests.some((test) => test.status === 'failed' && !keys.has(keyOf(test)));
}

/**
 * True for a file that fails without the change: one of its tests fails there and did not before, or none of those that the
 * candidate passes could run. A file without tests of its own, such as data that tests read, and a runner that names no files
 * are asked as a whole: something must have failed.
 */
function shownIn({ run, atBase }: Controlled, seen: AtBase, files: LockedFile[]): (path: string) => boolean {
  const { passed, failed = [], exitCode = 0 } = seen;
  const now = new Set(run.tests.filter(({ status }) => status === 'passed').map(({ file }) => file));
  // What was red before and is green with the change shows it as a new test does.
  const green = new Set(run.tests.filter(({ status }) => status === 'passed').map(keyOf));
  const red = (atBase.failed ?? []).filter((test) => !green.has(keyOf(test)));
  const known = new Set([...red, ...(atBase.flaky ?? [])].map(keyOf));
  const isNews = failed.filter((test) => !known.has(keyOf(test)));
  if (!namesFiles(run, files)) {
    // A command that ends badly in any case says nothing by it.
    const isNew = (atBase.exitCode ?? 0) === 0 || endsOtherwise(seen, atBase);
    return () => isNews.length > 0 || (exitCode !== 0 && known.size === 0 && isNew);
  }
  const ofTests = new Set(run.tests.map(({ file }) => file));
  return (path) =>
    (!ofTests.has(path) && isNews.length > 0) ||
    isNews.some(({ file }) => file === path || file === '') ||
    (now.has(path) && !passed.some(({ file }) => file === path));
}

/** Nothing of it could run, more of it failed than at the base, or the command ended in another way than there. */
function endsOtherwise({ passed, counts, exitCode }: AtBase, atBase: AtBase): boolean {
  if (passed.length > 0) return false;
  if ((counts?.passed ?? 0) === 0 || exitCode !== atBase.exitCode) return true;
  return (counts?.failed ?? 0) > (atBase.counts?.failed ?? 0);
}
