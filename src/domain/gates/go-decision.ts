/**
 * Gate `go_decision`: the Release Manager says go, and every pre-check holds.
 */
import type { Facts } from './facts';
import type { Gate } from './gate';

export const goDecision = {
  name: 'go_decision',
  phase: ['deployment'],
  judges: ['answer_of_releaser'],
  page: {
    expected: 'The Release Manager says go, and every pre-check holds.',
    helps: 'Settle the pre-check that failed, then retry deployment.',
  },
  judge({ go, preChecks }: Facts['answer_of_releaser']) {
    const failed = preChecks.filter(({ ok }) => !ok).map(({ check }) => `pre-check failed: ${check}`);
    return { reasons: [...(go ? [] : ['the Release Manager says no go']), ...failed] };
  },
} as const satisfies Gate<'answer_of_releaser'>;
