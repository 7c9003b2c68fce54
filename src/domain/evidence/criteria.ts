/**
 * Checks that each criterion is shown by a test that the Test Auditor names and that ran and passed. Pure.
 */
import type { TestCounts } from './evidence';
import { testsNamedIn } from './test-names';
import type { Named } from './test-names';

export type { Named };
export interface Claim {
  criterion_id: string;
  tested_by: string;
}

/** Returns one message for each criterion without a named test that passed. A test may be named by its name or its file. `tests` is null or empty if the runner names no tests. */
export function criteriaWithoutTest(
  criteria: string[],
  claims: Claim[],
  tests: Array<Named & { status: string }> | null,
): string[] {
  return criteria.flatMap((id) => {
    const testNames = claims.filter((claim) => claim.criterion_id === id).map((claim) => claim.tested_by);
    if (testNames.length === 0) return [`criterion ${id} has no test`];
    const isShown = (text: string): boolean =>
      tests === null || tests.length === 0 || testsNamedIn(text, tests).some(({ status }) => status === 'passed');
    if (testNames.some(isShown)) return [];
    return [`criterion ${id}: no test that ran and passed is named by ${JSON.stringify(testNames[0]?.slice(0, 200))}`];
  });
}

/** Returns the tests if the run names every test that it counts, else null: then a missing name proves nothing. */
export function namedTests<T extends Named>(tests: T[], counts: TestCounts | null): T[] | null {
  return tests.length === 0 || (counts !== null && tests.length < counts.total) ? null : tests;
}
