/**
 * Finds the builds of a project that wait for an external Code Writer, who may push to their branches.
 *
 * Temporal's list gives the ids of running builds only; the card of each is then read as for `status`, which needs no worker.
 */
import { parseWorkflowId } from '../domain/ids';
import type { BuildCard } from '../domain/build/card';
import type { AwaitedPush } from '../ports/git-server';
import { readBuildView } from './builds';
import { readRequest } from './contents';
import type { ApiDeps } from './deps';
import { listRunning } from './listing';
import { Problem } from './problems';

const READS_AT_ONCE = 20;

export type AwaitedBuild = AwaitedPush & { request: string };

export async function findAwaitedPushes(deps: ApiDeps, projectId: string): Promise<AwaitedBuild[]> {
  const ids = await listRunning(deps, projectId);
  const awaited: AwaitedBuild[] = [];
  for (let offset = 0; offset < ids.length; offset += READS_AT_ONCE) {
    const lookups = ids.slice(offset, offset + READS_AT_ONCE).map((workflowId) => findAwaited(deps, workflowId));
    awaited.push(...(await Promise.all(lookups)).flat());
  }
  return awaited;
}

/**
 * Makes the missing branches: a build whose roles are all external has none before its first push. Gives the builds that have a
 * branch. If no branch could be made, throws the last error.
 */
export async function prepareBranches(
  deps: Pick<ApiDeps, 'artifacts' | 'log'> & { git: NonNullable<ApiDeps['git']> },
  awaited: AwaitedBuild[],
): Promise<AwaitedBuild[]> {
  const preparedBuilds: AwaitedBuild[] = [];
  let failure: unknown;
  for (const build of awaited) {
    try {
      const repository = (await readRequest(deps, build.request))?.repository;
      const source = repository && { path: repository.path, url: repository.url, baseRef: repository.base_ref };
      await deps.git.prepare({ ...build, repository: source });
      preparedBuilds.push(build);
    } catch (error) {
      failure = error;
      deps.log.warn({ err: error, build: build.buildId }, 'the branch of a build could not be made');
    }
  }
  if (preparedBuilds.length === 0 && failure !== undefined) throw failure;
  return preparedBuilds;
}

async function findAwaited(deps: ApiDeps, workflowId: string): Promise<AwaitedBuild[]> {
  const build = parseWorkflowId(workflowId);
  if (build === null) return [];
  try {
    const { card, isOpen } = await readBuildView(deps, workflowId);
    if (!isOpen || !isAwaited(card)) return [];
    // The worker names the branch by this key, which is that of the first request, also after it was amended.
    const { generation, request, requestKey } = card;
    return [{ ...build, requestKey, generation, request }];
  } catch (error) {
    // This build's workflow is gone, or its card has another version: it takes no push, but the other builds still do.
    if (error instanceof Problem && /^Build\./.test(error.name)) return [];
    throw error;
  }
}

function isAwaited({ status, state, expects }: BuildCard): boolean {
  return status === 'waiting' && state === 'implementation' && expects.role === 'code_writer';
}
