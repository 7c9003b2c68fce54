/**
 * Runs that tell a test which fails now and then from one that the change broke: before a red test counts against a change, the
 * candidate is run again, and then the base, several times where its tests are short.
 *
 * The candidate is asked once: each further time would be one more chance for a change that breaks a test in most runs.
 */
import { keyOf, shorterFiles } from '../../domain/evidence/baseline';
import type { Baseline } from '../../domain/evidence/baseline';
import type { Named } from '../../domain/evidence/criteria';
import type { AtBase } from '../../ports/documents';
import type { TestRun } from '../../ports/test-runner';

/** How often the base is run again at most: a test that fails now and then is then blamed on one change in 45 at the worst. */
const REPEATS_OF_BASE = 3;
/** After the first repeat of the base another one is made where all together stay below this, in milliseconds. */
const SHORT_MS = 20_000;

interface Rerun {
  /** Runs the tests of the candidate once more. */
  candidate: () => Promise<TestRun>;
  /** What is known of the base without repeats. */
  known: Baseline;
  /** Where a test of the base is now. */
  moved: (test: Named) => Named;
  /** What the `time`-th repeat at the base found, from 1; kept, so that it is made once for all candidates. */
  base: (time: number) => Promise<AtBase>;
}
interface Repeated {
  /** Tests that passed when the candidate was run again. */
  flaky: Named[];
  /** Tests that a repeat of the base does not pass either: flaky ones, and those with a time or a random number in their name. */
  atTimes: Named[];
}

/** `lost`: the tests that passed at the base and not in `run`, the candidate's first run. */
export async function repeatRuns(run: TestRun, lost: Named[], rerun: Rerun): Promise<Repeated> {
  if (lost.length === 0 || run.timedOut) return { flaky: [], atTimes: [] };
  const again = keysOf((await rerun.candidate()).tests.filter(({ status }) => status === 'passed'));
  const flaky = lost.filter((test) => again.has(keyOf(rerun.moved(test))));
  const left = without(lost, flaky);
  return { flaky, atTimes: run.tests.length === 0 ? [] : await clearedAtBase(left, rerun) };
}

/**
 * Ends where no test is left to clear. One that a repeat does not name is cleared only where as many of its file ran as before: then it
 * has another name each time, else it may not have had its turn.
 */
async function clearedAtBase(tests: Named[], { base, known }: Rerun): Promise<Named[]> {
  const found: Named[] = [];
  let spentMs = 0;
  for (let time = 1; time <= REPEATS_OF_BASE && found.length < tests.length; time += 1) {
    const { passed, failed = [], flaky = [], isCutOff = false, durationMs = 0 } = await base(time);
    const [still, red] = [keysOf(passed), keysOf([...failed, ...flaky])];
    const isShorter = shorterFiles([...passed, ...failed, ...flaky], known);
    const isAway = (test: Named): boolean => !still.has(keyOf(test)) && !isShorter(test.file);
    const clears = (test: Named): boolean => red.has(keyOf(test)) || isAway(test);
    if (!isCutOff && still.size > 0) found.push(...without(tests, found).filter(clears));
    spentMs += durationMs;
    if (spentMs + durationMs > SHORT_MS) break;
  }
  return found;
}

const keysOf = (tests: Named[]): Set<string> => new Set(tests.map(keyOf));

function without(tests: Named[], known: Named[]): Named[] {
  const keys = keysOf(known);
  return tests.filter((test) => !keys.has(keyOf(test)));
}
