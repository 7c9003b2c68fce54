/**
 * Gives the commits that a role's step works on.
 */
import { overridesOf } from '../../requests/start-request';
import type { StartRequest } from '../../requests/start-request';
import type { StepTask } from '../contract';
import type { PhaseDefinition } from './take-step';

/** `commit`: the commit at which the phase began. The task's `tree` is the draft commit of the earlier steps; null in the first one. */
export function stepCommits(
  { projectId, buildId, requestKey, tree }: StepTask,
  request: StartRequest,
  { base, commit }: { base: string; commit: string },
): Pick<PhaseDefinition<never>, 'at' | 'base' | 'setsBase' | 'overrides'> {
  const at = { projectId, buildId, requestKey, commit: tree ?? commit };
  return { at, base, setsBase: true, overrides: overridesOf(request) };
}
