/**
 * Where a role stands in git: what it looks at and changes, step by step.
 */
import { wishOf } from '../../requests/start-request';
import type { StartRequest } from '../../requests/start-request';
import type { StepTask } from '../contract';
import type { Part } from './take-step';

/** `commit`: where the phase began; the steps before this one may have led on from there. */
export function placeOf(
  { projectId, buildId, requestKey, tree }: StepTask,
  request: StartRequest,
  { base, commit }: { base: string; commit: string },
): Pick<Part<never>, 'at' | 'base' | 'isBased' | 'wish'> {
  const at = { projectId, buildId, requestKey, commit: tree ?? commit };
  return { at, base, isBased: true, wish: wishOf(request) };
}
