/**
 * Discovery: the Q Assistant's first phase. Words in, checked words out; nothing is touched.
 */
import type { Outcome } from '../domain/build/outcomes';
import type { PhaseTask } from './contract';
import type { Deps } from './deps';
import { askOnce } from './ask-role';
import { roleContext } from './role-context';
import type { Sources } from './sources';

/** The specification; with a blocking question open, the build waits for a person's answer. */
export async function discover(deps: Deps, task: PhaseTask, sources: Sources): Promise<Outcome> {
  const text = await roleContext(deps, task, { sources });
  const { output, by, usage, kept } = await askOnce(deps, { ...task, phase: 'discovery' }, text);
  const blocking = output.open_questions.filter(
    (question) => question.blocking && !Object.hasOwn(task.answers, question.id),
  );
  if (blocking.length > 0) {
    return { kind: 'ask', by, usage, output: kept, questions: blocking.map(({ id, text }) => ({ id, text })) };
  }
  const notes = `specification with ${output.requirements.length} requirements`;
  return { kind: 'worked', by, usage, output: kept, objections: [], notes };
}
