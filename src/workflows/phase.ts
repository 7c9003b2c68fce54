/**
 * One attempt at a phase: the activity it takes, its steps, and what its end means.
 */
import { ActivityFailure, ApplicationFailure, condition, isCancellation } from '@temporalio/workflow';
import type { CancellationScope } from '@temporalio/workflow';
import type { Attempted, BeforeWork, LongWait, PaidCalls, PhaseTask, StepTask } from '../activities/contract';
import type { BuildState } from '../domain/build/state';
import { adoptedBy } from '../domain/build/adopt';
import type { Outcome } from '../domain/build/outcomes';
import { NOTHING_USED } from '../domain/build/usage';
import { isFailureType, shortMessage } from '../domain/failures';
import type { FailureType } from '../domain/failures';
import { PHASE_OWNER, ROLE_TITLE } from '../domain/roles';
import type { Phase } from '../domain/roles';
import type { BuildReport } from '../domain/project';
import { effects, work } from './proxies';

/** Bound on a role's steps in one attempt; each is one model call. */
const STEPS_LIMIT = 40;
/** Their first activity measures, and asks nothing of the role yet. */
const MEASURED_FIRST: readonly Phase[] = ['testing', 'verification'];

/** What goes on around the work, and who hears of its steps. */
export interface Surroundings {
  /** Cancelled once the work is void. */
  scope: CancellationScope;
  /** No further step is begun. */
  isPaused: () => boolean;
  /** A provider asks to wait, and nobody has ended the wait. */
  isWaiting: () => boolean;
  /** After each step but the last: it is paid for, whatever becomes of the next. */
  onStep: (outcome: Outcome) => void;
  /** What the ledger does not know yet; asked before each activity, which takes it along. */
  pendingReport: () => BuildReport | undefined;
  /** The ledger knows it now. */
  onReported: () => void;
}

/** A build whose phase a model works on. */
export type BuildAtWork = BuildState & { state: Phase };

/** Null where the work became void; otherwise what it came to. Never throws for a failed activity. */
export async function workPhase(build: BuildAtWork, around: Surroundings): Promise<Outcome | null> {
  try {
    return await around.scope.run(() => runActivity(build, around));
  } catch (error) {
    if (isCancellation(error)) return null;
    const { paidCalls = 0, paidTokens } = detailOf<PaidCalls>(error);
    const usage = { ...NOTHING_USED, calls: paidCalls, ...paidTokens };
    return { kind: 'failed', ...failureOf(error), ...beforeWork(error), usage };
  }
}

/** An activity that failed before it asked anything of its role says so in the details of its failure. */
export function beforeWork(error: unknown): Partial<BeforeWork> {
  const { isBeforeWork, detailsDigest } = detailOf<BeforeWork>(error);
  return isBeforeWork === true && detailsDigest !== undefined ? { isBeforeWork, detailsDigest } : {};
}

function detailOf<T extends object>(error: unknown): Partial<T> {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const [detail] = cause instanceof ApplicationFailure ? (cause.details ?? []) : [];
  return (detail ?? {}) as Partial<T>;
}

function runActivity(build: BuildAtWork, around: Surroundings): Promise<Outcome> {
  const phase: Phase = build.state;
  const task = taskOf(build, phase);
  const summary = `${ROLE_TITLE[PHASE_OWNER[phase]]}: ${phase}, attempt ${task.attempt}`;
  const inSteps = (activity: RoleActivity<StepTask>) => workInSteps(activity, { task, summary }, around);
  switch (phase) {
    case 'discovery':
      return inSteps(work.discover);
    case 'planning':
      return inSteps(work.plan);
    case 'implementation':
      return inSteps(work.writeCode);
    case 'testing':
      return inSteps(work.auditTests);
    case 'verification':
      return inSteps(work.verify);
    case 'deployment':
      return inSteps(effects.release);
  }
}

interface RoleActivity<T> {
  executeWithOptions(options: { summary: string }, args: [T]): Promise<Attempted>;
}

async function attempt<T extends PhaseTask>(
  activity: RoleActivity<T>,
  { task, summary }: { task: T; summary: string },
  { pendingReport, onReported }: Surroundings,
): Promise<Outcome> {
  const report = pendingReport();
  const { told = false, ...outcome } = await activity.executeWithOptions({ summary }, [{ ...task, report }]);
  if (told) onReported();
  return outcome;
}

/** One model call an activity execution: a worker that dies loses at most the step at hand. */
async function workInSteps(
  activity: RoleActivity<StepTask>,
  { task, summary }: { task: PhaseTask; summary: string },
  around: Surroundings,
): Promise<Outcome> {
  let transcript: string | null = null;
  let tree: string | null = null;
  for (let step = 1; step <= STEPS_LIMIT;) {
    if (step > 1) await condition(() => !around.isPaused());
    const here: StepTask = { ...task, step, transcript, tree };
    const isMeasuring = transcript === null && MEASURED_FIRST.includes(task.phase);
    const shown = isMeasuring ? summary : `${summary}, step ${step}`;
    const outcome: Outcome = await orWait(attempt(activity, { task: here, summary: shown }, around));
    if (outcome.kind === 'wait') {
      around.onStep(outcome);
      await waitUntil(outcome.until, around);
      around.onStep({ kind: 'waited', usage: NOTHING_USED });
      continue;
    }
    if (outcome.kind !== 'step') return outcome;
    around.onStep(outcome);
    ({ transcript, tree } = outcome);
    if (outcome.isPrepared !== true) step += 1;
  }
  const who = ROLE_TITLE[PHASE_OWNER[task.phase]];
  const message = `the ${who} did not finish within ${STEPS_LIMIT} steps`;
  return { kind: 'failed', type: 'Role.StepsExhausted', message, usage: NOTHING_USED };
}

/** A wait of days is no retry of the server's: nobody would see it, and no command could end it. */
async function orWait(attempted: Promise<Outcome>): Promise<Outcome> {
  try {
    return await attempted;
  } catch (error) {
    const { waitUntil: until } = detailOf<LongWait>(error);
    if (until === undefined) throw error;
    // What broke off is counted with the answer that comes after the wait.
    return { kind: 'wait', until, because: failureOf(error).message, usage: NOTHING_USED };
  }
}

/** Ended by its time, by `resume`, and by every command that makes the work void. */
async function waitUntil(until: string, { isWaiting, isPaused }: Surroundings): Promise<void> {
  await condition(() => !isWaiting(), Math.max(1, Date.parse(until) - Date.now()));
  await condition(() => !isPaused());
}

export function taskOf(build: BuildState, phase: Phase): PhaseTask {
  const { projectId, buildId, userId, generation, turn, request, requestKey, base, commit } = build;
  const { feedback, answers, failing } = build;
  const { locked, approvals, coverageFloorPercent, survey } = build;
  const outputs = Object.fromEntries(Object.entries(build.outputs).map(([of, ref]) => [of, ref.digest]));
  const sources = Object.fromEntries(Object.entries(build.outputs).map(([of, ref]) => [of, ref.source]));
  const attempt = build.attempts[phase];
  const evidence = phase === 'verification' || phase === 'deployment' ? build.evidence : null;
  const adopts = adoptedBy(build, phase);
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
    ...(adopts === undefined ? {} : { adopts }),
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
