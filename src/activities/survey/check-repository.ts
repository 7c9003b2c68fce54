/**
 * Makes the repository report without a build: reads, installs and tests the repository as the survey of a build does. Its workspace
 * entries have a build id that no real build has.
 */
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { SurveyRef } from '../../domain/repository-report';
import { hexOf } from '../../domain/ids';
import { readCheckRequest } from '../../requests/check-request';
import type { CheckTask } from '../contract';
import type { Deps } from '../deps';
import { surveyBeforeWork } from './with-survey';

export async function checkRepository(deps: Deps, { projectId, request }: CheckTask): Promise<SurveyRef> {
  const { info, cancellationSignal } = Context.current();
  const checkRequest = readCheckRequest((await deps.artifacts.get(request)).toString('utf8'), request);
  // The same request has the same id, and its workflow id allows one check at a time. So this check may remove what a killed check
  // left behind.
  const checkId = { projectId, buildId: `check-${(hexOf(request) ?? '').slice(0, 32)}` };
  if (info.attempt === 1) await deps.workspace.forget(checkId);
  const forgetWorkspace = async (): Promise<void> => {
    // After a cancellation or a lost heartbeat, another try may use the workspace already.
    if (!cancellationSignal.aborted) await deps.workspace.forget(checkId).catch(() => undefined);
  };
  try {
    const survey = await surveyBeforeWork(deps, { ...checkId, isLook: true, base: null, commit: null }, checkRequest);
    await forgetWorkspace();
    return survey;
  } catch (error) {
    // After a try that is not the last one the workspace stays, because the next try uses the base commit in it.
    const isLast = info.attempt === info.retryPolicy?.maximumAttempts;
    if (isLast || (error instanceof ApplicationFailure && error.nonRetryable === true)) await forgetWorkspace();
    throw error;
  }
}
