/**
 * Gate `something_new`: a change that promises something new comes with a test that was not there before.
 *
 * Judged only where the run names its tests and no locked tests show the change.
 */
import type { Facts } from './facts';
import type { Gate } from './gate';

export const somethingNew = {
  name: 'something_new',
  phase: ['testing'],
  judges: ['answer_of_auditor'],
  judge({ tests, isNew, keepsAll, evidence }: Facts['answer_of_auditor']) {
    const isMissing = tests !== null && !isNew && !keepsAll && evidence.integrity?.lockedDigest === null;
    return {
      reasons: isMissing ? ['neither the Code Writer nor the Test Auditor added a test for this change'] : [],
    };
  },
} as const satisfies Gate<'answer_of_auditor'>;
