/**
 * The search attributes of a build, as the client sets them at the start and the workflow later. Never prompts or personal data.
 */
import type { BuildState } from '../domain/build/state';
import { ownerOf, phaseOf } from '../domain/states';
import { statusOf } from '../domain/build/view';

/** In the list form of the SDK's untyped attributes, which servers without registered keys never see. */
export function searchAttributesOf(build: BuildState) {
  const phase = phaseOf(build.state);
  return {
    ProjectId: [build.projectId],
    BuildId: [build.buildId],
    BuildState: [build.state],
    BuildStatus: [statusOf(build)],
    BuildRole: [ownerOf(build.state) ?? 'none'],
    BuildAttempt: [phase === null ? 0 : build.attempts[phase]],
  };
}
