/**
 * Delivers the result of a complete build as a branch of the repository that the start request named.
 *
 * Never fails the run: if the delivery fails, the build stays complete and its result holds the reason.
 */
import type { Result } from '../domain/result';
import { dueResult, withResult } from '../domain/build/result';
import { now } from './clock';
import type { BuildRun } from './handlers';
import { failureOf } from './phase';
import { deliveryActivities } from './proxies';

/** Does nothing for a build that was started by a version without deliveries, so that its history replays. */
export async function deliverResult(run: BuildRun): Promise<void> {
  const order = dueResult(run.build);
  if (order === null) return;
  const { projectId, buildId, request, requestKey } = run.build;
  const result = await deliveryActivities
    .deliver({ projectId, buildId, request, requestKey, ...order })
    .catch((error: unknown): Result => ({ ...order, place: null, reason: failureOf(error).message }));
  // Reads `run.build` again: a signal that was refused during the delivery has changed it.
  run.build = withResult(run.build, result, now());
}
