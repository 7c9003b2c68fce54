/**
 * Which builds of a project wait for an external Code Writer, who may push to their branches.
 *
 * Temporal's list only says which builds run; each is then asked for by its id, as `status` is, and needs no worker.
 */
import { parseWorkflowId } from '../domain/ids';
import type { BuildCard } from '../domain/build/view';
import type { AwaitedPush } from '../ports/git-server';
import { readShown } from './builds';
import { readRequest } from './contents';
import type { ApiDeps } from './deps';
import { listRunning } from './listing';
import { Problem } from './problems';

const ASKED_AT_ONCE = 20;

export type Awaited = AwaitedPush & { request: string };

export async function awaitedPushes(deps: ApiDeps, projectId: string): Promise<Awaited[]> {
  const ids = await listRunning(deps, projectId);
  const awaited: Awaited[] = [];
  for (let at = 0; at < ids.length; at += ASKED_AT_ONCE) {
    const asked = ids.slice(at, at + ASKED_AT_ONCE).map((workflowId) => awaitedOne(deps, workflowId));
    awaited.push(...(await Promise.all(asked)).flat());
  }
  return awaited;
}

/**
 * Makes the branches that are not there yet: a build whose roles are all external has needed none. Gives the builds that have
 * one; throws why the last could not be made where none could.
 */
export async function prepareBranches(
  deps: Pick<ApiDeps, 'artifacts' | 'log'> & { git: NonNullable<ApiDeps['git']> },
  awaited: Awaited[],
): Promise<Awaited[]> {
  const ready: Awaited[] = [];
  let failure: unknown;
  for (const build of awaited) {
    try {
      const repository = (await readRequest(deps, build.request))?.repository;
      const source = repository && { path: repository.path, url: repository.url, baseRef: repository.base_ref };
      await deps.git.prepare({ ...build, repository: source });
      ready.push(build);
    } catch (error) {
      failure = error;
      deps.log.warn({ err: error, build: build.buildId }, 'the branch of a build could not be made');
    }
  }
  if (ready.length === 0 && failure !== undefined) throw failure;
  return ready;
}

async function awaitedOne(deps: ApiDeps, workflowId: string): Promise<Awaited[]> {
  const build = parseWorkflowId(workflowId);
  if (build === null) return [];
  try {
    const { card, isOpen } = await readShown(deps, workflowId);
    if (!isOpen || !isAwaited(card)) return [];
    // The key that the worker names the branch by: of the request as it was before it was amended.
    const { generation, request, requestKey } = card;
    return [{ ...build, requestKey, generation, request }];
  } catch (error) {
    // Its workflow is gone, or its card is of another version: it takes no push, and the others do.
    if (error instanceof Problem && /^Build\./.test(error.name)) return [];
    throw error;
  }
}

function isAwaited({ status, state, expects }: BuildCard): boolean {
  return status === 'waiting' && state === 'implementation' && expects.role === 'code_writer';
}
