/**
 * Discovery and planning: the Q Assistant's two phases. Words in, checked words out; nothing is touched.
 */
import { contextText } from '../domain/context';
import type { Outcome } from '../domain/build/outcomes';
import type { PhaseTask } from './contract';
import type { Deps } from './deps';
import { askOnce } from './ask-role';
import { startingCommit } from './starting-commit';
import { loadContext } from './context';

/** The specification; with a blocking question open, the build waits for a person's answer. */
export async function discover(deps: Deps, task: PhaseTask): Promise<Outcome> {
  const context = await loadContext(deps.artifacts, task);
  const { output, by, usage, kept } = await askOnce(deps, { ...task, phase: 'discovery' }, contextText(context));
  const blocking = output.open_questions.filter(
    (question) => question.blocking && !Object.hasOwn(task.answers, question.id),
  );
  if (blocking.length > 0) {
    return { kind: 'ask', by, usage, output: kept, questions: blocking.map(({ id, text }) => ({ id, text })) };
  }
  const notes = `specification with ${output.requirements.length} requirements`;
  return { kind: 'worked', by, usage, output: kept, objections: [], notes };
}

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
