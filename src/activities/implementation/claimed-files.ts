/**
 * What an external Code Writer handed over becomes its commit, so that it can be measured: what it pushed to the build's branch,
 * and over that the whole files in its result.
 */
import { firstMember } from '../../domain/json';
import type { FileChange } from '../../ports/workspace';
import type { PhaseTask } from '../contract';
import type { Deps } from '../deps';
import type { EarlierOutput } from '../earlier-outputs';
import { codeSchema } from '../outputs';
import type { Sources } from '../sources';
import { startingCommit } from '../starting-commit';

/** The commit to judge, with what was handed over in it, and the one the build's branch began at. */
export async function handedOver(
  deps: Deps,
  task: PhaseTask,
  { request, outputs }: Sources,
): Promise<{ base: string; commit: string }> {
  const { projectId, buildId, requestKey, generation, attempt, turn } = task;
  const began = await startingCommit(deps, task, request);
  if (outputs.implementation?.source !== 'claimed') return began;
  const at = { projectId, buildId, requestKey, commit: began.commit };
  const pushed = (await deps.workspace.pushed(at, generation))?.commit;
  const files = claimedFiles(outputs.implementation);
  if (files.length === 0 && pushed === undefined) return began;
  const message = `${files.length > 0 ? 'files handed over' : 'work pushed'} by an external Code Writer`;
  const under = pushed ?? began.commit;
  const tree =
    files.length === 0 ? under : (await deps.workspace.apply({ ...at, commit: under }, files, message)).commit;
  const mark = { phase: 'implementation' as const, generation, attempt, turn };
  const { commit } = await deps.workspace.publish(at, { tree, message, mark, pushed });
  return { base: began.base, commit };
}

/** All of them or none: one entry that is no file makes the whole list unreadable. Our own are in the commit that they name. */
function claimedFiles(handed: EarlierOutput<'implementation'>): FileChange[] {
  if (firstMember(handed.stored, 'commit') !== undefined) return [];
  const files = codeSchema.shape.files.safeParse(handed.output.files);
  return files.success ? files.data : [];
}
