/**
 * Discovery: the Q Assistant's first phase. Words in, checked words out; nothing is touched.
 */
import { contextText } from '../domain/context';
import type { Outcome } from '../domain/build/outcomes';
import type { PhaseTask } from './contract';
import type { Deps } from './deps';
import { askOnce } from './ask-role';
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
