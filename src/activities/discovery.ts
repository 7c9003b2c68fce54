/**
 * The discovery phase: the Q Assistant reads the repository and writes a specification. It changes no file.
 */
import type { Outcome } from '../domain/build/outcome';
import type { Question } from '../domain/people/questions';
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
  const unanswered = output.open_questions.filter(({ id }) => !Object.hasOwn(task.answers, id));
  if (unanswered.some(({ blocking }) => blocking)) {
    const questions = unanswered.map(({ id, text, blocking, assumption }): Question => {
      const common = { id, text, askedBy: by, phase: 'discovery' as const };
      return blocking ? common : { ...common, optional: true, assumption };
    });
    return { kind: 'ask', by, usage, output: storedOutput, questions };
  }
  const assumptions = unanswered.map(({ id, text, assumption }) => ({
    id,
    text,
    assumption,
    phase: 'discovery' as const,
  }));
  const notes = `specification with ${output.requirements.length} requirements`;
  const assumed = assumptions.length === 0 ? {} : { assumptions };
  return { kind: 'worked', by, usage, output: storedOutput, objections: [], ...assumed, notes };
}
