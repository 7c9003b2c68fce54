/**
 * `resume`: continues a paused build; a build that waits for a provider calls it again at once.
 */
import { recordEvent } from '../build/record-event';
import { waitOf } from '../build/wait';
import type { BuildState } from '../build/state';
import { accept, defineCommand } from './command';
import { optional, text } from './fields';
import { refuse } from './refusals';

export const resume = defineCommand({
  name: 'resume',
  path: 'resume',
  needs: 'operate',
  description: 'goes on after pause, or asks a provider again that it waits for',
  fields: { reason: optional(text, (actor) => `resumed by ${actor}`) },
  refusals: { 'Command.NotPaused': { status: 409, title: 'The build is not paused' } },
  decide(build, { reason }, cause) {
    if (!build.paused && waitOf(build) === null)
      return refuse(build, {
        type: 'Command.NotPaused',
        message: 'the build is not paused, and waits for no provider',
      });
    const nextBuild = { ...build, revision: build.revision + 1 };
    // Resuming a paused build does not end its wait for a provider: the person who paused it may not know of the wait.
    const { waiting: _, ...buildWithoutWait } = nextBuild;
    const resumedBuild = build.paused ? { ...nextBuild, paused: false } : (buildWithoutWait as BuildState);
    return accept(recordEvent(resumedBuild, cause, { type: 'resumed', data: { reason } }));
  },
});
