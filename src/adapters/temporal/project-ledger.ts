/**
 * The project's ledger, reached by signal; it is started by the first report.
 *
 * Reports that come while one is under way go together in the next: each signal costs the ledger a workflow task.
 * Each has a proof, since Temporal takes signals from anybody.
 */
import type { Client } from '@temporalio/client';
import type { Ledger } from '../../ports/project-ledger';
import type { ReportProofs } from '../../ports/report-proofs';
import type { BuildReport } from '../../domain/project';
import { PROJECT_WORKFLOW, ledgerOptions, reportSignal } from '../../workflows/messages';

const ANSWERS_WITHIN_MS = 8_000;

export function createProjectLedger(client: Client, taskQueue: string, proofs: ReportProofs): Ledger {
  const signal = async (projectId: string, reports: BuildReport[]) => {
    const proven = await Promise.all(reports.map((report) => proofs.prove(projectId, report)));
    const args: [BuildReport[]] = [proven];
    // Work that is done waits for this: a server that says nothing must not hold it up for long.
    await client.connection.withDeadline(Date.now() + ANSWERS_WITHIN_MS, () =>
      client.workflow.signalWithStart(PROJECT_WORKFLOW, {
        ...ledgerOptions(projectId, taskQueue),
        ...{ signal: reportSignal, signalArgs: args },
      }),
    );
  };
  return {
    report: together(signal),
    async requestCancel(workflowId) {
      await client.workflow.getHandle(workflowId).cancel();
    },
  };
}

/** Far below what one payload may hold; a report is a few hundred bytes. */
const MOST_AT_ONCE = 200;

/** One call a project at a time; what comes meanwhile shares the next, and its end. */
function together(send: (projectId: string, reports: BuildReport[]) => Promise<void>): Ledger['report'] {
  const lines = new Map<string, { waiting: BuildReport[]; next: Promise<void> }>();
  return (projectId, reports) => {
    const line = lines.get(projectId);
    if (line !== undefined && line.waiting.length > 0 && line.waiting.length + reports.length <= MOST_AT_ONCE) {
      line.waiting.push(...reports);
      return line.next;
    }
    const waiting = [...reports];
    const before = line?.next.catch(() => undefined) ?? Promise.resolve();
    const next = before.then(() => send(projectId, waiting.splice(0)));
    const mine = { waiting, next };
    lines.set(projectId, mine);
    const leave = () => void (lines.get(projectId) === mine && lines.delete(projectId));
    next.then(leave, leave);
    return next;
  };
}
