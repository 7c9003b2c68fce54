/**
 * Gate `auditor`: the Test Auditor has no objections. Its verdict can add objections but not remove those of other gates.
 */
import type { Facts } from './facts';
import type { Gate } from './gate';

export const auditor = {
  name: 'auditor',
  phase: ['testing'],
  judges: ['answer_of_auditor'],
  page: {
    expected: 'The Test Auditor says pass, objects to nothing, and finds every criterion satisfied.',
    helps: 'Answer each objection in the code or in a test.',
  },
  judge({ report }: Facts['answer_of_auditor']) {
    const { verdict, objections, criteria } = report;
    const unsatisfied = criteria.filter(({ satisfied }) => !satisfied);
    return {
      reasons: [
        ...(verdict === 'fail' && objections.length === 0 ? ['the Test Auditor says fail'] : []),
        ...objections,
        ...unsatisfied.map(({ criterion_id: id, note }) => `criterion ${id} is not satisfied: ${note}`),
      ],
    };
  },
} as const satisfies Gate<'answer_of_auditor'>;
