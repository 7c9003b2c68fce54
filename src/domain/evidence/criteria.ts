/**
 * Criteria and the tests that show them: named by the auditor, and really run and passed. Pure.
 */
export interface Claim {
  criterion_id: string;
  tested_by: string;
}
export interface Named {
  file: string;
  name: string;
}

/** Shorter names are found in any sentence. */
const SHORTEST_NAME_CHARS = 4;

/** Criteria for which no test that is named, by its name or its file, ran and passed. `null`: the runner names no tests. */
export function criteriaWithoutTest(
  criteria: string[],
  claims: Claim[],
  tests: Array<Named & { status: string }> | null,
): string[] {
  return criteria.flatMap((id) => {
    const said = claims.filter((claim) => claim.criterion_id === id).map((claim) => claim.tested_by);
    if (said.length === 0) return [`criterion ${id} has no test`];
    const isShown = (text: string): boolean =>
      tests === null || testsNamedIn(text, tests).some(({ status }) => status === 'passed');
    if (said.some(isShown)) return [];
    return [`criterion ${id}: no test that ran and passed is named by ${JSON.stringify(said[0]?.slice(0, 200))}`];
  });
}

/** Tests that a text names; where it names only whole files, all tests of those. */
export function testsNamedIn<T extends Named>(text: string, tests: T[]): T[] {
  const said = plain(text);
  const byName = tests.filter(({ name }) => isNamed(said, name));
  return byName.length > 0 ? byName : tests.filter(({ file }) => file !== '' && isWholeFile(said, plain(file)));
}

/** A reporter may put suites before the name; the test's own name is the last part. */
function isNamed(said: string, name: string): boolean {
  const own = plain(name.split(/ [>›] /).at(-1) ?? name);
  return [plain(name), own].some((form) => form.length >= SHORTEST_NAME_CHARS && said.includes(form));
}

/** Not as in `a.test.js: adds`: that speaks of one test, and where it names none that ran it is none. A line number may follow. */
function isWholeFile(said: string, file: string): boolean {
  const at = said.indexOf(file);
  return at !== -1 && !/^\s*(::?|[>›#])\s*(?!\d+\b)\S/.test(said.slice(at + file.length));
}

function plain(text: string): string {
  return text.toLowerCase().replace(/\s+/g, ' ').trim();
}
