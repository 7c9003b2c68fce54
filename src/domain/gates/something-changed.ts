/**
 * Gate `something_changed`: an attempt at implementation changes a file.
 *
 * If a person has approved the open findings, there may be nothing left to change.
 */
import type { Facts } from './facts';
import type { Gate } from './gate';

export const somethingChanged = {
  name: 'something_changed',
  phase: ['implementation'],
  judges: ['answer_of_coder'],
  page: {
    expected: 'An attempt at implementation changes at least one file.',
    helps: 'Change a file, or let a person approve what holds the build, so that the commit may stay as it is.',
  },
  judge({ changed, mayStand }: Facts['answer_of_coder']) {
    return { reasons: changed.length === 0 && !mayStand ? ['the Code Writer changed no file'] : [] };
  },
} as const satisfies Gate<'answer_of_coder'>;
