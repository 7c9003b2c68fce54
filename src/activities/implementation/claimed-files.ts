/**
 * Makes a commit of the work that an external Code Writer handed over, so that it can be measured: the commit that it pushed to the
 * build's branch, and on top of that the files of its result.
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
export async function commitHandedOver(
  deps: Deps,
  task: PhaseTask,
  { request, outputs }: Sources,
): Promise<{ base: string; commit: string }> {
  const { projectId, buildId, requestKey, generation, attempt, turn } = task;
  const draft = await draftHandedOver(deps, task, { request, outputs });
  if (draft.message === null) return { base: draft.base, commit: draft.start };
  const { draftCommit, message, pushed } = draft;
  const at = { projectId, buildId, requestKey, commit: draft.start };
  const mark = { phase: 'implementation' as const, generation, attempt, turn };
  const { commit } = await deps.workspace.publish(at, { draftCommit, message, mark, pushed });
  return { base: draft.base, commit };
}

/** External work as a commit that no branch points to. `message` null: there is none, and the draft is the commit of the start. */
export interface HandedDraft {
  base: string;
  start: string;
  draftCommit: string;
  message: string | null;
  pushed?: string | undefined;
}

export async function draftHandedOver(
  deps: Pick<Deps, 'workspace'>,
  task: Pick<PhaseTask, 'projectId' | 'buildId' | 'requestKey' | 'generation' | 'base' | 'commit'>,
  { request, outputs }: { request: Sources['request']; outputs: Pick<Sources['outputs'], 'implementation'> },
): Promise<HandedDraft> {
  const { projectId, buildId, requestKey, generation } = task;
  const { base, commit: start } = await startingCommit(deps, task, request);
  const none = { base, start, draftCommit: start, message: null };
  if (outputs.implementation?.source !== 'claimed') return none;
  const at = { projectId, buildId, requestKey, commit: start };
  const pushed = (await deps.workspace.pushed(at, generation))?.commit;
  const files = claimedFiles(outputs.implementation);
  if (files.length === 0 && pushed === undefined) return none;
  const message = `${files.length > 0 ? 'files handed over' : 'work pushed'} by an external Code Writer`;
  const parent = pushed ?? start;
  const draftCommit =
    files.length === 0 ? parent : (await deps.workspace.apply({ ...at, commit: parent }, files, message)).commit;
  return { base, start, draftCommit, message, pushed };
}

/**
 * Gives the files of the result: all, or none if one entry is wrong. A result of the built-in Code Writer names a commit, which already
 * has its files.
 */
function claimedFiles(claimedOutput: EarlierOutput<'implementation'>): FileChange[] {
  if (firstMember(claimedOutput.stored, 'commit') !== undefined) return [];
  const files = codeSchema.shape.files.safeParse(claimedOutput.output.files);
  return files.success ? files.data : [];
}
