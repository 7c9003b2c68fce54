/**
 * Gate `criteria_shown`: the Test Auditor names, for every success criterion, a test that ran and passed.
 */
import { criteriaWithoutTest } from '../evidence/criteria';
import type { Facts } from './facts';
import type { Gate } from './gate';

export const criteriaShown = {
  name: 'criteria_shown',
  phase: ['testing'],
  judges: ['answer_of_auditor'],
  judge: ({ criteria, report, tests }: Facts['answer_of_auditor']) => ({
    reasons: criteriaWithoutTest(criteria, report.criteria, tests),
  }),
} as const satisfies Gate<'answer_of_auditor'>;
