/**
 * One attempt at a phase: the activity it takes, its steps, and what its end means.
 */
import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
} from '@temporalio/workflow';
import type { PhaseTask } from '../activities/contract';
import type { BuildState } from '../domain/build';
import type { Outcome } from '../domain/outcomes';
import { PHASE_OWNER, ROLE_TITLE } from '../domain/roles';
import type { Phase } from '../domain/roles';
import { effects, work } from './proxies';

/** Bound on the Code Writer's steps in one attempt; each is one model call. */
const STEPS_LIMIT = 40;
const NOTHING_USED = { calls: 0, inputTokens: null, outputTokens: null };

/** What goes on around the work, and who hears of its steps. */
export interface Surroundings {
  /** The work became void, which cancels it. */
  isVoid: () => boolean;
  /** No further step is begun. */
  isPaused: () => boolean;
  /** After each step but the last: it is paid for, whatever becomes of the next. */
  onStep: (outcome: Outcome) => void;
}

/** Null where the work became void; otherwise what it came to. Never throws for a failed activity. */
export async function workPhase(build: BuildState, around: Surroundings): Promise<Outcome | null> {
  const scope = new CancellationScope();
  const watch = new CancellationScope();
  void watch
    .run(() => condition(around.isVoid))
    .then(
      () => scope.cancel(),
      () => undefined,
    );
  try {
    return await scope.run(() => runActivity(build, around));
  } catch (error) {
    if (isCancellation(error)) return null;
    return { kind: 'failed', ...failureOf(error), usage: NOTHING_USED };
  } finally {
    watch.cancel();
  }
}

async function runActivity(build: BuildState, around: Surroundings): Promise<Outcome> {
  const phase = build.state as Phase;
  const task = taskOf(build, phase);
  const summary = `${ROLE_TITLE[PHASE_OWNER[phase]]}: ${phase}, attempt ${task.attempt}`;
  switch (phase) {
    case 'discovery':
      return work.discover.executeWithOptions({ summary }, [task]);
    case 'planning':
      return work.plan.executeWithOptions({ summary }, [task]);
    case 'implementation':
      return writeInSteps(task, summary, around);
    case 'testing':
      return work.auditTests.executeWithOptions({ summary }, [task]);
    case 'verification':
      return work.verify.executeWithOptions({ summary }, [task]);
    case 'deployment':
      return effects.release.executeWithOptions({ summary }, [task]);
  }
}

/** One model call an activity execution: a worker that dies loses at most the step at hand. */
async function writeInSteps(task: PhaseTask, summary: string, around: Surroundings): Promise<Outcome> {
  let transcript: string | null = null;
  let tree: string | null = null;
  for (let step = 1; step <= STEPS_LIMIT; step++) {
    if (step > 1) await condition(() => !around.isPaused());
    const options = { summary: `${summary}, step ${step}` };
    const outcome: Outcome = await work.writeCode.executeWithOptions(options, [{ ...task, step, transcript, tree }]);
    if (outcome.kind !== 'step') return outcome;
    around.onStep(outcome);
    ({ transcript, tree } = outcome);
  }
  const message = `the Code Writer did not finish within ${STEPS_LIMIT} steps`;
  return { kind: 'failed', type: 'Role.StepsExhausted', message, usage: NOTHING_USED };
}

function taskOf(build: BuildState, phase: Phase): PhaseTask {
  const { projectId, buildId, userId, generation, turn, request, base, commit, feedback, answers } = build;
  const { locked, approvals, coverageFloorPercent } = build;
  const outputs = Object.fromEntries(Object.entries(build.outputs).map(([of, ref]) => [of, ref.digest]));
  const attempt = build.attempts[phase];
  const evidence = phase === 'verification' || phase === 'deployment' ? build.evidence : null;
  const position = { phase, generation, attempt, turn };
  return {
    projectId,
    buildId,
    userId,
    ...position,
    request,
    outputs,
    base,
    commit,
    feedback,
    answers,
    evidence,
    locked,
    approvals,
    coverageFloorPercent,
  };
}

/** The name and the words of what an activity failed with. */
export function failureOf(error: unknown): { type: string; message: string } {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const type = cause instanceof ApplicationFailure ? (cause.type ?? 'Activity.Failed') : 'Activity.TimedOut';
  const message = cause instanceof Error ? cause.message : String(cause);
  return { type, message: message.slice(0, 1_000) };
}
