/**
 * Runs tests on the base commit. The base never changes, so each run is made once and stored.
 *
 * Where some of the base's own tests fail, they are run a second time, to tell failing tests from flaky ones.
 */
import { baselineOf } from '../../domain/evidence/baseline';
import { saysNameIsMissing } from '../../domain/evidence/control';
import type { Baseline } from '../../domain/evidence/baseline';
import type { BaseRunResult } from '../../ports/documents';
import type { TestCase, TestRun } from '../../ports/test-runner';
import type { Deps } from '../deps';

/** From this exit code on, a shell reports that a signal ended the process. */
const FIRST_SIGNAL_EXIT_CODE = 128;

interface BaseRun {
  collection: 'baselines' | 'controls';
  /** Holds the base commit and the test method. */
  key: string;
  run: () => Promise<TestRun>;
  /** True: the tests are run once, even where some fail. */
  isRepeat?: boolean;
}

/** Gives the stored result of the key, or calls `run` and stores its result. */
export async function runAtBase(deps: Pick<Deps, 'documents'>, input: BaseRun): Promise<BaseRunResult> {
  const { collection, key, run, isRepeat = false } = input;
  const storedResult = await deps.documents.load(collection, key);
  if (storedResult !== undefined) return storedResult;
  const first = await run();
  const needsSecondRun = collection === 'baselines' && !isRepeat && !first.timedOut && !isGreen(first);
  const runs = needsSecondRun ? [first, await run()] : [first];
  const result = summaryOf(runs);
  // A run that a time limit or the sandbox's watch ended is not stored: the machine may have been too busy.
  return runs.some(({ timedOut, exitCode }) => timedOut || exitCode === null)
    ? result
    : deps.documents.keepFirst(collection, key, result);
}

/** Converts a stored run to the domain's form. Older documents have no failed and no flaky tests. */
export function toBaseline({ passed, failed = [], flaky = [], counts = null }: BaseRunResult): Baseline {
  return { passed, failed, flaky, counts };
}

function summaryOf(runs: TestRun[]): BaseRunResult {
  const { passed, failed, flaky, counts } = baselineOf(runs);
  const last = runs.at(-1);
  const withStatus = (tests: Baseline['passed'], status: TestCase['status']): TestCase[] =>
    tests.map(({ file, name }) => ({ file, name, status }));
  return {
    ...{
      passed: withStatus(passed, 'passed'),
      failed: withStatus(failed, 'failed'),
      flaky: withStatus(flaky, 'failed'),
      counts,
    },
    ...{ red: [...new Set(failed.map(({ file }) => file))], missing: withStatus(missingIn(runs), 'failed') },
    rewritten: [...new Set(runs.flatMap(({ rewritten = [] }) => rewritten))],
    ...(runs.some(isCutOff) ? { isCutOff: true as const } : {}),
    ...{ exitCode: last?.exitCode ?? null, durationMs: last?.durationMs ?? 0, runner: last?.runner ?? '' },
  };
}

/** Gives the failing tests that failed because a name is missing, before they could assert anything. */
function missingIn(runs: TestRun[]): TestCase[] {
  const failed = runs.flatMap(({ tests }) => tests.filter(({ status }) => status === 'failed'));
  return failed.filter(({ message = '' }) => saysNameIsMissing(message));
}

/** True where the orchestrator or the machine killed the run, or where the report of the run has no end. */
function isCutOff({ exitCode, sentinel }: TestRun): boolean {
  return exitCode === null || exitCode >= FIRST_SIGNAL_EXIT_CODE || sentinel?.kept === false;
}

function isGreen({ exitCode, counts }: TestRun): boolean {
  return exitCode === 0 && (counts?.failed ?? 0) === 0;
}
