/**
 * Runs over the base commit, which never changes: each is made once and kept.
 *
 * Where the base's own tests are not all green they are run again, so that red and flaky tests are told apart.
 */
import { baselineOf } from '../../domain/evidence/baseline';
import { saysNameIsMissing } from '../../domain/evidence/control';
import type { Baseline } from '../../domain/evidence/baseline';
import type { AtBase } from '../../ports/documents';
import type { TestCase, TestRun } from '../../ports/test-runner';
import type { Deps } from '../deps';

/** Exit codes of processes that a signal ended, as a shell gives them. */
const FIRST_OF_SIGNALS = 128;

interface BaseRun {
  collection: 'baselines' | 'controls';
  /** Names the base commit and the way to run. */
  key: string;
  run: () => Promise<TestRun>;
  /** One run is all, whatever its outcome. */
  isRepeat?: boolean;
}

/** `run` is called where nothing is kept under the key. */
export async function runAtBase(deps: Pick<Deps, 'documents'>, input: BaseRun): Promise<AtBase> {
  const { collection, key, run, isRepeat = false } = input;
  const kept = await deps.documents.load(collection, key);
  if (kept !== undefined) return kept;
  const first = await run();
  const isAskedAgain = collection === 'baselines' && !isRepeat && !first.timedOut && !isGreen(first);
  const runs = isAskedAgain ? [first, await run()] : [first];
  const found = summaryOf(runs);
  // A run that was ended by its time or by the watch, perhaps for what others took, says nothing that should be kept.
  return runs.some(({ timedOut, exitCode }) => timedOut || exitCode === null)
    ? found
    : deps.documents.keepFirst(collection, key, found);
}

/** As the domain takes it; of documents of before, red tests are not known. */
export function asBaseline({ passed, failed = [], flaky = [], counts = null }: AtBase): Baseline {
  return { passed, failed, flaky, counts };
}

function summaryOf(runs: TestRun[]): AtBase {
  const { passed, failed, flaky, counts } = baselineOf(runs);
  const last = runs.at(-1);
  const as = (tests: Baseline['passed'], status: TestCase['status']): TestCase[] =>
    tests.map(({ file, name }) => ({ file, name, status }));
  return {
    ...{ passed: as(passed, 'passed'), failed: as(failed, 'failed'), flaky: as(flaky, 'failed'), counts },
    ...{ red: [...new Set(failed.map(({ file }) => file))], missing: as(missingIn(runs), 'failed') },
    rewritten: [...new Set(runs.flatMap(({ rewritten = [] }) => rewritten))],
    ...(runs.some(isCutOff) ? { isCutOff: true as const } : {}),
    ...{ exitCode: last?.exitCode ?? null, durationMs: last?.durationMs ?? 0, runner: last?.runner ?? '' },
  };
}

/** Failing tests that did not come to what they assert. */
function missingIn(runs: TestRun[]): TestCase[] {
  const failed = runs.flatMap(({ tests }) => tests.filter(({ status }) => status === 'failed'));
  return failed.filter(({ message = '' }) => saysNameIsMissing(message));
}

/** Killed by us or by the machine, or its own record has no end. */
function isCutOff({ exitCode, sentinel }: TestRun): boolean {
  return exitCode === null || exitCode >= FIRST_OF_SIGNALS || sentinel?.kept === false;
}

function isGreen({ exitCode, counts }: TestRun): boolean {
  return exitCode === 0 && (counts?.failed ?? 0) === 0;
}
