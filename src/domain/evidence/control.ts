/**
 * The negative control by criterion: each criterion that promises something new needs a test that fails without the change. Pure.
 */
import { keyOf } from './baseline';
import type { Claim, Named } from './criteria';
import { testsNamedIn } from './test-names';

/** The results of the candidate's test files on the base commit. */
export interface WithoutChange {
  passed: Named[];
  /** Tests that failed because a name is missing at the base: that proves only that the name is new, not what it does. */
  missing: Named[];
}

interface ControlInput {
  /** Ids of the criteria that promise something new. */
  criteria: readonly string[];
  claims: readonly Claim[];
  /** The candidate's tests; null if the run does not name them all. */
  tests: Array<Named & { status: string }> | null;
  /** Null if the tests were not run without the change. */
  withoutChange: WithoutChange | null;
}

/** Returns one message for each criterion whose named tests all pass without the change. */
export function criteriaWithoutControl({ criteria, claims, tests, withoutChange }: ControlInput): string[] {
  if (tests === null || withoutChange === null) return [];
  const passedKeys = new Set(withoutChange.passed.map(keyOf));
  return criteria.flatMap((id) => {
    const claimedTests = claims
      .filter((claim) => claim.criterion_id === id)
      .flatMap(({ tested_by: text }) => testsNamedIn(text, tests))
      .filter(({ status }) => status === 'passed');
    if (claimedTests.length === 0 || claimedTests.some((test) => !passedKeys.has(keyOf(test)))) return [];
    const names = [...new Set(claimedTests.map(({ name }) => JSON.stringify(name.slice(0, 120))))].slice(0, 3);
    return [
      `criterion ${id}: ${names.join(', ')} ${claimedTests.length === 1 ? 'passes' : 'pass'} without the change, too: nothing is shown by that`,
    ];
  });
}

/** What JavaScript, Python, Go, Java, Rust, Ruby and PHP say of a name or module that does not exist. */
const MISSING_NAME =
  /is not a function|does not provide an export|is not defined|is not a constructor|Cannot find (?:module|package)|ERR_MODULE_NOT_FOUND|No module named|cannot import name|has no attribute|Failed to (?:resolve|load)|undefined: |cannot find symbol|unresolved (?:import|name)|cannot find (?:function|value|type)|NoMethodError|NameError|uninitialized constant|Call to undefined/;

/** True if a failing test's message says that a name or module does not exist. */
export function saysNameIsMissing(message: string): boolean {
  return MISSING_NAME.test(message.slice(0, 2_000));
}
