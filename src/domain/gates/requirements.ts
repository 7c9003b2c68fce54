/**
 * Gate `requirements`: the plan has a success criterion for each requirement, and each criterion and planned file is usable.
 */
import type { Facts } from './facts';
import type { Gate } from './gate';

export const requirements = {
  name: 'requirements',
  phase: ['planning'],
  judges: ['answer_of_planner'],
  page: {
    expected:
      'Every requirement of the specification has at least one success criterion in the plan; each criterion has an id of its own and names requirements that there are, and each file can be written.',
    helps:
      'Let the Q Assistant add a criterion for each requirement that is named, or roll back to discovery and correct the requirement.',
  },
  judge({ required, covered, criteria, unwritable }: Facts['answer_of_planner']) {
    const uncoveredIds = required.filter((id) => !covered.includes(id));
    // A specification from an external role may have no requirements.
    const unknownIds = required.length === 0 ? [] : [...new Set(covered)].filter((id) => !required.includes(id));
    const duplicateIds = [...new Set(criteria.filter((id, index) => criteria.indexOf(id) !== index))];
    return {
      reasons: [
        ...uncoveredIds.map((id) => `requirement ${id} has no success criterion`),
        ...unknownIds.map((id) => `a criterion names the requirement ${id}, which the specification does not have`),
        ...duplicateIds.map((id) => `two criteria have the id ${id}`),
        ...unwritable.map((path) => `the plan names a file that no role may write: ${path}`),
      ],
    };
  },
} as const satisfies Gate<'answer_of_planner'>;
