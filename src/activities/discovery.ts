/**
 * Discovery: the Q Assistant's first phase. It looks at the repository and asks; nothing is touched.
 */
import type { Outcome } from '../domain/build/outcomes';
import type { StepTask } from './contract';
import type { Deps } from './deps';
import { roleContext } from './role-context';
import type { Sources } from './sources';
import { startingCommit } from './starting-commit';
import { placeOf } from './steps/place';
import { takeStep } from './steps/take-step';
import type { Answer } from './steps/take-step';

/** The specification; with a blocking question open, the build waits for a person's answer. */
export async function discover(deps: Deps, task: StepTask, sources: Sources): Promise<Outcome> {
  const begun = await startingCommit(deps, task, sources.request);
  return takeStep(
    deps,
    { ...task, phase: 'discovery' },
    {
      ...placeOf(task, sources.request, begun),
      // The build takes its base over with the plan.
      isBased: false,
      open: () => roleContext(deps, task, { sources, ...begun }),
      finish: (answer) => specify(deps, task, answer),
    },
  );
}

async function specify(deps: Deps, task: StepTask, { output, by, usage }: Answer<'discovery'>): Promise<Outcome> {
  const kept = await deps.artifacts.put(JSON.stringify(output));
  const blocking = output.open_questions.filter(
    (question) => question.blocking && !Object.hasOwn(task.answers, question.id),
  );
  if (blocking.length > 0) {
    return { kind: 'ask', by, usage, output: kept, questions: blocking.map(({ id, text }) => ({ id, text })) };
  }
  const notes = `specification with ${output.requirements.length} requirements`;
  return { kind: 'worked', by, usage, output: kept, objections: [], notes };
}
