/**
 * One attempt at a phase: the activity it takes, its steps, and what its end means.
 */
import { ActivityFailure, ApplicationFailure, condition, isCancellation } from '@temporalio/workflow';
import type { CancellationScope } from '@temporalio/workflow';
import type { Attempted, BeforeWork, CodeTask, PhaseTask } from '../activities/contract';
import type { BuildState } from '../domain/build/state';
import type { Outcome } from '../domain/build/outcomes';
import { isFailureType, shortMessage } from '../domain/failures';
import type { FailureType } from '../domain/failures';
import { PHASE_OWNER, ROLE_TITLE } from '../domain/roles';
import type { Phase } from '../domain/roles';
import type { BuildReport } from '../domain/project';
import { effects, work } from './proxies';

/** Bound on the Code Writer's steps in one attempt; each is one model call. */
const STEPS_LIMIT = 40;
const NOTHING_USED = { calls: 0, inputTokens: null, outputTokens: null };

/** What goes on around the work, and who hears of its steps. */
export interface Surroundings {
  /** Cancelled once the work is void. */
  scope: CancellationScope;
  /** No further step is begun. */
  isPaused: () => boolean;
  /** After each step but the last: it is paid for, whatever becomes of the next. */
  onStep: (outcome: Outcome) => void;
  /** What the ledger does not know yet; asked before each activity, which takes it along. */
  news: () => BuildReport | undefined;
  /** The ledger knows it now. */
  onTold: () => void;
}

/** A build whose phase a model works on. */
export type BuildAtWork = BuildState & { state: Phase };

/** Null where the work became void; otherwise what it came to. Never throws for a failed activity. */
export async function workPhase(build: BuildAtWork, around: Surroundings): Promise<Outcome | null> {
  try {
    return await around.scope.run(() => runActivity(build, around));
  } catch (error) {
    if (isCancellation(error)) return null;
    return { kind: 'failed', ...failureOf(error), ...beforeWork(error), usage: NOTHING_USED };
  }
}

/** An activity that failed before it asked anything of its role says so in the details of its failure. */
export function beforeWork(error: unknown): Partial<BeforeWork> {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const [detail] = cause instanceof ApplicationFailure ? (cause.details ?? []) : [];
  const { isBeforeWork, detailsDigest } = (detail ?? {}) as Partial<BeforeWork>;
  return isBeforeWork === true && detailsDigest !== undefined ? { isBeforeWork, detailsDigest } : {};
}

function runActivity(build: BuildAtWork, around: Surroundings): Promise<Outcome> {
  const phase: Phase = build.state;
  const task = taskOf(build, phase);
  const summary = `${ROLE_TITLE[PHASE_OWNER[phase]]}: ${phase}, attempt ${task.attempt}`;
  const once = (activity: RoleActivity<PhaseTask>) => attempt(activity, { task, summary }, around);
  switch (phase) {
    case 'discovery':
      return once(work.discover);
    case 'planning':
      return once(work.plan);
    case 'implementation':
      return writeInSteps(task, summary, around);
    case 'testing':
      return once(work.auditTests);
    case 'verification':
      return once(work.verify);
    case 'deployment':
      return once(effects.release);
  }
}

interface RoleActivity<T> {
  executeWithOptions(options: { summary: string }, args: [T]): Promise<Attempted>;
}

async function attempt<T extends PhaseTask>(
  activity: RoleActivity<T>,
  { task, summary }: { task: T; summary: string },
  { news, onTold }: Surroundings,
): Promise<Outcome> {
  const report = news();
  const { told = false, ...outcome } = await activity.executeWithOptions({ summary }, [{ ...task, report }]);
  if (told) onTold();
  return outcome;
}

/** One model call an activity execution: a worker that dies loses at most the step at hand. */
async function writeInSteps(task: PhaseTask, summary: string, around: Surroundings): Promise<Outcome> {
  let transcript: string | null = null;
  let tree: string | null = null;
  for (let step = 1; step <= STEPS_LIMIT; step++) {
    if (step > 1) await condition(() => !around.isPaused());
    const here: CodeTask = { ...task, step, transcript, tree };
    const outcome: Outcome = await attempt(work.writeCode, { task: here, summary: `${summary}, step ${step}` }, around);
    if (outcome.kind !== 'step') return outcome;
    around.onStep(outcome);
    ({ transcript, tree } = outcome);
  }
  const message = `the Code Writer did not finish within ${STEPS_LIMIT} steps`;
  return { kind: 'failed', type: 'Role.StepsExhausted', message, usage: NOTHING_USED };
}

export function taskOf(build: BuildState, phase: Phase): PhaseTask {
  const { projectId, buildId, userId, generation, turn, request, requestKey, base, commit } = build;
  const { feedback, answers, failing } = build;
  const { locked, approvals, coverageFloorPercent, survey } = build;
  const outputs = Object.fromEntries(Object.entries(build.outputs).map(([of, ref]) => [of, ref.digest]));
  const sources = Object.fromEntries(Object.entries(build.outputs).map(([of, ref]) => [of, ref.source]));
  const attempt = build.attempts[phase];
  const evidence = phase === 'verification' || phase === 'deployment' ? build.evidence : null;
  const position = { phase, generation, attempt, turn };
  return {
    projectId,
    buildId,
    userId,
    ...position,
    request,
    requestKey,
    outputs,
    sources,
    base,
    commit,
    feedback,
    ...(failing === undefined ? {} : { failing }),
    answers,
    evidence,
    survey,
    locked,
    approvals,
    coverageFloorPercent,
  };
}

/** The name and the words of what an activity failed with. */
export function failureOf(error: unknown): { type: FailureType; message: string } {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const type = cause instanceof ApplicationFailure ? namedFailure(cause.type) : 'Activity.TimedOut';
  const message = cause instanceof Error ? cause.message : String(cause);
  return { type, message: shortMessage(message) };
}

function namedFailure(type: unknown): FailureType {
  return isFailureType(type) ? type : 'Activity.Failed';
}
