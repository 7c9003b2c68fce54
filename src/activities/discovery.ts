/**
 * The discovery phase: the Q Assistant reads the repository and writes a specification. It changes no file.
 */
import type { Outcome } from '../domain/build/outcome';
import type { StepTask } from './contract';
import type { Deps } from './deps';
import { roleContext } from './role-context';
import type { Sources } from './sources';
import { startingCommit } from './starting-commit';
import { stepCommits } from './steps/step-commits';
import { takeStep } from './steps/take-step';
import type { Answer } from './steps/take-step';

/** Gives the specification as the phase's output. Where a blocking question is open, the outcome is `ask` and the build waits. */
export async function discover(deps: Deps, task: StepTask, sources: Sources): Promise<Outcome> {
  const startCommits = await startingCommit(deps, task, sources.request);
  return takeStep(
    deps,
    { ...task, phase: 'discovery' },
    {
      ...stepCommits(task, sources.request, startCommits),
      // The build takes its base commit from the outcome of planning, not from this phase.
      setsBase: false,
      open: () => roleContext(deps, task, { sources, ...startCommits }),
      finish: (answer) => judgeSpecification(deps, task, answer),
    },
  );
}

async function judgeSpecification(
  deps: Deps,
  task: StepTask,
  { output, by, usage }: Answer<'discovery'>,
): Promise<Outcome> {
  const storedOutput = await deps.artifacts.put(JSON.stringify(output));
  const blocking = output.open_questions.filter(
    (question) => question.blocking && !Object.hasOwn(task.answers, question.id),
  );
  if (blocking.length > 0) {
    return { kind: 'ask', by, usage, output: storedOutput, questions: blocking.map(({ id, text }) => ({ id, text })) };
  }
  const notes = `specification with ${output.requirements.length} requirements`;
  return { kind: 'worked', by, usage, output: storedOutput, objections: [], notes };
}
