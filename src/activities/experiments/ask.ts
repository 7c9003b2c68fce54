/**
 * Makes one experiment: runs the tests with something broken. The answer is stored under a digest of everything that it depends on,
 * so that an interrupted build need not repeat it.
 */
import { compare } from '../../domain/experiments/compare';
import type { Answer, Reference } from '../../domain/experiments/compare';
import { sha256 } from '../../inspect/digest';
import type { LaidFile, TestRun } from '../../ports/test-runner';
import type { Deps } from '../deps';
import { runTests, testMethodKey } from '../testing/run-tests';
import type { TestMethod } from '../testing/run-tests';
import type { Clock } from './clock';

/** The settings that all experiments of a series share. */
export interface Series {
  deps: Deps;
  method: TestMethod;
  commit: string;
  /** The Test Auditor's files, which replace those of the commit. */
  locked: LaidFile[];
  /** Settings files of the base commit, which replace those of the commit. */
  laid: LaidFile[];
  /** After this time a run counts as endless. */
  timeoutMs: number;
  clock: Clock;
  /** True where `method` runs the project's own command without the package manager. */
  isDirect?: true;
  /** Called after each answer. */
  onAnswer(): void;
}

/** True where the series names files to the runner, so that it may run fewer tests than the project's own command. */
export function isByFiles({ method, isDirect }: Series, own: TestMethod): boolean {
  return method !== own && isDirect !== true;
}

/** Complete texts of files in which something is broken. */
export type Broken = LaidFile[];

/** Runs the tests with the broken files in the place of the commit's. */
export function ask(series: Series, reference: Reference, broken: Broken): Promise<Answer> {
  return loadOrRun(series, ['laid', broken], () => answerOf(series, reference, (limited) => runLaid(limited, broken)));
}

/** Runs the tests on a commit with the broken files, so that set-up builds its output from the broken sources. */
export function askWithCommit(series: Series, reference: Reference, broken: Broken): Promise<Answer> {
  return loadOrRun(series, ['commit', broken], () =>
    answerOf(series, reference, (limited) => runCommitted(limited, broken)),
  );
}

/** The factor by which the time limit is raised. */
const LIMIT_FACTOR = 3;
/** Where the unbroken tests need more than this share of the limit, the machine counts as busy. */
const MAX_SHARE_OF_LIMIT = 0.5;

/**
 * Gives the answer of `run`. Where only the time limit ended the run, it is repeated at the same time as the unbroken tests: if these
 * are slow too, the machine is busy, and the limit is raised, up to the limit of all test runs.
 */
async function answerOf(
  series: Series,
  reference: Reference,
  run: (series: Series) => Promise<TestRun>,
): Promise<Answer> {
  const ran = await run(series);
  const answer = compare(reference, ran);
  if (!isByClockAlone(ran, answer)) return answer;
  for (let limited = series; ;) {
    series.clock.count();
    const [repeated, unbroken] = await Promise.all([run(limited), runLaid(limited, [])]);
    const repeatedAnswer = compare(reference, repeated);
    if (!isByClockAlone(repeated, repeatedAnswer)) return repeatedAnswer;
    if (!unbroken.timedOut && unbroken.durationMs <= limited.timeoutMs * MAX_SHARE_OF_LIMIT) return repeatedAnswer;
    const longer = longerLimit(limited);
    if (longer === undefined) return unbroken.timedOut ? { outcome: 'not_run', red: [] } : repeatedAnswer;
    limited = longer;
  }
}

/** Raises the time limit; undefined where it is already the limit of all test runs. */
export function longerLimit(series: Series): Series | undefined {
  const maxMs = series.deps.testTimeoutMs;
  const { timeoutMs } = series;
  return timeoutMs < maxMs ? { ...series, timeoutMs: Math.min(timeoutMs * LIMIT_FACTOR, maxMs) } : undefined;
}

function isByClockAlone({ timedOut }: TestRun, { red }: Answer): boolean {
  return timedOut && red.length === 0;
}

export function runLaid(series: Series, broken: Broken): Promise<TestRun> {
  const { deps, method, commit, locked, laid, timeoutMs } = series;
  const paths = new Set(broken.map(({ path }) => path));
  const without = (files: LaidFile[]): LaidFile[] => files.filter(({ path }) => !paths.has(path));
  return runTests({ ...deps, testTimeoutMs: timeoutMs }, method, {
    ...{ commit, laid: [...without(laid), ...broken.filter(({ path }) => !isIn(locked, path))] },
    locked: [...without(locked), ...broken.filter(({ path }) => isIn(locked, path))],
  });
}

async function runCommitted(series: Series, broken: Broken): Promise<TestRun> {
  const { deps, method, commit, locked, laid, timeoutMs } = series;
  const changes = broken.map(({ path, text }) => ({ path, content: text }));
  const { commit: brokenCommit } = await deps.workspace.apply({ ...method.repo, commit }, changes, 'Experiment');
  const paths = new Set(broken.map(({ path }) => path));
  return runTests({ ...deps, testTimeoutMs: timeoutMs }, method, {
    ...{ commit: brokenCommit, laid: laid.filter(({ path }) => !paths.has(path)) },
    locked: locked.map((file) => broken.find(({ path }) => path === file.path) ?? file),
  });
}

const isIn = (files: LaidFile[], path: string): boolean => files.some((file) => file.path === path);

async function loadOrRun(series: Series, what: unknown[], run: () => Promise<Answer>): Promise<Answer> {
  const { deps, method, commit, locked, laid, clock } = series;
  const key = `${testMethodKey(method)}.${sha256(JSON.stringify([commit, locked, laid, ...what]))}`;
  const known = await deps.documents.load('experiments', key);
  if (known !== undefined) {
    series.onAnswer();
    return known;
  }
  clock.count();
  const answer = await run();
  series.onAnswer();
  return deps.documents.keepFirst('experiments', key, answer);
}
