/**
 * What the workflows are begun with, checked before anything is read of it: anybody may start one by hand.
 *
 * A wrong input fails the run once, with the member that is wrong. Thrown in the middle, it would fail the workflow task, which
 * Temporal repeats for ever.
 */
import { ApplicationFailure, patched, workflowInfo } from '@temporalio/workflow';
import { buildInputProblem } from '../domain/build/input';
import { isId, workflowIdOf } from '../domain/ids';
import { projectInputProblem } from '../domain/project-input';
import { aCount, aText, objectOf, that } from '../domain/shape';
import { projectWorkflowId } from './messages';
import type { BuildInput, CheckInput, ProjectInput } from './messages';
import type { RestoreTask } from '../domain/restore';

const anId = that('1 to 64 letters, digits, "_" or "-"', isId);
const aCheck = objectOf({ projectId: anId, request: aText });
const aRestore = objectOf({
  ...{ projectId: anId, number: aCount, restoreId: aText },
  ...{ reason: aText, actor: aText, at: aText },
});

export function refuseForeignBuild(input: BuildInput): void {
  const problem = buildInputProblem(input) ?? foreignId(workflowIdOf('start' in input ? input.start : input.resumed));
  refuse(problem, 'start builds by POST /api/workflows/{project_id}/start');
}

export function refuseForeignProject(input: ProjectInput): void {
  const id = (given: ProjectInput) => ('resumed' in given ? given.resumed.projectId : given.projectId);
  const problem = projectInputProblem(input) ?? foreignId(projectWorkflowId(id(input)));
  refuse(problem, 'a ledger is started by the first build of its project');
}

export function refuseForeignCheck(input: CheckInput): void {
  refuse(aCheck(input, ''), 'check repositories by POST /api/workflows/{project_id}/check');
}

export function refuseForeignRestore(input: RestoreTask): void {
  refuse(aRestore(input, ''), 'restore releases by POST /api/projects/{project_id}/releases/{number}/restore');
}

/** Others would read and report it under the id that its input names. */
function foreignId(named: string): string | null {
  const { workflowId } = workflowInfo();
  return workflowId === named ? null : `the input is of ${named}, and the id of this workflow is ${workflowId}`;
}

/** Histories of before are replayed as they were: only a wrong input asks for the marker. */
function refuse(problem: string | null, wayOut: string): void {
  if (problem === null || !patched('input-checked')) return;
  throw ApplicationFailure.nonRetryable(
    `the input is wrong: ${problem.replace(/^ /, '(input) ')}; ${wayOut}`,
    MALFORMED,
  );
}

const MALFORMED = 'Build.Malformed';
