/**
 * Gate `criteria`: every success criterion of the plan has a test that passed.
 *
 * Where the measured run names its tests, the auditor's words must lead to one of them; where it only counted them, the
 * auditor's report and the counts are all there is, and the verdict notes it.
 */
import type { ChangeFacts, TestResult } from './facts';
import { verdict } from './verdict';
import type { GateVerdict } from './verdict';

/** Shorter names are found in any sentence. */
const SHORTEST_NAME_CHARS = 4;

export function judgeCriteria({ plan, criteria }: Pick<ChangeFacts, 'plan' | 'criteria'>): GateVerdict {
  const { report, tests } = criteria;
  const reasons = plan.criteria.flatMap(({ id }) => {
    const said = report.filter((one) => one.id === id);
    if (said.length === 0) return [`criterion ${id} has no test`];
    if (said.some((one) => !one.satisfied)) return [`criterion ${id} is not satisfied, says the Test Auditor`];
    if (tests === null) return [];
    const named = said.flatMap(({ testedBy }) => namedIn(testedBy, tests));
    if (named.length === 0) return [`criterion ${id}: no test that ran is named by "${said[0]?.testedBy ?? ''}"`];
    return named.some((test) => test.passed) ? [] : [`criterion ${id}: none of the tests named for it passed`];
  });
  const notes =
    tests === null ? ['the run counted its tests but did not name them; the report was taken at its word'] : [];
  return verdict('criteria', reasons, { notes });
}

/** Tests that a text names; where it names only files, all tests of those. */
function namedIn(text: string, tests: TestResult[]): TestResult[] {
  const said = plain(text);
  const byName = tests.filter(({ name }) => isNamed(said, name));
  return byName.length > 0 ? byName : tests.filter(({ file }) => file !== '' && said.includes(plain(file)));
}

/** A reporter may put suites before the name; the test's own name is the last part. */
function isNamed(said: string, name: string): boolean {
  const own = plain(name.split(/ [>›] /).at(-1) ?? name);
  return [plain(name), own].some((form) => form.length >= SHORTEST_NAME_CHARS && said.includes(form));
}

function plain(text: string): string {
  return text.toLowerCase().replace(/\s+/g, ' ').trim();
}
