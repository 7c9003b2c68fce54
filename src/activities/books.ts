/**
 * Book-keeping: tells the project's ledger, and keeps the finished build beyond Temporal's retention.
 */
import { workflowIdOf } from '../domain/ids';
import type { BuildState } from '../domain/build/state';
import type { Outcome } from '../domain/build/outcomes';
import type { BuildReport } from '../domain/project';
import { redactValue } from '../inspect/secrets/redact';
import type { Attempted, PhaseTask } from './contract';
import type { Deps } from './deps';

export async function reportBuild(deps: Deps, projectId: string, report: BuildReport): Promise<void> {
  await deps.ledger.report(projectId, [report]);
}

export async function recordBuild(deps: Deps, build: BuildState, report: BuildReport): Promise<void> {
  const workflowId = workflowIdOf(build);
  // Both must have happened, in whichever order: each is safe to repeat.
  await Promise.all([
    deps.documents.replace('records', workflowId, redactValue(build).value),
    deps.ledger.report(build.projectId, [report]),
  ]);
  if (build.cancelled) await deps.ledger.requestCancel(workflowId);
}

/**
 * Work of a role that takes the build's news to the ledger along: a model call takes seconds, and the build would wait for a
 * local activity of its own. A ledger that cannot be reached holds up no work; the workflow then tells it by itself.
 */
export function alongside<T extends PhaseTask>(
  deps: Pick<Deps, 'ledger'>,
  run: (task: T) => Promise<Outcome>,
): (task: T) => Promise<Attempted> {
  return async (task) => {
    const telling = isTold(deps, task);
    const outcome = await run(task);
    return (await telling) ? { ...outcome, told: true } : outcome;
  };
}

async function isTold({ ledger }: Pick<Deps, 'ledger'>, { projectId, report }: PhaseTask): Promise<boolean> {
  if (report === undefined) return false;
  return ledger.report(projectId, [report]).then(
    () => true,
    () => false,
  );
}
