/**
 * Criteria and the tests that show them: named by the auditor, and really run and passed. Pure.
 */
import type { TestCounts } from './evidence';
import { testsNamedIn } from './test-names';
import type { Named } from './test-names';

export type { Named };
export interface Claim {
  criterion_id: string;
  tested_by: string;
}

/** Criteria for which no test that is named, by its name or its file, ran and passed. `null` or none: the runner names no tests. */
export function criteriaWithoutTest(
  criteria: string[],
  claims: Claim[],
  tests: Array<Named & { status: string }> | null,
): string[] {
  return criteria.flatMap((id) => {
    const said = claims.filter((claim) => claim.criterion_id === id).map((claim) => claim.tested_by);
    if (said.length === 0) return [`criterion ${id} has no test`];
    const isShown = (text: string): boolean =>
      tests === null || tests.length === 0 || testsNamedIn(text, tests).some(({ status }) => status === 'passed');
    if (said.some(isShown)) return [];
    return [`criterion ${id}: no test that ran and passed is named by ${JSON.stringify(said[0]?.slice(0, 200))}`];
  });
}

/** The tests of a run that names all that it counts; null where some have no name, so that nothing follows from a name that is missing. */
export function namedTests<T extends Named>(tests: T[], counts: TestCounts | null): T[] | null {
  return tests.length === 0 || (counts !== null && tests.length < counts.total) ? null : tests;
}
