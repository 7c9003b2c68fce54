/**
 * Gate `added_tests`: the Test Auditor adds tests and nothing else, at paths that can be written.
 */
import type { Facts } from './facts';
import type { Gate } from './gate';

export const addedTests = {
  name: 'added_tests',
  phase: ['testing'],
  judges: ['answer_of_auditor'],
  page: {
    expected: 'The Test Auditor adds tests and what they read, and nothing else.',
    helps:
      'Let the Test Auditor leave production code to the Code Writer and name what must change there as an objection.',
  },
  judge({ added }: Facts['answer_of_auditor']) {
    const foreign = added.foreign.map((path) => `the Test Auditor may add tests only; ${path} is none`);
    return { reasons: added.refused === null ? foreign : [...foreign, added.refused] };
  },
} as const satisfies Gate<'answer_of_auditor'>;
