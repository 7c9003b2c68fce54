/**
 * The repository report without a build: the same look, install and test run, over a line of work that no build has.
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
  const asked = readCheckRequest((await deps.artifacts.get(request)).toString('utf8'), request);
  // One line for each question, which one check at a time asks: a later one finds and removes what a killed one left.
  const line = { projectId, buildId: `check-${(hexOf(request) ?? '').slice(0, 32)}` };
  if (info.attempt === 1) await deps.workspace.forget(line);
  const end = async (): Promise<void> => {
    // A try that was cancelled, or has lost its heartbeat: the line may already be that of another one.
    if (!cancellationSignal.aborted) await deps.workspace.forget(line).catch(() => undefined);
  };
  try {
    const survey = await surveyBeforeWork(deps, { ...line, isLook: true, base: null, commit: null }, asked);
    await end();
    return survey;
  } catch (error) {
    // Another try adopts the base that was read.
    const isLast = info.attempt === info.retryPolicy?.maximumAttempts;
    if (isLast || (error instanceof ApplicationFailure && error.nonRetryable === true)) await end();
    throw error;
  }
}
