/**
 * `cancel`: ends the build. A release that is being deployed is undone.
 */
import { note } from '../build/moves';
import { accept, defineCommand } from './command';
import { text } from './fields';

export const cancel = defineCommand({
  name: 'cancel',
  path: 'cancel',
  description: 'ends the build and cleans up',
  fields: { reason: text },
  refusals: {},
  decide(build, { reason }, cause) {
    const owed = { ...build.owed, undoRelease: build.owed.undoRelease || build.state === 'deployment' };
    const counted = { turn: build.turn + 1, revision: build.revision + 1 };
    const ended = { ...build, ...counted, owed, cancelled: true, questions: [], completedAt: cause.now };
    return accept(note(ended, 'cancelled', cause, { reason }));
  },
});
