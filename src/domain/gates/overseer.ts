/**
 * Gate `overseer`: the Verification Overseer approves and reports no major or critical finding. It cannot remove objections of other gates.
 *
 * An approval together with a major finding is a contradiction; the finding counts, because it is more specific.
 */
import type { Facts } from './facts';
import type { Gate } from './gate';

export const overseer = {
  name: 'overseer',
  phase: ['verification'],
  judges: ['answer_of_overseer'],
  page: {
    expected: 'The Verification Overseer approves and names nothing major or critical.',
    helps: 'Mend what the checklist names; an approval beside a major finding does not count.',
  },
  judge({ approved, checklist }: Facts['answer_of_overseer']) {
    const seriousEntries = checklist.filter(({ severity }) => severity === 'critical' || severity === 'major');
    const seriousTexts = seriousEntries.map(({ item, severity, finding }) => `${item} (${severity}): ${finding}`);
    return {
      reasons: approved || seriousTexts.length > 0 ? seriousTexts : ['the Verification Overseer does not approve'],
    };
  },
} as const satisfies Gate<'answer_of_overseer'>;
