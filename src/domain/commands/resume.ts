/**
 * `resume`: a paused build goes on.
 */
import { note } from '../build/moves';
import { accept, defineCommand } from './command';
import { optional, text } from './fields';
import { refuse } from './refusals';

export const resume = defineCommand({
  name: 'resume',
  path: 'resume',
  description: 'goes on after pause',
  fields: { reason: optional(text, (actor) => `resumed by ${actor}`) },
  refusals: { 'Command.NotPaused': { status: 409, title: 'The build is not paused' } },
  decide(build, { reason }, cause) {
    if (!build.paused) return refuse(build, { type: 'Command.NotPaused', message: 'the build is not paused' });
    return accept(
      note({ ...build, paused: false, revision: build.revision + 1 }, cause, { type: 'resumed', data: { reason } }),
    );
  },
});
