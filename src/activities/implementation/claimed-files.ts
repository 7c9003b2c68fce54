/**
 * What an external Code Writer handed over: whole files in its result become its commit, so that they can be measured.
 */
import { startingCommit } from '../starting-commit';
import type { PhaseTask } from '../contract';
import type { Deps } from '../deps';
import type { TreeAt } from '../../ports/workspace';
import { codeSchema } from '../outputs';
import { loadContext } from '../context';

/** The commit to judge, with the handed-over files in it, and the one the build's branch began at. */
export async function handedOver(deps: Deps, task: PhaseTask): Promise<{ base: string; commit: string }> {
  const { projectId, buildId } = task;
  const { base, commit } = await startingCommit(deps, task);
  const at = await withClaimedFiles(deps, task, { projectId, buildId, commit });
  return { base, commit: at.commit };
}

async function withClaimedFiles(deps: Deps, task: PhaseTask, at: TreeAt): Promise<TreeAt> {
  const context = await loadContext(deps.artifacts, task);
  const claimed = codeSchema.shape.files.safeParse(
    (context.outputs.implementation as { files?: unknown } | undefined)?.files,
  );
  const published = (context.outputs.implementation as { commit?: unknown } | undefined)?.commit;
  if (!claimed.success || claimed.data.length === 0 || published !== undefined) return at;
  const message = 'files handed over by an external Code Writer';
  const { commit: tree } = await deps.workspace.apply(at, claimed.data, message);
  const { generation, attempt, turn } = task;
  const mark = { phase: 'implementation' as const, generation, attempt, turn };
  const { commit } = await deps.workspace.publish(at, { tree, message, mark });
  return { ...at, commit };
}
