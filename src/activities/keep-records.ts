/**
 * Reports a build to its project's ledger, and stores the record of a finished build, which Temporal keeps for a limited time only.
 *
 * The worker signs each report that it sends, so the report must be about the build whose activity runs.
 */
import { Context } from '@temporalio/activity';
import { Failure } from '../domain/failures';
import { workflowIdOf } from '../domain/ids';
import type { BuildState } from '../domain/build/state';
import type { Outcome } from '../domain/build/outcome';
import type { BuildReport } from '../domain/project';
import { redactValue } from '../inspect/secrets/redact';
import { hasProof } from '../domain/project-input';
import type { PhaseOutcome, PhaseTask } from './contract';
import { reportOf } from '../domain/build/report';
import type { Deps } from './deps';
import { countRemaining, forgetReservations, keepSpend } from './spend-records';
import { withWholeSpend } from './whole-spend';

export async function reportBuild(deps: Deps, projectId: string, report: BuildReport): Promise<void> {
  await deps.ledger.report(projectId, [await ownReport(deps, projectId, report)]);
}

/** Adds the run id, and the cost of calls that the build has not counted. Throws Failure `Build.Malformed` where the report is about another build than the activity's. */
async function ownReport(deps: Pick<Deps, 'documents'>, projectId: string, report: BuildReport): Promise<BuildReport> {
  const { workflowId, runId: run } = Context.current().info.workflowExecution ?? { workflowId: '', runId: '' };
  const reportedId = workflowIdOf({ projectId, buildId: report.buildId });
  if (workflowId === reportedId) return { ...(await withWholeSpend(deps, projectId, report)), run };
  throw new Failure('Build.Malformed', `workflow ${workflowId} reports of ${reportedId}, which is another build`);
}

export function proveReports({ proofs }: Deps, projectId: string, reports: BuildReport[]): Promise<boolean[]> {
  return Promise.all(reports.map(async (report) => hasProof(report) && (await proofs.holds(projectId, report))));
}

export async function recordBuild(deps: Deps, ended: BuildState, report: BuildReport): Promise<void> {
  const workflowId = workflowIdOf(ended);
  const build = await countRemaining(deps, ended);
  const wholeReport = build === ended ? report : reportOf(build);
  // The order of the two does not matter, and both are safe to repeat.
  await Promise.all([
    deps.documents.replace('records', workflowId, redactValue(build).value),
    deps.ledger.report(build.projectId, [await ownReport(deps, build.projectId, wholeReport)]),
    keepSpend(deps, build),
  ]);
  if (build.budget !== undefined && build.spend !== undefined) await forgetReservations(deps, build);
  if (build.cancelled) await deps.ledger.requestCancel(workflowId);
}

/**
 * Wraps a role's activity so that it sends the build's report during its work, which saves a local activity. Where the ledger cannot
 * be reached, the work goes on and the workflow sends the report later.
 */
export function withLedgerReport<T extends PhaseTask>(
  deps: Pick<Deps, 'ledger' | 'documents'>,
  run: (task: T) => Promise<Outcome>,
): (task: T) => Promise<PhaseOutcome> {
  return async (task) => {
    const reporting = sendReport(deps, task);
    const outcome = await run(task);
    return (await reporting) ? { ...outcome, told: true } : outcome;
  };
}

/** Gives true where the report was sent. Never throws. */
async function sendReport(
  { ledger, documents }: Pick<Deps, 'ledger' | 'documents'>,
  { projectId, report }: PhaseTask,
): Promise<boolean> {
  if (report === undefined) return false;
  try {
    await ledger.report(projectId, [await ownReport({ documents }, projectId, report)]);
    return true;
  } catch {
    return false;
  }
}
