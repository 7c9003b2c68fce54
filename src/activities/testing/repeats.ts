/**
 * Runs that tell a test which fails now and then from one that the change broke: before a red test counts against a change, the
 * candidate and the base are run again, several times where their tests are short.
 */
import { keyOf } from '../../domain/evidence/baseline';
import type { Named } from '../../domain/evidence/criteria';
import type { AtBase } from '../../ports/documents';
import type { TestRun } from '../../ports/test-runner';

/** How often each commit is run again at most: a test that fails in half of its runs is then blamed on one change in 256. */
const REPEATS = 3;
/** After the first repeat another one is made where both together stay below this, in milliseconds. */
const SHORT_MS = 20_000;

interface Rerun {
  /** Runs the tests of the candidate once more. */
  candidate: () => Promise<TestRun>;
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
  const flaky = await cleared(lost, async () => {
    const { tests, durationMs } = await rerun.candidate();
    const passed = keysOf(tests.filter(({ status }) => status === 'passed'));
    return { durationMs, clears: (test) => passed.has(keyOf(test)) };
  });
  const left = without(lost, flaky);
  if (run.tests.length === 0) return { flaky, atTimes: [] };
  const atTimes = await cleared(left, async (time) => {
    const { passed, durationMs = 0 } = await rerun.base(time);
    const still = keysOf(passed);
    return { durationMs, clears: (test) => still.size > 0 && !still.has(keyOf(test)) };
  });
  return { flaky, atTimes };
}

interface Repeat {
  durationMs: number;
  clears: (test: Named) => boolean;
}

/** The tests that one of the repeats clears; it ends when none is left to clear. */
async function cleared(tests: Named[], repeat: (time: number) => Promise<Repeat>): Promise<Named[]> {
  const found: Named[] = [];
  let spentMs = 0;
  for (let time = 1; time <= REPEATS && found.length < tests.length; time += 1) {
    const { durationMs, clears } = await repeat(time);
    found.push(...without(tests, found).filter(clears));
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
