/**
 * Reports a build to its project's ledger, and keeps the finished build beyond Temporal's retention.
 *
 * The worker that sends a report proves it, so a report must be about the build whose activity runs.
 */
import { Context } from '@temporalio/activity';
import { Failure } from '../domain/failures';
import { workflowIdOf } from '../domain/ids';
import type { BuildState } from '../domain/build/state';
import type { Outcome } from '../domain/build/outcomes';
import type { BuildReport } from '../domain/project';
import { redactValue } from '../inspect/secrets/redact';
import { isProven } from '../domain/project-input';
import type { Attempted, PhaseTask } from './contract';
import type { Deps } from './deps';

export async function reportBuild(deps: Deps, projectId: string, report: BuildReport): Promise<void> {
  await deps.ledger.report(projectId, [ofThisRun(projectId, report)]);
}

/** Throws Failure `Build.Malformed` for the report of another build than the one whose activity runs. */
function ofThisRun(projectId: string, report: BuildReport): BuildReport {
  const { workflowId, runId: run } = Context.current().info.workflowExecution ?? { workflowId: '', runId: '' };
  const named = workflowIdOf({ projectId, buildId: report.buildId });
  if (workflowId === named) return { ...report, run };
  throw new Failure('Build.Malformed', `workflow ${workflowId} reports of ${named}, which is another build`);
}

export function proveReports({ proofs }: Deps, projectId: string, reports: BuildReport[]): Promise<boolean[]> {
  return Promise.all(reports.map(async (report) => isProven(report) && (await proofs.holds(projectId, report))));
}

export async function recordBuild(deps: Deps, build: BuildState, report: BuildReport): Promise<void> {
  const workflowId = workflowIdOf(build);
  // Both must have happened, in whichever order: each is safe to repeat.
  await Promise.all([
    deps.documents.replace('records', workflowId, redactValue(build).value),
    deps.ledger.report(build.projectId, [ofThisRun(build.projectId, report)]),
  ]);
  if (build.cancelled) await deps.ledger.requestCancel(workflowId);
}

/**
 * A role's activity that also sends the build's report to the ledger: a model call takes seconds, so the build does not wait for a local
 * activity of its own. A ledger that cannot be reached delays no work; the workflow then sends the report.
 */
export function withLedgerReport<T extends PhaseTask>(
  deps: Pick<Deps, 'ledger'>,
  run: (task: T) => Promise<Outcome>,
): (task: T) => Promise<Attempted> {
  return async (task) => {
    const reporting = isReported(deps, task);
    const outcome = await run(task);
    return (await reporting) ? { ...outcome, told: true } : outcome;
  };
}

async function isReported({ ledger }: Pick<Deps, 'ledger'>, { projectId, report }: PhaseTask): Promise<boolean> {
  if (report === undefined) return false;
  try {
    await ledger.report(projectId, [ofThisRun(projectId, report)]);
    return true;
  } catch {
    return false;
  }
}
