/**
 * Gate `commit`: the Code Writer's work is a commit on the build's branch.
 */
import type { Facts } from './facts';
import type { Gate } from './gate';

export const commit = {
  name: 'commit',
  phase: ['implementation'],
  judges: ['state'],
  page: {
    expected: "The Code Writer's work is a commit on the build's branch.",
    helps: "Retry implementation, or push a commit to the build's branch where the Code Writer works outside.",
  },
  judge: (build: Facts['state']) => ({ reasons: build.commit === '' ? ['no commit was published'] : [] }),
} as const satisfies Gate<'state'>;
