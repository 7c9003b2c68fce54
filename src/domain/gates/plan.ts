/**
 * Gate `plan`: the plan has success criteria and says how each is tested. Planning should refuse such a plan earlier; this is a second check.
 */
import type { ChangeFacts } from './facts';
import type { Gate, GateResult } from './gate';

export const plan = {
  name: 'plan',
  phase: ['verification'],
  judges: ['change'],
  page: {
    expected: 'The plan has success criteria and says of each how it is tested.',
    helps: 'Roll back to planning with the criterion or the way to test it that is missing.',
  },
  judge,
} as const satisfies Gate<'change'>;

function judge({ plan }: ChangeFacts): GateResult {
  const reasons: string[] = [];
  if (plan.criteria.length === 0) reasons.push('the plan has no success criterion, so nothing can show that it is met');
  if (plan.testingStrategy.trim() === '') reasons.push('the plan does not say how it is tested');
  for (const { id, testedBy } of plan.criteria) {
    if (testedBy.trim() === '') reasons.push(`criterion ${id} does not say how it is tested`);
  }
  return { reasons };
}
