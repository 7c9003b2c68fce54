/**
 * Gives the commits that a role's step works on.
 */
import { overridesOf } from '../../requests/start-request';
import type { StartRequest } from '../../requests/start-request';
import type { StepTask } from '../contract';
import type { PhaseDefinition } from './take-step';

/** `commit` is the commit at which the phase began; `tree` of the task is the draft commit of the earlier steps, if there is one. */
export function stepCommits(
  { projectId, buildId, requestKey, tree }: StepTask,
  request: StartRequest,
  { base, commit }: { base: string; commit: string },
): Pick<PhaseDefinition<never>, 'at' | 'base' | 'isBased' | 'overrides'> {
  const at = { projectId, buildId, requestKey, commit: tree ?? commit };
  return { at, base, isBased: true, overrides: overridesOf(request) };
}
