/**
 * Gate `requirements`: the plan has a success criterion for every requirement of the specification.
 */
import type { Facts } from './facts';
import type { Gate } from './gate';

export const requirements = {
  name: 'requirements',
  phase: ['planning'],
  judges: ['answer_of_planner'],
  judge({ required, covered }: Facts['answer_of_planner']) {
    const missing = required.filter((id) => !covered.includes(id));
    return { reasons: missing.map((id) => `requirement ${id} has no success criterion`) };
  },
} as const satisfies Gate<'answer_of_planner'>;
