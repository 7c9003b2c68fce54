/**
 * Gate `plan`: there is something to test the change by. A plan without criteria should never get this far; say so if it did.
 */
import type { ChangeFacts } from './facts';
import { verdict } from './verdict';
import type { GateVerdict } from './verdict';

export function judgePlan({ plan }: Pick<ChangeFacts, 'plan'>): GateVerdict {
  const reasons: string[] = [];
  if (plan.criteria.length === 0) reasons.push('the plan has no success criterion, so nothing can show that it is met');
  if (plan.testingStrategy.trim() === '') reasons.push('the plan does not say how it is tested');
  for (const { id, testedBy } of plan.criteria) {
    if (testedBy.trim() === '') reasons.push(`criterion ${id} does not say how it is tested`);
  }
  return verdict('plan', reasons);
}
