/**
 * Planning: the Q Assistant's second phase. Words in, checked words out; nothing is touched.
 */
import { contextText } from '../domain/context';
import type { Outcome } from '../domain/build/outcomes';
import { askOnce } from './ask-role';
import { loadContext } from './context';
import type { PhaseTask } from './contract';
import type { Deps } from './deps';
import { startingCommit } from './starting-commit';

/** The plan; held back where a requirement has no criterion that shows it. */
export async function plan(deps: Deps, task: PhaseTask): Promise<Outcome> {
  const context = await loadContext(deps.artifacts, task);
  const { base, commit } = await startingCommit(deps, task);
  // Of the commit that the build stands on: after rework that is not the one it began at.
  const files = (await deps.workspace.list({ ...task, commit })).map((file) => file.path);
  const text = contextText({ ...context, files });
  const { output, by, usage, kept } = await askOnce(deps, { ...task, phase: 'planning' }, text);
  const required =
    (context.outputs.discovery as { requirements?: Array<{ id: string }> } | undefined)?.requirements ?? [];
  const covered = new Set(output.success_criteria.flatMap((criterion) => criterion.requirement_ids));
  const objections = required
    .filter(({ id }) => !covered.has(id))
    .map(({ id }) => `requirement ${id} has no success criterion`);
  const notes = `plan with ${output.steps.length} steps and ${output.success_criteria.length} criteria`;
  return { kind: 'worked', by, usage, output: kept, base, commit, objections, notes };
}
