/**
 * Sends reports to a project's ledger by signals; the first report starts the ledger.
 *
 * Reports that come while a signal is being sent are sent together in the next one, as each signal costs the ledger a workflow
 * task. Each report has a proof, since Temporal accepts signals from every client.
 */
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import type { Ledger } from '../../ports/project-ledger';
import type { ReportProofs } from '../../ports/report-proofs';
import type { BuildReport } from '../../domain/project';
import { PROJECT_WORKFLOW, grantedSignal, ledgerOptions, reportSignal } from '../../workflows/messages';
import { createBatches } from './batches';

const TIMEOUT_MS = 8_000;
const MAX_CONCURRENT_SIGNALS = 16;

export function createProjectLedger(client: Client, taskQueue: string, proofs: ReportProofs): Ledger {
  const signal = async (projectId: string, reports: BuildReport[]) => {
    const proven = await Promise.all(reports.map((report) => proofs.prove(projectId, report)));
    const args: [BuildReport[]] = [proven];
    // Finished work waits for this call: a server that does not answer must not delay it for long.
    await client.connection.withDeadline(Date.now() + TIMEOUT_MS, () =>
      client.workflow.signalWithStart(PROJECT_WORKFLOW, {
        ...ledgerOptions(projectId, taskQueue),
        ...{ signal: reportSignal, signalArgs: args },
      }),
    );
  };
  return {
    report: createBatches(signal),
    async requestCancel(workflowId) {
      await client.workflow.getHandle(workflowId).cancel();
    },
    async wakeBuilds(workflowIds) {
      const rest = [...workflowIds];
      const wakeNext = async (): Promise<void> => {
        for (let id = rest.shift(); id !== undefined; id = rest.shift()) await wake(client, id);
      };
      await Promise.all(Array.from({ length: MAX_CONCURRENT_SIGNALS }, wakeNext));
    },
  };
}

/** A build that has ended needs no waking. */
async function wake(client: Client, workflowId: string): Promise<void> {
  try {
    await client.connection.withDeadline(Date.now() + TIMEOUT_MS, () =>
      client.workflow.getHandle(workflowId).signal(grantedSignal),
    );
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
