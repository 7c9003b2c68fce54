/**
 * Checks a repository: starts the check or joins one that runs or has just ended, and waits up to 20 s for its result.
 */
import { WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { hexOf } from '../domain/ids';
import { writeCheckRequest } from '../requests/check-request';
import type { CheckBody } from '../requests/check-request';
import { CHECK_WORKFLOW, WORKFLOW_TASK_TIMEOUT, checkWorkflowId } from '../workflows/messages';
import type { CheckResult } from '../workflows/messages';
import type { ApiDeps } from './deps';
import { Problem } from './problems';
import { resolveRepository } from './repository';
import { callTemporal, requireWorker, waitFor } from './temporal-calls';

const WAIT_MS = 20_000;
/** Within this time the same request gets the last result; later the repository may have changed. */
const FRESH_MS = 15_000;

export interface CheckAnswer {
  checkId: string;
  /** Undefined: the check has not ended yet. */
  result: CheckResult | undefined;
}

export async function checkRepository(deps: ApiDeps, projectId: string, body: CheckBody): Promise<CheckAnswer> {
  const repository = await resolveRepository(body.repository, deps);
  const { digest } = await deps.artifacts.put(writeCheckRequest({ ...body, repository }));
  const checkId = checkWorkflowId(projectId, (hexOf(digest) ?? '').slice(0, 32));
  if (!(await hasFreshResult(deps, checkId))) {
    await requireWorker(deps);
    await callTemporal(deps, () => startCheck(deps, checkId, { projectId, request: digest }));
  }
  const handle = deps.client.workflow.getHandle(checkId);
  try {
    const result = await waitFor(deps, WAIT_MS, () => handle.result() as Promise<CheckResult>);
    return { checkId, result };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    throw new Problem(
      'Answer.Late',
      'the check was ended in Temporal before it had a result; send the same request again',
    );
  }
}

async function hasFreshResult({ client, ...deps }: ApiDeps, checkId: string): Promise<boolean> {
  try {
    const { status, closeTime } = await callTemporal({ client, ...deps }, () =>
      client.workflow.getHandle(checkId).describe(),
    );
    return status.name === 'COMPLETED' && Date.now() - (closeTime?.getTime() ?? 0) < FRESH_MS;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

/** Starts the check, or joins the one that already runs under this id. */
function startCheck({ client, taskQueue }: ApiDeps, checkId: string, input: { projectId: string; request: string }) {
  return client.workflow.start(CHECK_WORKFLOW, {
    workflowId: checkId,
    taskQueue,
    args: [input],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
  });
}
