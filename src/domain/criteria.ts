/**
 * Criteria and the tests that show them: named by the auditor, and really run and passed. Pure.
 */
interface Claim {
  criterion_id: string;
  tested_by: string;
}
interface Ran {
  file: string;
  name: string;
  status: string;
}

/** Criteria for which no test that is named, by its name or its file, ran and passed. `null`: the runner names no tests. */
export function criteriaWithoutTest(criteria: string[], claims: Claim[], tests: Ran[] | null): string[] {
  return criteria.flatMap((id) => {
    const said = claims.filter((claim) => claim.criterion_id === id).map((claim) => claim.tested_by);
    if (said.length === 0) return [`criterion ${id} has no test`];
    if (tests === null || said.some((text) => namesPassed(text, tests))) return [];
    return [`criterion ${id}: no test that ran and passed is named by ${JSON.stringify(said[0]?.slice(0, 200))}`];
  });
}

function namesPassed(text: string, tests: Ran[]): boolean {
  return tests.some(({ file, name, status }) => {
    if (status !== 'passed') return false;
    const last = name.split(' > ').at(-1) ?? name;
    return [name, last, file].some((word) => word.length >= 3 && text.includes(word));
  });
}
