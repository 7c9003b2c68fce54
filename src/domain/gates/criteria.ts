/**
 * Gate `criteria`: every success criterion of the plan has a test that passed.
 *
 * If the measured run names its tests, the Test Auditor's report must name one of them. If the run only counts tests, the report
 * and the counts are all there is, and the verdict notes that.
 */
import { criteriaWithoutControl } from '../evidence/control';
import { testsNamedIn } from '../evidence/test-names';
import type { ChangeFacts } from './facts';
import type { Gate, GateResult } from './gate';

export const criteria = {
  name: 'criteria',
  phase: ['verification'],
  judges: ['change'],
  page: {
    expected: 'Every success criterion of the plan has a test in the measured run, and it passed.',
    helps: 'Let the Test Auditor name, for each criterion, a test of the run by its file and title.',
  },
  judge,
} as const satisfies Gate<'change'>;

function judge({ plan, criteria: measured }: ChangeFacts): GateResult {
  const { report } = measured;
  // An empty list of names cannot contradict the report.
  const tests = measured.tests !== null && measured.tests.length > 0 ? measured.tests : null;
  const reasons = plan.criteria.flatMap(({ id }) => {
    const entries = report.filter((one) => one.id === id);
    if (entries.length === 0) return [`criterion ${id} has no test`];
    if (entries.some((one) => !one.satisfied)) return [`criterion ${id} is not satisfied, says the Test Auditor`];
    if (tests === null) return [];
    const namedTests = entries.flatMap(({ testedBy }) => testsNamedIn(testedBy, tests));
    if (namedTests.length === 0)
      return [`criterion ${id}: no test that ran is named by "${entries[0]?.testedBy ?? ''}"`];
    return namedTests.some((test) => test.passed) ? [] : [`criterion ${id}: none of the tests named for it passed`];
  });
  const notes =
    tests === null ? ['the run counted its tests but did not name them; the report was taken at its word'] : [];
  const controlReasons = criteriaWithoutControl({
    criteria: plan.criteria.filter(({ kind }) => kind !== 'kept').map(({ id }) => id),
    claims: report.map(({ id, testedBy }) => ({ criterion_id: id, tested_by: testedBy })),
    tests: tests?.map(({ passed, ...test }) => ({ ...test, status: passed ? 'passed' : 'failed' })) ?? null,
    withoutChange: measured.without ?? null,
  });
  return { reasons: [...reasons, ...controlReasons], notes };
}
