/**
 * Repeats test runs to tell a flaky test from one that the change broke. Before a failing test counts against a change, the tests run
 * once more on the judged commit and then on the base, there several times if they are short.
 *
 * The judged commit is repeated only once: every further run would give a change that breaks a test in most runs another chance to pass.
 */
import { keyOf, createIsShorter } from '../../domain/evidence/baseline';
import type { Baseline } from '../../domain/evidence/baseline';
import type { Named } from '../../domain/evidence/criteria';
import type { BaseRunResult } from '../../ports/documents';
import type { TestRun } from '../../ports/test-runner';

/** The most repeats of the base. With three, a flaky test is blamed on at most one change in 45. */
const MAX_BASE_REPEATS = 3;
/** The base is repeated again only while all repeats together stay below this time. */
const MAX_REPEAT_MS = 20_000;

interface Rerun {
  /** Runs the tests of the judged commit once more. */
  candidate: () => Promise<TestRun>;
  /** The base's results without repeats. */
  known: Baseline;
  /** Gives the current file of a test of the base. */
  toCurrentFile: (test: Named) => Named;
  /** Gives the result of the base's repeat number `time`, from 1. It is stored, so that all changes share it. */
  base: (time: number) => Promise<BaseRunResult>;
}
interface RepeatResults {
  /** Tests that passed when the judged commit was run again. */
  flaky: Named[];
  /** Tests that a repeat of the base does not pass either: flaky ones, and tests with a time or a random number in their name. */
  clearedAtBase: Named[];
}

/** `run` is the first run of the judged commit; `lost` are the tests that passed at the base and not in `run`. */
export async function repeatRuns(run: TestRun, lost: Named[], rerun: Rerun): Promise<RepeatResults> {
  if (lost.length === 0 || run.timedOut) return { flaky: [], clearedAtBase: [] };
  const passedAgain = keysOf((await rerun.candidate()).tests.filter(({ status }) => status === 'passed'));
  const flaky = lost.filter((test) => passedAgain.has(keyOf(rerun.toCurrentFile(test))));
  const remaining = without(lost, flaky);
  return { flaky, clearedAtBase: run.tests.length === 0 ? [] : await findClearedAtBase(remaining, rerun) };
}

/**
 * Gives the tests that a repeat of the base does not pass, so that they do not count against the change. A test that a repeat does not
 * name counts only if as many tests of its file ran as before: then its name differs each time. Otherwise the repeat may not have
 * reached it.
 */
async function findClearedAtBase(tests: Named[], { base, known }: Rerun): Promise<Named[]> {
  const found: Named[] = [];
  let spentMs = 0;
  for (let time = 1; time <= MAX_BASE_REPEATS && found.length < tests.length; time += 1) {
    const { passed, failed = [], flaky = [], isCutOff = false, durationMs = 0 } = await base(time);
    const [green, red] = [keysOf(passed), keysOf([...failed, ...flaky])];
    const isShorter = createIsShorter([...passed, ...failed, ...flaky], known);
    const isMissing = (test: Named): boolean => !green.has(keyOf(test)) && !isShorter(test.file);
    const isCleared = (test: Named): boolean => red.has(keyOf(test)) || isMissing(test);
    if (!isCutOff && green.size > 0) found.push(...without(tests, found).filter(isCleared));
    spentMs += durationMs;
    if (spentMs + durationMs > MAX_REPEAT_MS) break;
  }
  return found;
}

const keysOf = (tests: Named[]): Set<string> => new Set(tests.map(keyOf));

function without(tests: Named[], known: Named[]): Named[] {
  const keys = keysOf(known);
  return tests.filter((test) => !keys.has(keyOf(test)));
}
