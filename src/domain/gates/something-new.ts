/**
 * Gate `something_new`: a change that promises something new adds a test.
 *
 * Applies only if the run names its tests and no locked tests show the change. Comments and blank lines are nothing new.
 * Documents are, if the plan is about them and a test fails without them.
 */
import { notRunText } from '../evidence/evidence';
import type { Facts } from './facts';
import type { Gate } from './gate';

const NOTHING_RUNS =
  'the plan promises something new, and the change alters no line that runs: only comments, tests, or documents beside the files that the plan names';

const NOTHING_SHOWN =
  'the plan is about documents, and no test of the change fails without them: a test must read what they say now';

const NOTHING_ADDED = 'neither the Code Writer nor the Test Auditor added a test for this change';

export const somethingNew = {
  name: 'something_new',
  phase: ['testing'],
  judges: ['answer_of_auditor'],
  page: {
    expected: 'A change that promises something new alters what runs and comes with a test that was not there before.',
    helps:
      'Add a test of the new behaviour where the test command picks it up; call a criterion `kept` only where nothing changes.',
  },
  judge({ tests, isNew, keepsAll, alters, evidence }: Facts['answer_of_auditor']) {
    const isMissing = tests !== null && !isNew && !keepsAll && evidence.integrity?.lockedDigest === null;
    const notRun = evidence.integrity?.notRun ?? [];
    const isShown = evidence.integrity?.control?.shows === true;
    const reasons = { code: [], documents: isShown ? [] : [NOTHING_SHOWN], nothing: [NOTHING_RUNS] };
    const unchangedBehaviour = keepsAll ? [] : reasons[alters];
    return {
      reasons: isMissing
        ? [...unchangedBehaviour, notRun.length > 0 ? notRunText(evidence)(notRun) : NOTHING_ADDED]
        : unchangedBehaviour,
    };
  },
} as const satisfies Gate<'answer_of_auditor'>;
