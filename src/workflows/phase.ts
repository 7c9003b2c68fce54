/**
 * Runs one attempt at a phase: chooses its activity, repeats it step by step, and turns its result into an outcome.
 */
import { ActivityFailure, ApplicationFailure, condition, isCancellation, patched } from '@temporalio/workflow';
import type { CancellationScope } from '@temporalio/workflow';
import type {
  PhaseOutcome,
  BeforeWork,
  LongWait,
  MeasuredAttempt,
  OverBudget,
  PaidCalls,
} from '../activities/contract';
import type { PhaseTask, StepTask, TaskMoney } from '../activities/contract';
import type { BuildState, PersonNote } from '../domain/build/state';
import { stepAtOf } from '../domain/build/budget-gate';
import type { StepAt } from '../domain/build/budget-gate';
import type { Outcome } from '../domain/build/outcome';
import { NOTHING_USED } from '../domain/build/usage';
import { callKeyOf } from '../domain/ids';
import { isFailureType, shortMessage } from '../domain/failures';
import type { FailureType } from '../domain/failures';
import { PHASE_OWNER, ROLE_TITLE } from '../domain/roles';
import type { Phase } from '../domain/roles';
import type { BuildReport } from '../domain/project';
import { WAITS_LIMIT } from '../domain/timings';
import type { AttemptMoney } from './money';
import { moneyMember, notesMember, taskOf } from './phase-task';
import { releaseActivities, roleActivities } from './proxies';

/** The most steps of a role in one attempt; each step is one model call. */
const STEPS_LIMIT = 40;
/** Phases whose first activity runs the tests and calls no model. */
const MEASURING_PHASES: readonly Phase[] = ['testing', 'verification'];

/** The state of the build around an attempt, and the callbacks of the attempt. */
export interface AttemptContext {
  /** The build workflow cancels it when the work is void. */
  scope: CancellationScope;
  /** True: no further step may begin. */
  isPaused: () => boolean;
  /** True while the build waits because a provider asked it to, until the time is over or a command ends the wait. */
  isWaiting: () => boolean;
  /** True if the build is stuck, and what is tried against it has cost what it may cost. */
  isRungSpent: () => boolean;
  /** The notes of people that no step has given to its role yet. */
  pendingNotes: () => PersonNote[];
  /** Called after each step but the last, because the step has been paid for even if the next one fails. */
  onStep: (outcome: Outcome) => void;
  /** The report that the ledger does not have yet. Read before each activity, which sends it. */
  pendingReport: () => BuildReport | undefined;
  /** Called when an activity has sent the pending report. */
  onReported: () => void;
  money: AttemptMoney;
  /** The money of the build now; undefined without a budget. Read before each activity. */
  moneyOf: () => TaskMoney | undefined;
}

const RUNG_SPENT: Outcome = {
  ...{ kind: 'failed', type: 'Role.Stuck', usage: NOTHING_USED, isRungSpent: true },
  message: 'the attempt has cost what the forecast of this rung allows',
};

/** A build in a phase whose role a model has. */
export type BuildAtWork = BuildState & { state: Phase };

/** Gives the outcome of the attempt; null if a command made it void. Never throws for a failed activity. */
export async function workPhase(build: BuildAtWork, context: AttemptContext): Promise<Outcome | null> {
  try {
    return await context.scope.run(() => runActivity(build, context));
  } catch (error) {
    if (isCancellation(error)) return null;
    const { paidCalls = 0, paidTokens, spend, measured } = detailOf<PaidCalls & MeasuredAttempt>(error);
    const usage = { ...NOTHING_USED, calls: paidCalls, ...paidTokens };
    const reported = { ...(spend === undefined ? {} : { spend }), ...(measured === undefined ? {} : { measured }) };
    return { kind: 'failed', ...failureOf(error), ...readBeforeWork(error), usage, ...reported };
  }
}

/** Reads from the details of a failure whether the activity failed before it called its role; {} if not. */
export function readBeforeWork(error: unknown): Partial<BeforeWork> {
  const { isBeforeWork, detailsDigest } = detailOf<BeforeWork>(error);
  return isBeforeWork === true && detailsDigest !== undefined ? { isBeforeWork, detailsDigest } : {};
}

function detailOf<T extends object>(error: unknown): Partial<T> {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const [detail] = cause instanceof ApplicationFailure ? (cause.details ?? []) : [];
  return (detail ?? {}) as Partial<T>;
}

function runActivity(build: BuildAtWork, context: AttemptContext): Promise<Outcome> {
  const phase: Phase = build.state;
  const task = taskOf(build, phase);
  const summary = `${ROLE_TITLE[PHASE_OWNER[phase]]}: ${phase}, attempt ${task.attempt}`;
  const runSteps = (activity: RoleActivity<StepTask>) =>
    workInSteps(activity, { task, summary, at: stepAtOf(build) }, context);
  switch (phase) {
    case 'discovery':
      return runSteps(roleActivities.discover);
    case 'planning':
      return runSteps(roleActivities.plan);
    case 'implementation':
      return runSteps(roleActivities.writeCode);
    case 'testing':
      return runSteps(roleActivities.auditTests);
    case 'verification':
      return runSteps(roleActivities.verify);
    case 'deployment':
      return runSteps(releaseActivities.release);
  }
}

interface RoleActivity<T> {
  executeWithOptions(options: { summary: string }, args: [T]): Promise<PhaseOutcome>;
}

async function runStep<T extends PhaseTask>(
  activity: RoleActivity<T>,
  { task, summary }: { task: T; summary: string },
  { pendingReport, onReported, money }: AttemptContext,
): Promise<Outcome> {
  const report = pendingReport();
  const begin = Date.now();
  try {
    const { told = false, ...outcome } = await activity.executeWithOptions({ summary }, [{ ...task, report }]);
    if (told) onReported();
    return outcome;
  } finally {
    money.onWorked(Date.now() - begin);
  }
}

/** Each step is one activity execution with one model call, so a worker that dies loses at most the current step. */
async function workInSteps(
  activity: RoleActivity<StepTask>,
  { task, summary, at }: { task: PhaseTask; summary: string; at: StepAt | null },
  context: AttemptContext,
): Promise<Outcome> {
  let { transcript, tree, step }: Omit<StepAt, 'turn'> = at ?? { step: 1, transcript: null, tree: null };
  let waits = 0;
  while (step <= STEPS_LIMIT) {
    if (step > 1) await condition(() => !context.isPaused());
    if (context.isRungSpent()) return RUNG_SPENT;
    const reached = context.money.timeReached();
    if (reached !== null) return { kind: 'over_budget', reached, step, transcript, tree, usage: NOTHING_USED };
    const given = { ...moneyMember(context.moneyOf()), ...notesMember(context.pendingNotes()) };
    const stepTask: StepTask = { ...task, ...given, step, transcript, tree };
    context.money.onCall(callKeyOf(stepTask));
    const isMeasuring = transcript === null && MEASURING_PHASES.includes(task.phase);
    const stepSummary = isMeasuring ? summary : `${summary}, step ${step}`;
    const outcome: Outcome = await waitIfAsked(runStep(activity, { task: stepTask, summary: stepSummary }, context), {
      step,
      transcript,
      tree,
    });
    if (outcome.kind === 'wait') {
      waits += 1;
      // Older workers waited without a limit.
      if (waits > WAITS_LIMIT && patched('waits-limited')) return afterLastWait(outcome);
      context.onStep(outcome);
      context.money.onWait();
      await waitUntil(outcome.until, context);
      context.onStep({ kind: 'waited', usage: NOTHING_USED });
      continue;
    }
    if (outcome.kind !== 'step') return outcome;
    waits = 0;
    context.onStep(outcome);
    ({ transcript, tree } = outcome);
    if (outcome.isPrepared !== true) step += 1;
  }
  const roleTitle = ROLE_TITLE[PHASE_OWNER[task.phase]];
  const message = `the ${roleTitle} did not finish within ${STEPS_LIMIT} steps`;
  return { kind: 'failed', type: 'Role.StepsExhausted', message, usage: NOTHING_USED };
}

/**
 * Turns a failure that asks for a long wait into the outcome `wait`, and one at a budget into `over_budget`. A retry by Temporal does
 * not fit a wait of days: operators would not see it, and no command could end it.
 */
async function waitIfAsked(running: Promise<Outcome>, at: Omit<StepAt, 'turn'>): Promise<Outcome> {
  try {
    return await running;
  } catch (error) {
    const { capReached: reached } = detailOf<OverBudget>(error);
    if (reached !== undefined) return { kind: 'over_budget', reached, ...at, usage: NOTHING_USED };
    const { waitUntil: until } = detailOf<LongWait>(error);
    if (until === undefined) throw error;
    // Tokens of the interrupted call are counted with the answer that comes after the wait.
    const { type, message } = failureOf(error);
    return { kind: 'wait', until, because: message, type, usage: NOTHING_USED };
  }
}

function afterLastWait({ because, type = 'Model.Unavailable' }: Outcome & { kind: 'wait' }): Outcome {
  const message = `after ${WAITS_LIMIT} waits in a row the provider still cannot be called: ${because}`;
  return { kind: 'failed', type, message, usage: NOTHING_USED };
}

/** Waits until the time is reached; `resume`, and every command that makes the work void, ends the wait early. */
async function waitUntil(until: string, { isWaiting, isPaused }: AttemptContext): Promise<void> {
  await condition(() => !isWaiting(), Math.max(1, Date.parse(until) - Date.now()));
  await condition(() => !isPaused());
}

/** The failure type and the message of a failed activity. */
export function failureOf(error: unknown): { type: FailureType; message: string } {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const type = cause instanceof ApplicationFailure ? failureTypeOf(cause.type) : 'Activity.TimedOut';
  const message = cause instanceof Error ? cause.message : String(cause);
  return { type, message: shortMessage(message) };
}

function failureTypeOf(type: unknown): FailureType {
  return isFailureType(type) ? type : 'Activity.Failed';
}
