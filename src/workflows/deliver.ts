/**
 * The last step of a complete build: its result becomes a branch in the repository that it was given.
 *
 * Never fails the run: a build that is complete stays so, and says why its result is not there.
 */
import type { BuildState } from '../domain/build/state';
import type { Result } from '../domain/result';
import { dueResult, withResult } from '../domain/build/result';
import { now } from './clock';
import { failureOf } from './phase';
import { results } from './proxies';

/** A build begun before there were results has none due, so its history replays without this step. */
export async function deliverResult(build: BuildState): Promise<BuildState> {
  const due = dueResult(build);
  if (due === null) return build;
  const { projectId, buildId, request, requestKey } = build;
  const tried = await results
    .deliver({ projectId, buildId, request, requestKey, ...due })
    .catch((error: unknown): Result => ({ ...due, place: null, reason: failureOf(error).message }));
  return withResult(build, tried, now());
}
