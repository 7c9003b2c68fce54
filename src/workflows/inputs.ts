/**
 * Checks the inputs of the workflows before anything reads them: a person may start a workflow by hand, with any input.
 *
 * A wrong input fails the run once, and the message names the wrong member. A TypeError in the middle of a workflow would fail the
 * workflow task instead, which Temporal repeats for ever.
 */
import { ApplicationFailure, patched, workflowInfo } from '@temporalio/workflow';
import { buildInputProblem } from '../domain/build/input';
import { isId, workflowIdOf } from '../domain/ids';
import { noticesInputProblem } from '../domain/notices/outbox-input';
import { projectInputProblem } from '../domain/project-input';
import { aCount, aText, objectOf, checkedBy } from '../domain/shape';
import { noticesWorkflowId, projectWorkflowId } from './messages';
import type { BuildInput, CheckInput, NoticesInput, ProjectInput } from './messages';
import type { RestoreTask } from '../domain/restore';

const anId = checkedBy('1 to 64 letters, digits, "_" or "-"', isId);
const aCheck = objectOf({ projectId: anId, request: aText });
const aRestore = objectOf({
  ...{ projectId: anId, number: aCount, restoreId: aText },
  ...{ reason: aText, actor: aText, at: aText },
});

export function refuseForeignBuild(input: BuildInput): void {
  const problem =
    buildInputProblem(input) ?? foreignIdProblem(workflowIdOf('start' in input ? input.start : input.resumed));
  refuse(problem, 'start builds by POST /api/workflows/{project_id}/start');
}

export function refuseForeignProject(input: ProjectInput): void {
  const projectIdOf = (checked: ProjectInput) => ('resumed' in checked ? checked.resumed.projectId : checked.projectId);
  const problem = projectInputProblem(input) ?? foreignIdProblem(projectWorkflowId(projectIdOf(input)));
  refuse(problem, 'a ledger is started by the first build of its project');
}

export function refuseForeignNotices(input: NoticesInput): void {
  const projectIdOf = (checked: NoticesInput) => ('resumed' in checked ? checked.resumed.projectId : checked.projectId);
  const problem = noticesInputProblem(input) ?? foreignIdProblem(noticesWorkflowId(projectIdOf(input)));
  refuse(problem, 'the workflow is started by the first notice of its project');
}

export function refuseForeignCheck(input: CheckInput): void {
  refuse(aCheck(input, ''), 'check repositories by POST /api/workflows/{project_id}/check');
}

export function refuseForeignRestore(input: RestoreTask): void {
  refuse(aRestore(input, ''), 'restore releases by POST /api/projects/{project_id}/releases/{number}/restore');
}

/** Refuses an input of another workflow: this run would report its state under that other workflow's id. */
function foreignIdProblem(expectedId: string): string | null {
  const { workflowId } = workflowInfo();
  return workflowId === expectedId
    ? null
    : `the input is of the workflow ${expectedId}, and the id of this workflow is ${workflowId}`;
}

/** Asks for the `patched` marker only if the input is wrong, so that histories without the marker replay. */
function refuse(problem: string | null, wayOut: string): void {
  if (problem === null || !patched('input-checked')) return;
  throw ApplicationFailure.nonRetryable(
    `the input is wrong: ${problem.replace(/^ /, '(input) ')}; ${wayOut}`,
    MALFORMED,
  );
}

const MALFORMED = 'Build.Malformed';
