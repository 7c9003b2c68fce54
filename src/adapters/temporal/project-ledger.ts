/**
 * Sends reports to a project's ledger by signals; the first report starts the ledger.
 *
 * Reports that come while a signal is being sent are sent together in the next one, as each signal costs the ledger a workflow
 * task. Each report has a proof, since Temporal accepts signals from every client.
 */
import type { Client } from '@temporalio/client';
import type { Ledger } from '../../ports/project-ledger';
import type { ReportProofs } from '../../ports/report-proofs';
import type { BuildReport } from '../../domain/project';
import { PROJECT_WORKFLOW, ledgerOptions, reportSignal } from '../../workflows/messages';

const TIMEOUT_MS = 8_000;

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
    report: batchReports(signal),
    async requestCancel(workflowId) {
      await client.workflow.getHandle(workflowId).cancel();
    },
  };
}

/** A report has a few hundred bytes, so this is far below the limit of one payload. */
const MAX_BATCH_SIZE = 200;

/** Sends one batch for a project at a time. Reports that come meanwhile form the next batch, and share its result. */
function batchReports(send: (projectId: string, reports: BuildReport[]) => Promise<void>): Ledger['report'] {
  const batches = new Map<string, { waiting: BuildReport[]; sending: Promise<void> }>();
  return (projectId, reports) => {
    const current = batches.get(projectId);
    if (
      current !== undefined &&
      current.waiting.length > 0 &&
      current.waiting.length + reports.length <= MAX_BATCH_SIZE
    ) {
      current.waiting.push(...reports);
      return current.sending;
    }
    const waiting = [...reports];
    const previousBatch = current?.sending.catch(() => undefined) ?? Promise.resolve();
    const sending = previousBatch.then(() => send(projectId, waiting.splice(0)));
    const batch = { waiting, sending };
    batches.set(projectId, batch);
    const removeBatch = () => void (batches.get(projectId) === batch && batches.delete(projectId));
    sending.then(removeBatch, removeBatch);
    return sending;
  };
}
