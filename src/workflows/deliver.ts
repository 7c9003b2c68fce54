/**
 * The last step of a complete build: its result becomes a branch in the repository that it was given.
 *
 * Never fails the run: a build that is complete stays so, and says why its result is not there.
 */
import type { Result } from '../domain/result';
import { dueResult, withResult } from '../domain/build/result';
import { now } from './clock';
import type { BuildRun } from './handlers';
import { failureOf } from './phase';
import { results } from './proxies';

/** A build begun before there were results has none due, so its history replays without this step. */
export async function deliverResult(run: BuildRun): Promise<void> {
  const due = dueResult(run.build);
  if (due === null) return;
  const { projectId, buildId, request, requestKey } = run.build;
  const tried = await results
    .deliver({ projectId, buildId, request, requestKey, ...due })
    .catch((error: unknown): Result => ({ ...due, place: null, reason: failureOf(error).message }));
  // The build as it is now: signals may have been refused meanwhile.
  run.build = withResult(run.build, tried, now());
}
