/**
 * Makes a commit of the work that an external Code Writer handed over, so that it can be measured: its push to the build's branch, and
 * on top of it the files of its result.
 */
import { firstMember } from '../../domain/json';
import type { FileChange } from '../../ports/workspace';
import type { PhaseTask } from '../contract';
import type { Deps } from '../deps';
import type { EarlierOutput } from '../earlier-outputs';
import { codeSchema } from '../outputs';
import type { Sources } from '../sources';
import { startingCommit } from '../starting-commit';

/** Gives the commit to judge, with the external work in it, and the build's base commit. */
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
  const parent = pushed ?? began.commit;
  const draftCommit =
    files.length === 0 ? parent : (await deps.workspace.apply({ ...at, commit: parent }, files, message)).commit;
  const mark = { phase: 'implementation' as const, generation, attempt, turn };
  const { commit } = await deps.workspace.publish(at, { draftCommit, message, mark, pushed });
  return { base: began.base, commit };
}

/**
 * Gives the files of the result: all or none, since one wrong entry makes the whole list invalid. A result of the built-in Code Writer
 * names a commit, which already has its files.
 */
function claimedFiles(handed: EarlierOutput<'implementation'>): FileChange[] {
  if (firstMember(handed.stored, 'commit') !== undefined) return [];
  const files = codeSchema.shape.files.safeParse(handed.output.files);
  return files.success ? files.data : [];
}
