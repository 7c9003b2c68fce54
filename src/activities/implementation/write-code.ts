/**
 * The implementation phase: the Code Writer changes files step by step, and its whole change is published as one commit.
 */
import { Failure } from '../../domain/failures';
import { judgeAll, reasonsOf } from '../../domain/gates';
import type { Outcome } from '../../domain/build/outcome';
import { startingCommit } from '../starting-commit';
import type { StepTask } from '../contract';
import type { Deps } from '../deps';
import type { TreeAt } from '../../ports/workspace';
import { keepAccount } from '../verification/facts/account';
import { keepDiff } from '../keep-diff';
import { roleContext } from '../role-context';
import type { Sources } from '../sources';
import { stepCommits } from '../steps/step-commits';
import { takeStep } from '../steps/take-step';
import type { Answer, Rejected } from '../steps/take-step';

interface AttemptCommits {
  base: string;
  /** The commit at which this attempt began: the parent of the commit that it publishes. */
  startCommit: string;
  at: TreeAt;
}

export async function writeCode(deps: Deps, task: StepTask, sources: Sources): Promise<Outcome> {
  const { base, commit: began } = await startingCommit(deps, task, sources.request);
  const place = stepCommits(task, sources.request, { base, commit: began });
  return takeStep(
    deps,
    { ...task, phase: 'implementation' },
    {
      ...place,
      open: () => roleContext(deps, task, { sources, base, commit: place.at.commit }),
      finish: (answer) => publish(deps, task, { place: { base, startCommit: began, at: place.at }, answer }),
    },
  );
}

type CodeAnswer = Answer<'implementation'>;

async function publish(
  deps: Deps,
  task: StepTask,
  { place, answer }: { place: AttemptCommits; answer: CodeAnswer },
): Promise<Outcome | Rejected> {
  const { at, startCommit: began } = place;
  const { output } = answer;
  const draftCommit = await addAnswerFiles(deps, at, answer);
  if (typeof draftCommit !== 'string') return draftCommit;
  const changes = await deps.workspace.contentChanges(at, began, draftCommit);
  await keepAccount(deps.documents, task, { output, written: answer.conversation.touched, changes });
  const { phase, generation, attempt, turn } = task;
  const mark = { phase, generation, attempt, turn };
  const published = await deps.workspace.publish(
    { ...at, commit: began },
    { draftCommit, message: output.summary, mark },
  );
  return toOutcome(deps, task, { place, answer, ...published });
}

/** Adds the files of the answer to the draft commit of the tools. */
async function addAnswerFiles(
  { workspace }: Pick<Deps, 'workspace'>,
  at: TreeAt,
  { output, mayReject }: CodeAnswer,
): Promise<string | Rejected> {
  if (output.files.length === 0) return at.commit;
  try {
    return (await workspace.apply(at, output.files, output.summary)).commit;
  } catch (error) {
    if (!(error instanceof Failure) || error.type !== 'Workspace.PathRefused') throw error;
    const reason = `none of these files was written: ${error.message}`;
    if (mayReject) return { kind: 'rejected', reasons: [reason] };
    throw new Failure('Role.OutputInvalid', reason);
  }
}

async function toOutcome(
  deps: Deps,
  task: StepTask,
  { place, answer, commit, changed }: { place: AttemptCommits; answer: CodeAnswer; commit: string; changed: string[] },
): Promise<Outcome> {
  const { base, startCommit: began } = place;
  const { output, by, usage } = answer;
  const diff = await keepDiff(deps, task, { from: began, to: commit });
  const storedOutput = await deps.artifacts.put(JSON.stringify({ ...output, commit, files_changed: changed, diff }));
  const mayBeUnchanged = task.approvals.length > 0 && commit !== base;
  const objections = reasonsOf(judgeAll('answer_of_coder', { changed, mayStand: mayBeUnchanged }));
  const unchanged = changed.length === 0 && commit !== base ? { isUnchanged: true as const } : {};
  const notes = `${changed.length} ${changed.length === 1 ? 'file' : 'files'} changed: ${changed.slice(0, 8).join(', ')}`;
  return { kind: 'worked', by, usage, output: storedOutput, base, commit, objections, ...unchanged, notes };
}
