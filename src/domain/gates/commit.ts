/**
 * Gate `commit`: the Code Writer's work is a commit on the build's branch.
 */
import type { Facts } from './facts';
import type { Gate } from './gate';

export const commit = {
  name: 'commit',
  phase: ['implementation'],
  judges: ['state'],
  judge: (build: Facts['state']) => ({ reasons: build.commit === '' ? ['no commit was published'] : [] }),
} as const satisfies Gate<'state'>;
