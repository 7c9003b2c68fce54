/**
 * The stats of a project, from its ledger. One that an operator terminated or deleted is begun anew here, and counts what there is.
 */
import { QueryRejectedError, WorkflowClient, WorkflowNotFoundError } from '@temporalio/client';
import type { ProjectStats } from '../domain/project';
import { PROJECT_WORKFLOW, ledgerOptions, lookSignal, projectWorkflowId, statsQuery } from '../workflows/messages';
import type { ApiDeps } from './deps';
import { isAnyBuild } from './listing';
import { Problem } from './problems';
import { reach } from './temporal-calls';

/** Of the first look of a ledger that was begun anew; its builds are read one by one. */
const COUNTED_WITHIN_MS = 8_000;
const ASKED_EVERY_MS = 50;
/** QUERY_REJECT_CONDITION_NOT_OPEN of the Temporal API. */
const NOT_OPEN = 'NOT_OPEN';

/** Null for a project that has no build. */
export async function readStats(deps: ApiDeps, projectId: string): Promise<ProjectStats | null> {
  let stats = await queryStats(deps, projectId);
  if (stats === null && !(await beginAnew(deps, projectId))) return null;
  for (const deadline = Date.now() + COUNTED_WITHIN_MS; stats === null || stats.isCounting === true;) {
    if (Date.now() > deadline)
      throw new Problem('Answer.Late', 'the ledger of the project is being counted; ask again');
    await new Promise((resolve) => setTimeout(resolve, ASKED_EVERY_MS));
    stats = await queryStats(deps, projectId);
  }
  return stats;
}

/** False where the project has no build: nobody can begin ledgers of names that nothing has. */
async function beginAnew(deps: ApiDeps, projectId: string): Promise<boolean> {
  const recorded = await deps.documents.list('records', `${projectId}.`);
  if (recorded.length === 0 && !(await isAnyBuild(deps, projectId))) return false;
  const options = { ...ledgerOptions(projectId, deps.taskQueue), signal: lookSignal, signalArgs: [] as [] };
  await reach(deps, () => deps.client.workflow.signalWithStart(PROJECT_WORKFLOW, options), true);
  return true;
}

/** Null where no ledger runs: one that has ended answers too, with what it knew then. */
async function queryStats(deps: ApiDeps, projectId: string): Promise<ProjectStats | null> {
  const { connection, workflow } = deps.client;
  const asking = new WorkflowClient({ ...workflow.options, connection, queryRejectCondition: NOT_OPEN });
  try {
    return await reach(deps, () => asking.getHandle(projectWorkflowId(projectId)).query(statsQuery), true);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError || error instanceof QueryRejectedError) return null;
    throw error;
  }
}
