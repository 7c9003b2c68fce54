/**
 * Book-keeping: tells the project's ledger, and keeps the finished build beyond Temporal's retention.
 */
import { workflowIdOf } from '../domain/build';
import type { BuildState } from '../domain/build';
import type { BuildReport } from '../domain/project';
import type { Deps } from './deps';

export async function reportBuild(deps: Deps, projectId: string, report: BuildReport): Promise<void> {
  await deps.ledger.report(projectId, [report]);
}

export async function recordBuild(deps: Deps, build: BuildState, report: BuildReport): Promise<void> {
  const workflowId = workflowIdOf(build);
  // Both must have happened, in whichever order: each is safe to repeat.
  await Promise.all([
    deps.documents.replace('records', workflowId, build),
    deps.ledger.report(build.projectId, [report]),
  ]);
  if (build.cancelled) await deps.ledger.requestCancel(workflowId);
}
