/**
 * Resets and deletes workflows as operators and attackers do, and reads what status, list and stats show afterwards.
 */
import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { until } from '../until';
import type { Api, Body } from './served';

/** Counts the builds of a project as the list, `status` and the stats show them. */
export async function countsInViews(api: Api, project: string) {
  const { body: list } = await api.get(`/api/workflows?project_id=${project}`);
  const { body: stats } = await api.get(`/api/workflows/project/${project}/stats`);
  const rows = list.workflows as Body[];
  const statuses = await Promise.all(
    rows.map(async ({ workflow_id }) => (await api.get(`/api/workflows/${workflow_id}/status`)).body),
  );
  return {
    ids: rows.map(({ workflow_id }) => workflow_id).sort(),
    listCounts: countsOf(rows),
    statusCounts: countsOf(statuses),
    statsCounts: { total: stats.total_workflows, failed: stats.failed, open: stats.in_progress },
  };
}

function countsOf(builds: Body[]) {
  const failed = builds.filter(({ status }) => status === 'error' || status === 'cancelled').length;
  const complete = builds.filter(({ status }) => status === 'complete').length;
  return { total: builds.length, failed, open: builds.length - failed - complete };
}

export async function resetWorkflow(client: Client, workflowId: string): Promise<void> {
  const { namespace } = client.options;
  const first = await until(
    async () =>
      (await client.workflow.getHandle(workflowId).fetchHistory()).events?.find(
        (one) => one.workflowTaskCompletedEventAttributes,
      ),
    (event) => event !== undefined,
  );
  await client.workflowService.resetWorkflowExecution({
    ...{ namespace, workflowExecution: { workflowId }, reason: 'a test', requestId: randomUUID() },
    workflowTaskFinishEventId: first?.eventId ?? null,
  });
}

export async function deleteWorkflow(client: Client, workflowId: string): Promise<void> {
  const { namespace } = client.options;
  await client.workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId } });
  await until(
    () =>
      client.workflow
        .getHandle(workflowId)
        .describe()
        .then(
          () => true,
          () => false,
        ),
    (exists) => !exists,
  );
}
