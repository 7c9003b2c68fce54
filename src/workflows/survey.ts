/**
 * Makes the repository report of a build with an external role, while the build waits for that role. An answer of the role is taken
 * at once, also before the report is ready.
 */
import { CancellationScope, isCancellation, patched } from '@temporalio/workflow';
import type { BuildState } from '../domain/build/state';
import type { BuildStart } from '../domain/build/start';
import { needsSurvey, withSurvey } from '../domain/build/survey';
import type { SurveyOutcome } from '../domain/build/survey';
import { now } from './clock';
import type { BuildRun } from './handlers';
import { readBeforeWork, failureOf } from './phase';
import { taskOf } from './phase-task';
import { roleActivities } from './proxies';

/** Older histories have no survey during a wait, so `looksFirst` is removed from their start. */
export function startAsRecorded(start: BuildStart): BuildStart {
  const { looksFirst, ...startWithoutSurvey } = start;
  const hasExternalRole = Object.values(start.roles).includes('external');
  return looksFirst === true && hasExternalRole && patched('survey-outside') ? start : startWithoutSurvey;
}

export function createSurvey(run: BuildRun) {
  // Made for the first survey only: a scope takes a kilobyte of the heap of each open build.
  let scope: CancellationScope | undefined;
  let isRunning = false;
  /** Surveys again if the request was amended during the survey. */
  async function survey(surveyScope: CancellationScope): Promise<void> {
    while (needsSurvey(run.build)) {
      const surveyedBuild = run.build;
      const outcome = await surveyScope.run(() => runSurvey(surveyedBuild));
      if (outcome === null) return;
      if (run.build.request !== surveyedBuild.request) continue;
      run.build = withSurvey(run.build, outcome, now());
      if (outcome.kind === 'failed') return;
    }
  }
  return {
    isRunning: () => isRunning,
    /** Starts a survey if the build needs one and none is running. */
    begin(): void {
      if (isRunning || !needsSurvey(run.build)) return;
      isRunning = true;
      scope ??= new CancellationScope();
      void survey(scope).finally(() => (isRunning = false));
    },
    /** Cancels the survey; for a build that has ended. */
    stop: () => scope?.cancel(),
  };
}

/** Gives the report or the failure; null if the survey was cancelled. Never throws for a failed activity. */
async function runSurvey(build: BuildState): Promise<SurveyOutcome | null> {
  try {
    const report = await roleActivities.survey(taskOf(build, 'discovery'));
    return { kind: 'report', report };
  } catch (error) {
    if (isCancellation(error)) return null;
    return { kind: 'failed', ...failureOf(error), ...readBeforeWork(error) };
  }
}
