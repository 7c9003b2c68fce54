/**
 * The repository report of a build whose role is outside. It is made beside the wait for that role, whose answer is taken at
 * once and loses nothing by it.
 */
import { CancellationScope, isCancellation, patched } from '@temporalio/workflow';
import type { BuildStart, BuildState } from '../domain/build/state';
import { owesSurvey, surveyed } from '../domain/build/survey';
import type { Surveyed } from '../domain/build/survey';
import { now } from './clock';
import type { BuildRun } from './handlers';
import { beforeWork, failureOf, taskOf } from './phase';
import { work } from './proxies';

/** A history of before has no survey beside a wait, so its build must never owe one. */
export function startAsRecorded(start: BuildStart): BuildStart {
  const { looksFirst, ...rest } = start;
  const hasOutside = Object.values(start.roles).includes('external');
  return looksFirst === true && hasOutside && patched('survey-outside') ? start : rest;
}

export function createSurvey(run: BuildRun) {
  const scope = new CancellationScope();
  let isRunning = false;
  /** Again where the request was amended meanwhile. */
  async function survey(): Promise<void> {
    while (owesSurvey(run.build)) {
      const asked = run.build;
      const found = await scope.run(() => lookAt(asked));
      if (found === null) return;
      if (run.build.request !== asked.request) continue;
      run.build = surveyed(run.build, found, now());
      if (found.kind === 'failed') return;
    }
  }
  return {
    isRunning: () => isRunning,
    /** Where it is owed and not under way. */
    begin(): void {
      if (isRunning || !owesSurvey(run.build)) return;
      isRunning = true;
      void survey().finally(() => (isRunning = false));
    },
    /** The build has ended. */
    stop: () => scope.cancel(),
  };
}

/** Null where it was given up. Never throws for a failed activity. */
async function lookAt(build: BuildState): Promise<Surveyed | null> {
  try {
    const report = await work.survey(taskOf(build, 'discovery'));
    return { kind: 'report', report };
  } catch (error) {
    if (isCancellation(error)) return null;
    return { kind: 'failed', ...failureOf(error), ...beforeWork(error) };
  }
}
