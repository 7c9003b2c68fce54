/**
 * `pause`: the build begins no new work until `resume`.
 */
import { recordEvent } from '../build/record-event';
import { accept, defineCommand } from './command';
import { optional, text } from './fields';
import { refuse } from './refusals';

export const pause = defineCommand({
  name: 'pause',
  path: 'pause',
  needs: 'operate',
  description: 'nothing new is begun until resume',
  fields: { reason: optional(text, (actor) => `paused by ${actor}`) },
  refusals: {},
  decide(build, { reason }, cause) {
    if (build.paused) return refuse(build, { type: 'Command.Paused', message: 'the build is paused already' });
    return accept(
      recordEvent({ ...build, paused: true, revision: build.revision + 1 }, cause, {
        type: 'paused',
        data: { reason },
      }),
    );
  },
});
