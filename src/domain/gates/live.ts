/**
 * Gate `live`: a deployment ends with a release.
 */
import type { Facts } from './facts';
import type { Gate } from './gate';

export const live = {
  name: 'live',
  phase: ['deployment'],
  judges: ['state'],
  judge: ({ release }: Facts['state']) => ({ reasons: release === null ? ['no release went live'] : [] }),
} as const satisfies Gate<'state'>;
