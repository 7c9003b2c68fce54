/**
 * Lists the open workflows of a namespace with the states of open builds, for the reclaim job, which must know what builds refer to.
 */
import type { Client } from '@temporalio/client';
import { BUILD_WORKFLOW, CHECK_WORKFLOW, RESTORE_WORKFLOW, buildQuery } from '../../workflows/messages';
import { isObject } from '../../domain/json';
import type { OpenWork } from '../reclaim/rules';
import { idOf, listWorkflows, memoOf } from './list-workflows';

const MAX_PARALLEL = 8;
const TIMEOUT_MS = 20_000;
const QUERY = `ExecutionStatus = 'Running' AND WorkflowType IN ('${BUILD_WORKFLOW}', '${RESTORE_WORKFLOW}', '${CHECK_WORKFLOW}')`;

/**
 * Throws if the server does not answer. A build has the state null if no worker answers the query. A build of another task queue
 * belongs to another data folder: it is listed as open, but not queried.
 */
export async function listOpenWork(client: Client, ownQueue: string): Promise<OpenWork[]> {
  const found: OpenWork[] = [];
  for await (const listed of listWorkflows(client, QUERY)) {
    const isOwn = listed.taskQueue === ownQueue;
    const startedAt = isOwn
      ? startOf(await memoOf(client, listed, 'card'), Number(listed.startTime?.seconds ?? 0) * 1000)
      : Infinity;
    const isBuild = listed.type?.name === BUILD_WORKFLOW;
    found.push({ workflowId: idOf(listed), isBuild, startedAt, state: isOwn ? null : '' });
  }
  const builds = found.filter(({ isBuild, state }) => isBuild && state === null);
  for (let start = 0; start < builds.length; start += MAX_PARALLEL) {
    await Promise.all(
      builds
        .slice(start, start + MAX_PARALLEL)
        .map(async (build) => void (build.state = await stateOf(client, build.workflowId))),
    );
  }
  return found;
}

/** Returns the build's start. The server only knows the start of the last run, and a build continues as new in further runs. */
function startOf(card: unknown, lastRunMs: number): number {
  const createdAt = isObject(card) && typeof card.createdAt === 'string' ? Date.parse(card.createdAt) : Number.NaN;
  return Math.min(lastRunMs, Number.isNaN(createdAt) ? Infinity : createdAt);
}

async function stateOf({ connection, workflow }: Client, workflowId: string): Promise<string | null> {
  try {
    const ask = () => workflow.getHandle(workflowId).query(buildQuery);
    return JSON.stringify(await connection.withDeadline(Date.now() + TIMEOUT_MS, ask));
  } catch {
    return null;
  }
}
