/**
 * Makes the survey of a build: before the first model call, the repository is read, installed and tested.
 *
 * The first activity of a role with a model makes it. If an external role comes first, the activity `survey` makes it.
 */
import { ApplicationFailure } from '@temporalio/common';
import type { Outcome } from '../../domain/build/outcome';
import type { SurveyRef } from '../../domain/repository-report';
import { summaryOf } from '../../domain/repository-report';
import { Failure, isRetryable } from '../../domain/failures';
import type { ArtifactStore } from '../../ports/artifacts';
import type { PhaseTask, StepTask } from '../contract';
import type { BeforeWork } from '../failure-details';
import type { Deps } from '../deps';
import type { Sources } from '../sources';
import { startingCommit } from '../starting-commit';
import { makeReport } from './make-report';
import type { SurveyRequest } from './make-report';

/** Wraps a phase. Where the survey fails, the activity fails before it calls the role's model. */
export function withSurvey<T extends PhaseTask>(
  deps: Deps,
  run: (task: T, sources: Sources) => Promise<Outcome>,
): (task: T, sources: Sources) => Promise<Outcome> {
  return async (task, sources) => {
    if (!isDue(task)) return run(task, sources);
    const survey = await surveyBeforeWork(deps, task, sources.request);
    return { ...(await run(task, sources)), survey };
  };
}

/**
 * True once a build, and again after its request was amended. A build that an older worker began gets no survey, because its first
 * model call is over.
 */
function isDue(task: PhaseTask & Partial<Pick<StepTask, 'step' | 'transcript'>>): boolean {
  if ((task.step ?? 1) > 1 || task.transcript != null) return false;
  if (task.survey !== undefined) return task.survey === null;
  return Object.values(task.sources ?? {}).every((source) => source === 'claimed');
}

/** Makes the survey. Throws an ApplicationFailure with the detail `BeforeWork`. */
export async function surveyBeforeWork(
  deps: Deps,
  task: Parameters<typeof startingCommit>[1],
  request: SurveyRequest,
): Promise<SurveyRef> {
  try {
    const { base } = await startingCommit(deps, task, request);
    return await keepReport(deps.artifacts, await makeReport(deps, { ...task, commit: base }, request));
  } catch (error) {
    if (error instanceof Failure) throw await failureBeforeWork(deps.artifacts, error);
    throw error;
  }
}

type Report = Awaited<ReturnType<typeof makeReport>>;

async function keepReport(artifacts: ArtifactStore, report: Report): Promise<SurveyRef> {
  return { ...(await artifacts.put(JSON.stringify(report))), summary: summaryOf(report) };
}

/** Makes the failure. The memo has no room for a long log, so the whole message becomes an artifact, which `status` shows. */
async function failureBeforeWork(artifacts: ArtifactStore, { type, message }: Failure): Promise<ApplicationFailure> {
  const { digest } = await artifacts.put(message);
  const detail: BeforeWork = { isBeforeWork: true, detailsDigest: digest };
  return ApplicationFailure.create({ type, message, nonRetryable: !isRetryable(type), details: [detail] });
}
