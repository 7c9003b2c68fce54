/**
 * Reads the stats of a project from its ledger. A ledger that an operator terminated or deleted is started again, and counts the
 * existing builds.
 */
import { QueryRejectedError, WorkflowClient, WorkflowNotFoundError } from '@temporalio/client';
import type { ProjectStats } from '../domain/project';
import { PROJECT_WORKFLOW, ledgerOptions, lookSignal, projectWorkflowId, statsQuery } from '../workflows/messages';
import type { ApiDeps } from './deps';
import { hasAnyBuild } from './listing';
import { Problem } from './problems';
import { callTemporal } from './temporal-calls';

/** How long an answer waits for a restarted ledger, which reads its builds one by one. */
const COUNT_WAIT_MS = 8_000;
const QUERY_INTERVAL_MS = 50;
/** QUERY_REJECT_CONDITION_NOT_OPEN of the Temporal API. */
const NOT_OPEN = 'NOT_OPEN';

/** Null for a project that has no build. */
export async function readStats(deps: ApiDeps, projectId: string): Promise<ProjectStats | null> {
  let stats = await queryStats(deps, projectId);
  if (stats === null && !(await restartLedger(deps, projectId))) return null;
  for (const deadline = Date.now() + COUNT_WAIT_MS; stats === null || stats.isCounting === true;) {
    if (Date.now() > deadline)
      throw new Problem('Answer.Late', 'the builds of the project are being counted; send the request again');
    await new Promise((resolve) => setTimeout(resolve, QUERY_INTERVAL_MS));
    stats = await queryStats(deps, projectId);
  }
  return stats;
}

/** False if the project has no build: callers must not be able to start ledgers for names that do not exist. */
async function restartLedger(deps: ApiDeps, projectId: string): Promise<boolean> {
  const recorded = await deps.documents.list('records', `${projectId}.`);
  if (recorded.length === 0 && !(await hasAnyBuild(deps, projectId))) return false;
  const options = { ...ledgerOptions(projectId, deps.taskQueue), signal: lookSignal, signalArgs: [] as [] };
  await callTemporal(deps, () => deps.client.workflow.signalWithStart(PROJECT_WORKFLOW, options), true);
  return true;
}

/** Null if no ledger runs. A closed ledger would answer too, with old counts, so queries to it are rejected. */
async function queryStats(deps: ApiDeps, projectId: string): Promise<ProjectStats | null> {
  const { connection, workflow } = deps.client;
  const openOnly = new WorkflowClient({ ...workflow.options, connection, queryRejectCondition: NOT_OPEN });
  try {
    return await callTemporal(deps, () => openOnly.getHandle(projectWorkflowId(projectId)).query(statsQuery), true);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError || error instanceof QueryRejectedError) return null;
    throw error;
  }
}
