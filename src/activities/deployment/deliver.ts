/**
 * Writes the result of a complete build into the repository of the start request. It first looks whether the branch is there, so it
 * may run any number of times.
 */
import type { Result } from '../../domain/result';
import type { DeliverTask } from '../contract';
import type { Deps } from '../deps';
import { loadRequest } from '../load-request';
import { sourceOf } from '../starting-commit';

export async function deliver(deps: Deps, task: DeliverTask): Promise<Result> {
  const { branch, commit } = task;
  const { repository, result } = await loadRequest(deps.artifacts, task);
  const push = typeof result === 'object' && result.push === true;
  const written = await deps.workspace.deliver(task, { repository: sourceOf({ repository }) ?? {}, branch, push });
  return written.kind === 'written'
    ? { branch, commit, place: written.place, reason: null }
    : { branch, commit, place: null, reason: written.reason };
}
