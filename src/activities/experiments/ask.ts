/**
 * One experiment: the tests are run with something broken, and the answer is kept by the digest of all that it depends on, so that
 * a build that was interrupted goes on where it stood.
 */
import { compare } from '../../domain/experiments/compare';
import type { Answer, Reference } from '../../domain/experiments/compare';
import { sha256 } from '../../inspect/digest';
import type { LaidFile, TestRun } from '../../ports/test-runner';
import type { Deps } from '../deps';
import { runTests, testMethodKey } from '../testing/run-tests';
import type { TestMethod } from '../testing/run-tests';
import type { Clock } from './clock';

/** What every experiment of a series has in common. */
export interface Series {
  deps: Deps;
  method: TestMethod;
  commit: string;
  /** The Test Auditor's files, which lie over the commit's own. */
  locked: LaidFile[];
  /** Settings of the base commit. */
  laid: LaidFile[];
  /** After it a run counts as one that does not end. */
  timeoutMs: number;
  clock: Clock;
  /** The way is that of the project, without the package manager before it. */
  isDirect?: true;
  /** Called after each answer. */
  onAnswer(): void;
}

/** Files are named to the runner: not all tests of the project's own way run. */
export function isByFiles({ method, isDirect }: Series, own: TestMethod): boolean {
  return method !== own && isDirect !== true;
}

/** Files with something broken: whole new texts. */
export type Broken = LaidFile[];

/** With the broken files laid over the commit. */
export function ask(series: Series, reference: Reference, broken: Broken): Promise<Answer> {
  return kept(series, ['laid', broken], () => answerOf(series, reference, (one) => runLaid(one, broken)));
}

/** With a commit that holds the broken files: what set-up builds from the sources is built anew, and all tests are run. */
export function askWithCommit(series: Series, reference: Reference, broken: Broken): Promise<Answer> {
  return kept(series, ['commit', broken], () => answerOf(series, reference, (one) => runCommitted(one, broken)));
}

/** A longer time limit is this many times the one before. */
const LONGER = 3;
/** The unbroken tests must end in this part of the limit, or the machine counts as busy. */
const CALM = 0.5;

/**
 * The answer of `run`. Where only the time limit ended it, it is run once more beside the tests with nothing broken: if these are
 * slow as well, the machine is busy, and both get a longer limit, up to that of any run of tests.
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
    const [again, unbroken] = await Promise.all([run(limited), runLaid(limited, [])]);
    const now = compare(reference, again);
    if (!isByClockAlone(again, now)) return now;
    if (!unbroken.timedOut && unbroken.durationMs <= limited.timeoutMs * CALM) return now;
    const longer = longerLimit(limited);
    if (longer === undefined) return unbroken.timedOut ? { outcome: 'not_run', red: [] } : now;
    limited = longer;
  }
}

/** With a longer time limit; undefined where it is that of any run of tests already. */
export function longerLimit(series: Series): Series | undefined {
  const mostMs = series.deps.testTimeoutMs;
  const { timeoutMs } = series;
  return timeoutMs < mostMs ? { ...series, timeoutMs: Math.min(timeoutMs * LONGER, mostMs) } : undefined;
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

async function kept(series: Series, what: unknown[], run: () => Promise<Answer>): Promise<Answer> {
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
