/**
 * Gate `live`: the deployment phase ends with a live release.
 */
import type { Facts } from './facts';
import type { Gate } from './gate';

export const live = {
  name: 'live',
  phase: ['deployment'],
  judges: ['state'],
  page: {
    expected: 'The deployment ends with a release that is live.',
    helps: 'Read the failure in the status, mend the target or the smoke test, then retry deployment.',
  },
  judge: ({ release }: Facts['state']) => ({ reasons: release === null ? ['no release went live'] : [] }),
} as const satisfies Gate<'state'>;
