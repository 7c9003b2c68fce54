/**
 * Gate `criteria_shown`: the Test Auditor names, for every success criterion, a test that ran and passed,
 * and that fails without the change if the criterion promises something new.
 */
import { criteriaWithoutControl } from '../evidence/control';
import { criteriaWithoutTest } from '../evidence/criteria';
import { notRunText } from '../evidence/evidence';
import type { Facts } from './facts';
import type { Gate } from './gate';

export const criteriaShown = {
  name: 'criteria_shown',
  phase: ['testing'],
  judges: ['answer_of_auditor'],
  page: {
    expected:
      'Every success criterion is shown by a test that ran and passed, and that fails without the change where the criterion promises something new.',
    helps:
      'Name the test by its file and its full title, and write one that fails on the base commit where the criterion is new.',
  },
  judge({ criteria, newCriteria, report, tests, evidence, without: withoutChange }: Facts['answer_of_auditor']) {
    const claimed = report.criteria.map(({ tested_by }) => tested_by).join('\n');
    const notRun = (evidence.integrity?.notRun ?? []).filter((path) => claimed.includes(path));
    const reasons = [
      ...criteriaWithoutTest(criteria, report.criteria, tests),
      ...criteriaWithoutControl({ criteria: newCriteria, claims: report.criteria, tests, withoutChange }),
    ];
    return { reasons: reasons.length > 0 && notRun.length > 0 ? [...reasons, notRunText(evidence)(notRun)] : reasons };
  },
} as const satisfies Gate<'answer_of_auditor'>;
