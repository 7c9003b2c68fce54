/**
 * Gate `added_tests`: the Test Auditor adds tests and nothing else, at paths that can be written.
 */
import type { Facts } from './facts';
import type { Gate } from './gate';

export const addedTests = {
  name: 'added_tests',
  phase: ['testing'],
  judges: ['answer_of_auditor'],
  judge({ added }: Facts['answer_of_auditor']) {
    const foreign = added.foreign.map((path) => `the Test Auditor may add tests only; ${path} is none`);
    return { reasons: added.refused === null ? foreign : [...foreign, added.refused] };
  },
} as const satisfies Gate<'answer_of_auditor'>;
