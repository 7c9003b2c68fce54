/**
 * Gate `requirements`: the plan has a success criterion for every requirement of the specification.
 */
import type { Facts } from './facts';
import type { Gate } from './gate';

export const requirements = {
  name: 'requirements',
  phase: ['planning'],
  judges: ['answer_of_planner'],
  page: {
    expected: 'Every requirement of the specification has at least one success criterion in the plan.',
    helps:
      'Let the Q Assistant add a criterion for each requirement that is named, or roll back to discovery and correct the requirement.',
  },
  judge({ required, covered }: Facts['answer_of_planner']) {
    const missing = required.filter((id) => !covered.includes(id));
    return { reasons: missing.map((id) => `requirement ${id} has no success criterion`) };
  },
} as const satisfies Gate<'answer_of_planner'>;
