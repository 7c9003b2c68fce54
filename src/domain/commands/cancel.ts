/**
 * `cancel`: ends the build. If it was deploying, its release is undone.
 */
import { cancel as end } from '../build/moves';
import { accept, defineCommand } from './command';
import { text } from './fields';

export const cancel = defineCommand({
  name: 'cancel',
  path: 'cancel',
  needs: 'operate',
  description: 'ends the build and cleans up',
  fields: { reason: text },
  refusals: {},
  decide(build, { reason }, cause) {
    return accept(end(build, { ...cause, reason }));
  },
});
