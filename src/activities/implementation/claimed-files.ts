/**
 * What an external Code Writer handed over: whole files in its result become its commit, so that they can be measured.
 */
import { firstMember } from '../../domain/json';
import type { FileChange } from '../../ports/workspace';
import type { PhaseTask } from '../contract';
import type { Deps } from '../deps';
import type { Handed } from '../handed';
import { codeSchema } from '../outputs';
import type { Sources } from '../sources';
import { startingCommit } from '../starting-commit';

/** The commit to judge, with the handed-over files in it, and the one the build's branch began at. */
export async function handedOver(
  deps: Deps,
  task: PhaseTask,
  { request, outputs }: Sources,
): Promise<{ base: string; commit: string }> {
  const { projectId, buildId, requestKey, generation, attempt, turn } = task;
  const began = await startingCommit(deps, task, request);
  const files = claimedFiles(outputs.implementation);
  if (files.length === 0) return began;
  const at = { projectId, buildId, requestKey, commit: began.commit };
  const message = 'files handed over by an external Code Writer';
  const { commit: tree } = await deps.workspace.apply(at, files, message);
  const mark = { phase: 'implementation' as const, generation, attempt, turn };
  const { commit } = await deps.workspace.publish(at, { tree, message, mark });
  return { base: began.base, commit };
}

/** All of them or none: one entry that is no file makes the whole list unreadable. Our own are in the commit that they name. */
function claimedFiles(handed: Handed<'implementation'> | undefined): FileChange[] {
  if (handed?.source !== 'claimed' || firstMember(handed.said, 'commit') !== undefined) return [];
  const files = codeSchema.shape.files.safeParse(handed.output.files);
  return files.success ? files.data : [];
}
