/**
 * The repository report without a build: the same look, install and test run, over a line of work that no build has.
 */
import { Context } from '@temporalio/activity';
import type { SurveyRef } from '../../domain/repository-report';
import { hexOf } from '../../domain/ids';
import { readCheckRequest } from '../../requests/check-request';
import type { CheckTask } from '../contract';
import type { Deps } from '../deps';
import { surveyBeforeWork } from './with-survey';

export async function checkRepository(deps: Deps, { projectId, request }: CheckTask): Promise<SurveyRef> {
  const asked = readCheckRequest((await deps.artifacts.get(request)).toString('utf8'), request);
  // One line for each question, which one check at a time asks: a later one finds and removes what a killed one left.
  const line = { projectId, buildId: `check-${(hexOf(request) ?? '').slice(0, 32)}` };
  // Another try adopts the base that was read.
  if (Context.current().info.attempt === 1) await deps.workspace.forget(line);
  try {
    return await surveyBeforeWork(deps, { ...line, isLook: true, base: null, commit: null }, asked);
  } finally {
    // What stays behind then is of no build and shown to nobody; the same check removes it when it is asked again.
    await deps.workspace.forget(line).catch(() => undefined);
  }
}
