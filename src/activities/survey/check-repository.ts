/**
 * The repository report without a build: the same look, install and test run, over a line of work that no build has.
 */
import { Context } from '@temporalio/activity';
import type { SurveyRef } from '../../domain/repository-report';
import { readCheckRequest } from '../../requests/check-request';
import type { CheckTask } from '../contract';
import type { Deps } from '../deps';
import { surveyBeforeWork } from './with-survey';

export async function checkRepository(deps: Deps, { projectId, request }: CheckTask): Promise<SurveyRef> {
  const asked = readCheckRequest((await deps.artifacts.get(request)).toString('utf8'), request);
  // One line of work a run: another try adopts the base that was read, a later check reads it anew.
  const run = Context.current().info.workflowExecution?.runId ?? 'alone';
  return surveyBeforeWork(deps, { projectId, buildId: `check-${run}`, base: null, commit: null }, asked);
}
