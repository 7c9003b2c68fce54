/**
 * Gate `added_tests`: the Test Auditor adds only tests, removes none from the run, and uses only writable paths.
 */
import type { Facts } from './facts';
import type { Gate } from './gate';

export const addedTests = {
  name: 'added_tests',
  phase: ['testing'],
  judges: ['answer_of_auditor'],
  page: {
    expected:
      'The Test Auditor adds tests and what they read, nothing else, and neither leaves a test out of the run nor bends its result.',
    helps:
      'Let the Test Auditor leave production code to the Code Writer and name what must change there as an objection.',
  },
  judge: ({ added }: Facts['answer_of_auditor']) => ({ reasons: unfitTests(added) }),
} as const satisfies Gate<'answer_of_auditor'>;

/** The reasons to refuse the Test Auditor's files, independent of test results. */
export function unfitTests(added: Facts['answer_of_auditor']['added']): string[] {
  const foreign = added.foreign.map((path) => `the Test Auditor may add tests only; ${path} is none`);
  const excluded = (added.leftOut ?? []).map(
    (place) =>
      `${place}: the Test Auditor adds tests, takes none out of a run and bends no result, now or later; leave that line out`,
  );
  return [...foreign, ...excluded, ...(added.refused === null ? [] : [added.refused])];
}
