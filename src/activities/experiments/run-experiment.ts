/**
 * Runs one experiment: the tests with something broken. The answer tells whether a test noticed the break. It is stored under a digest
 * of everything that it depends on, so that an interrupted build need not repeat it.
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
  /** A run that takes longer counts as endless. */
  timeoutMs: number;
  clock: Clock;
  /** True where `method` runs the project's own command without the package manager. */
  isDirect?: true;
  /** Called after each answer. */
  onAnswer(): void;
}

/** True where the series gives file names to the runner, so that it may run fewer tests than the project's own command. */
export function isByFiles({ method, isDirect }: Series, projectMethod: TestMethod): boolean {
  return method !== projectMethod && isDirect !== true;
}

/** Complete texts of files in which something is broken. */
export type Broken = LaidFile[];

/** Runs the tests with the broken files laid over those of the commit. */
export function runExperiment(series: Series, reference: Reference, broken: Broken): Promise<Answer> {
  return loadOrRun(series, ['laid', broken], () =>
    answerWithinLimit(series, reference, (limited) => runWithLaidFiles(limited, broken)),
  );
}

/** Runs the tests on a commit with the broken files, so that set-up builds its output from the broken sources. */
export function runExperimentOnCommit(series: Series, reference: Reference, broken: Broken): Promise<Answer> {
  return loadOrRun(series, ['commit', broken], () =>
    answerWithinLimit(series, reference, (limited) => runOnBrokenCommit(limited, broken)),
  );
}

/** The factor by which the time limit is raised. */
const LIMIT_FACTOR = 3;
/** Where the unbroken tests need more than this share of the limit, the machine counts as busy. */
const MAX_SHARE_OF_LIMIT = 0.5;

/**
 * Gives the answer of `run`. If only the time limit ended the run, it is repeated at the same time as the unbroken tests: if these are
 * slow too, the machine is busy, and the limit is raised, up to the limit of all test runs.
 */
async function answerWithinLimit(
  series: Series,
  reference: Reference,
  run: (series: Series) => Promise<TestRun>,
): Promise<Answer> {
  const firstRun = await run(series);
  const answer = compare(reference, firstRun);
  if (!isByClockAlone(firstRun, answer)) return answer;
  for (let limited = series; ;) {
    series.clock.countRun();
    const [repeated, unbroken] = await Promise.all([run(limited), runWithLaidFiles(limited, [])]);
    const repeatedAnswer = compare(reference, repeated);
    if (!isByClockAlone(repeated, repeatedAnswer)) return repeatedAnswer;
    if (!unbroken.timedOut && unbroken.durationMs <= limited.timeoutMs * MAX_SHARE_OF_LIMIT) return repeatedAnswer;
    const longer = longerLimit(limited);
    if (longer === undefined) return unbroken.timedOut ? { outcome: 'not_run', red: [] } : repeatedAnswer;
    limited = longer;
  }
}

/** Gives the series with a higher time limit; undefined where the limit is already that of all test runs. */
export function longerLimit(series: Series): Series | undefined {
  const maxMs = series.deps.testTimeoutMs;
  const { timeoutMs } = series;
  return timeoutMs < maxMs ? { ...series, timeoutMs: Math.min(timeoutMs * LIMIT_FACTOR, maxMs) } : undefined;
}

function isByClockAlone({ timedOut }: TestRun, { red }: Answer): boolean {
  return timedOut && red.length === 0;
}

export function runWithLaidFiles(series: Series, broken: Broken): Promise<TestRun> {
  const { deps, method, commit, locked, laid, timeoutMs } = series;
  const paths = new Set(broken.map(({ path }) => path));
  const without = (files: LaidFile[]): LaidFile[] => files.filter(({ path }) => !paths.has(path));
  return runTests({ ...deps, testTimeoutMs: timeoutMs }, method, {
    ...{ commit, laid: [...without(laid), ...broken.filter(({ path }) => !isIn(locked, path))] },
    locked: [...without(locked), ...broken.filter(({ path }) => isIn(locked, path))],
  });
}

async function runOnBrokenCommit(series: Series, broken: Broken): Promise<TestRun> {
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

async function loadOrRun(series: Series, keyParts: unknown[], run: () => Promise<Answer>): Promise<Answer> {
  const { deps, method, commit, locked, laid, clock } = series;
  const key = `${testMethodKey(method)}.${sha256(JSON.stringify([commit, locked, laid, ...keyParts]))}`;
  const storedAnswer = await deps.documents.load('experiments', key);
  if (storedAnswer !== undefined) {
    series.onAnswer();
    return storedAnswer;
  }
  clock.countRun();
  const answer = await run();
  series.onAnswer();
  return deps.documents.keepFirst('experiments', key, answer);
}
