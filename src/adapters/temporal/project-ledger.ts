/**
 * The project's ledger, reached by signal; it is started by the first report.
 */
import type { Client } from '@temporalio/client';
import type { Ledger } from '../../activities/deps';
import { PROJECT_WORKFLOW, projectWorkflowId, reportSignal } from '../../workflows/messages';

export function createProjectLedger(client: Client, taskQueue: string): Ledger {
  return {
    async report(projectId, reports) {
      await client.workflow.signalWithStart(PROJECT_WORKFLOW, {
        workflowId: projectWorkflowId(projectId),
        taskQueue,
        args: [{ projectId }],
        signal: reportSignal,
        signalArgs: [reports],
        staticSummary: `Ledger of project ${projectId}`,
      });
    },
    async requestCancel(workflowId) {
      await client.workflow.getHandle(workflowId).cancel();
    },
  };
}
