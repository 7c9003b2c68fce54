/**
 * The open workflows of a namespace, and all that each open build is, for callers that must know what the builds refer to.
 */
import type { Client } from '@temporalio/client';
import { BUILD_WORKFLOW, CHECK_WORKFLOW, RESTORE_WORKFLOW, buildQuery } from '../../workflows/messages';
import { isObject } from '../../domain/json';
import type { OpenWork } from '../reclaim/rules';
import { idOf, listWorkflows, memoOf } from './list-workflows';

const AT_ONCE = 8;
const ANSWERS_WITHIN_MS = 20_000;
const QUERY = `ExecutionStatus = 'Running' AND WorkflowType IN ('${BUILD_WORKFLOW}', '${RESTORE_WORKFLOW}', '${CHECK_WORKFLOW}')`;

/**
 * Throws where the server cannot be asked. A build that no worker answers for has the state null. One of another task queue is of
 * another data folder: it is known to be open, and not asked.
 */
export async function listOpenWork(client: Client, ownQueue: string): Promise<OpenWork[]> {
  const found: OpenWork[] = [];
  for await (const one of listWorkflows(client, QUERY)) {
    const isOwn = one.taskQueue === ownQueue;
    const startedAt = isOwn
      ? begunAt(await memoOf(client, one, 'card'), Number(one.startTime?.seconds ?? 0) * 1000)
      : Infinity;
    const isBuild = one.type?.name === BUILD_WORKFLOW;
    found.push({ workflowId: idOf(one), isBuild, startedAt, state: isOwn ? null : '' });
  }
  const builds = found.filter(({ isBuild, state }) => isBuild && state === null);
  for (let at = 0; at < builds.length; at += AT_ONCE) {
    await Promise.all(
      builds.slice(at, at + AT_ONCE).map(async (build) => void (build.state = await stateOf(client, build.workflowId))),
    );
  }
  return found;
}

/** Of the build: the server tells the start of its last run, and a build goes on anew when its history grows. */
function begunAt(card: unknown, lastRunMs: number): number {
  const createdAt = isObject(card) && typeof card.createdAt === 'string' ? Date.parse(card.createdAt) : Number.NaN;
  return Math.min(lastRunMs, Number.isNaN(createdAt) ? Infinity : createdAt);
}

async function stateOf({ connection, workflow }: Client, workflowId: string): Promise<string | null> {
  try {
    const ask = () => workflow.getHandle(workflowId).query(buildQuery);
    return JSON.stringify(await connection.withDeadline(Date.now() + ANSWERS_WITHIN_MS, ask));
  } catch {
    return null;
  }
}
