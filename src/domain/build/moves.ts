/**
 * The state changes of a build: forward, back for rework, to `error`, out of `error`, back to a checkpoint. Only this file sets `state`.
 *
 * Each function is pure and returns a new build. The callers (`commands`, `outcomes`) check that a change is legal.
 */
import type { EventType } from '../events';
import { describeFindings } from '../findings';
import { PHASES, ROLE_TITLE, isPhase } from '../roles';
import type { Phase } from '../roles';
import { gateBefore, leaveGate, recordPassage, resetGateAt } from '../people/approval-gate';
import { APPROVAL_GATES } from '../people/policy';
import { nextRoleOf, ownerOf, phaseOf, phasesBefore } from '../states';
import type { State } from '../states';
import { abandonedData, checkpointOf, restoreCheckpoint } from './checkpoints';
import { pendingHandedRelease } from './live-release';
import { remarkOf } from './sender';
import type { Cause } from './sender';
import { openFindings } from './state';
import { withoutLadder } from './stuck';
import type { BuildFailure } from './failure';
import type { BuildState, Standing } from './state';
import type { AuditEvent } from './trail';
import type { OutputRef } from './output-ref';
import { recordEvent } from './record-event';
import { resetFrom, resultsBefore } from './results-before';

export type { Cause };
/** Facts of a state change that its handoff and its audit event record. */
export interface Passage extends Cause {
  notes: string;
  data?: OutputRef | null;
  eventData?: AuditEvent['data'];
}
type LoggedTransition = Passage & { event: EventType };
export interface FailureCause extends Passage {
  failure: Pick<BuildFailure, 'type' | 'message' | 'continuesWith' | 'isBeforeWork' | 'detailsDigest'> & {
    phase?: Phase;
  };
}

interface Redo {
  feedback: string[];
  /** True for a rung of the ladder of a stuck build. */
  isRung?: boolean;
}

/** Characters of the last failure in a failure message; the full text is in the output of the phase. */
const REASONS_SHOWN_CHARS = 600;
/** Moves the build along the forward edge of the transition table. This clears the feedback that the finished phase had to answer. */
export function moveForward(
  build: BuildState,
  { to, ...passage }: LoggedTransition & { to: Exclude<State, 'error'> },
): BuildState {
  // A build that was sent to an approval gate on its way back to a phase still has to answer the feedback of that phase.
  if (build.approvalGate !== undefined) return enterState(recordPassage(build, passage.now), { state: to }, passage);
  const clearedFailing = build.failing === undefined ? {} : { failing: null };
  return enterState({ ...build, feedback: [], ...clearedFailing }, { state: to }, passage);
}

/**
 * Sends the build back to a phase that must be done again; after `retriesPerPhase` times the build waits in `error`. `isRung`: the ladder
 * of a stuck build bounds it instead.
 */
export function sendBack(
  build: BuildState,
  { target, feedback, isRung = false, ...passage }: LoggedTransition & Redo & { target: Phase },
): BuildState {
  const areRetriesUsedUp = !isRung && build.redone[target] >= build.retriesPerPhase;
  if (areRetriesUsedUp) return stopAfterRetries(build, { target, feedback, ...passage });
  const redone = isRung ? build.redone : { ...build.redone, [target]: build.redone[target] + 1 };
  const sentBack = { ...build, redone, feedback, ...resultsBefore(build, target) };
  return enterState(sentBack, { state: target }, passage);
}

/** Repeats the current phase, whose output a gate refused, without a handoff: at most `retriesPerPhase` plus `extra` times. */
export function repeatPhase(
  build: BuildState,
  { phase, feedback, extra = 0, isRung = false, ...passage }: Passage & Redo & { phase: Phase; extra?: number },
): BuildState {
  const areRetriesUsedUp = !isRung && build.redone[phase] >= build.retriesPerPhase + extra;
  if (areRetriesUsedUp) return stopAfterRetries(build, { target: phase, feedback, ...passage });
  const next: BuildState = {
    ...build,
    ...{ turn: build.turn + 1, revision: build.revision + 1 },
    redone: isRung ? build.redone : { ...build.redone, [phase]: build.redone[phase] + 1 },
    attempts: { ...build.attempts, [phase]: build.attempts[phase] + 1 },
    feedback,
  };
  return recordEvent(next, passage, { type: 'repeated', data: { phase, reason: feedback[0] ?? '' } });
}

/** Ends in `error` because the retries are used up. If open findings stop this phase, the build waits for their approval instead. */
function stopAfterRetries(
  build: BuildState,
  { target, feedback, ...passage }: Passage & { target: Phase; feedback: string[] },
): BuildState {
  const who = ROLE_TITLE[ownerOf(target) ?? 'q_assistant'];
  const lastReason = feedback.join('; ').slice(0, REASONS_SHOWN_CHARS) || 'no reason';
  const earlierReasons = build.feedback.filter((reason) => !feedback.includes(reason));
  const reasons = [`last: ${lastReason}`, ...earlierReasons.map((reason) => `before: ${reason}`)].join('; ');
  const times = `${build.redone[target]} of ${build.retriesPerPhase} times`;
  const message = `${who} has done ${target} again ${times}; ${reasons}`.slice(0, 1_000);
  const isHeld = openFindings(build).some(({ onApprove, isManual }) => onApprove === build.state && isManual !== true);
  if (isHeld) return awaitDecision(build, { ...passage, because: message, phase: target });
  return fail(build, { ...passage, failure: { type: 'Retries.Exhausted', message, phase: target } });
}

/** True while the build waits in `error` for a person to decide its open findings. */
export function isAwaitingDecision(build: BuildState): build is BuildState & { state: 'error'; failure: BuildFailure } {
  return build.state === 'error' && build.failure.type === 'Decision.Needed';
}

/** Moves the build to `error` until a person has decided the open findings; the failure message lists them first. */
export function awaitDecision(
  build: BuildState,
  { because, phase, ...passage }: Passage & { because: string; phase: Phase },
): BuildState {
  const findings = openFindings(build).filter(({ isManual }) => isManual !== true);
  const continuesWith = PHASES.find((one) => findings.some(({ onApprove }) => onApprove === one)) ?? phase;
  const message = `${describeFindings(findings)}; ${because}`.slice(0, 1_000);
  return fail(build, { ...passage, failure: { type: 'Decision.Needed', message, phase, continuesWith } });
}

/** Moves the build to `error`, where it waits for a person. */
export function fail(build: BuildState, { failure, ...passage }: FailureCause): BuildState {
  const failedPhase = phaseOf(build.state) ?? 'discovery';
  // A handoff state belongs to the phase after it, which has not been reached yet.
  const reached = isPhase(build.state) ? build.state : (phasesBefore(build.state).at(-1) ?? 'discovery');
  const buildFailure: BuildFailure = { ...failure, phase: failure.phase ?? failedPhase, reached, at: passage.now };
  const eventData = { type: failure.type, message: failure.message, phase: buildFailure.phase };
  const failures = { ...build.failures, [buildFailure.phase]: (build.failures[buildFailure.phase] ?? 0) + 1 };
  const arrival = { state: 'error', failure: buildFailure } as const;
  return enterState({ ...build, failures, attempts: attemptsAfter(build, buildFailure) }, arrival, {
    ...passage,
    event: 'failed',
    eventData,
  });
}

/** If the phase had not begun, its attempt is not counted. */
function attemptsAfter({ attempts }: BuildState, { phase, isBeforeWork }: BuildFailure): BuildState['attempts'] {
  return isBeforeWork === true ? { ...attempts, [phase]: attempts[phase] - 1 } : attempts;
}

/** Leaves `error` or an approval gate by a person's command: the target phase is done again, with a full number of retries. */
export function retryFromError(
  build: BuildState,
  { target, feedback, ...passage }: LoggedTransition & { target: Phase; feedback: string[] },
): BuildState {
  const redone = resetFrom(build.redone, target);
  const again = { ...build, redone, feedback, ...resultsBefore(build, target), ...withoutLadder(build) };
  return enterState(again, { state: target }, passage);
}

/** Cancels the build in its current state. A release of this build becomes pending to be undone. A closed build stays unchanged. */
export function cancel(build: BuildState, { reason, ...cause }: Cause & { reason: string }): BuildState {
  if (build.state === 'complete' || build.cancelled) return build;
  const owed = { ...build.owed, undoRelease: build.owed.undoRelease || build.state === 'deployment' };
  const counters = { turn: build.turn + 1, revision: build.revision + 1 };
  const next: BuildState = { ...build, ...counters, owed, cancelled: true, questions: [], completedAt: cause.now };
  return recordEvent(next, cause, { type: 'cancelled', data: { reason } });
}

/** Rolls back to the checkpoint of `target` and begins a new generation. A parked ref keeps the abandoned commit. */
export function rollBackTo(
  build: BuildState,
  { target, reason, ...passage }: Passage & { target: Phase; reason: string },
): BuildState {
  const restoredFacts = restoreCheckpoint(build, target);
  const rolledBack: BuildState = {
    ...build,
    ...restoredFacts,
    generation: build.generation + 1,
    attempts: resetFrom(build.attempts, target),
    redone: resetFrom(build.redone, target),
    ...withoutLadder(build),
    feedback: [reason],
    owed: { ...build.owed, restoreTree: build.owed.restoreTree || branchMayHaveMoved(build, restoredFacts.commit) },
  };
  const eventData = { ...passage.eventData, ...abandonedData(build, target) };
  return enterState(rolledBack, { state: target }, { ...passage, event: 'rolled_back', eventData });
}

/** True if the build's branch may point elsewhere than the state says: interrupted implementation work may have published a commit. */
function branchMayHaveMoved(build: BuildState, commit: string | null): boolean {
  return commit !== build.commit || (commit !== null && build.state === 'implementation');
}

type Arrival = { state: 'error'; failure: BuildFailure } | { state: Exclude<State, 'error'> };

function standingFor(arrival: Arrival, now: string): Standing {
  const openStanding = { failure: null, cancelled: false, completedAt: null } as const;
  switch (arrival.state) {
    case 'error':
      return { ...openStanding, state: 'error', failure: arrival.failure };
    case 'complete':
      return { ...openStanding, state: 'complete', completedAt: now };
    default:
      return { ...openStanding, state: arrival.state };
  }
}

function enterState(before: BuildState, wanted: Arrival, { event, ...passage }: LoggedTransition): BuildState {
  // No build enters a phase behind an approval gate that it has not passed: it waits at the gate instead.
  const kind = gateBefore(before, wanted.state);
  const arrival: Arrival = kind === null ? wanted : { state: APPROVAL_GATES[kind].state };
  const [from, to] = [before.state, arrival.state];
  const build = resetGateAt(leaveGate(before), to);
  const handoff = {
    fromRole: ownerOf(from),
    toRole: nextRoleOf(to),
    fromState: from,
    toState: to,
    at: passage.now,
    notes: passage.notes,
    ...remarkOf(passage),
    data: passage.data ?? null,
  };
  // An external caller completed the build while the Release Manager's model worked: a release that the model's activity made is undone.
  const isOvertaken = build.release === null && build.roles.release_manager === 'llm';
  const leavesRelease = from === 'deployment' && (to !== 'complete' || isOvertaken);
  const movedBuild: BuildState = {
    ...build,
    ...standingFor(arrival, passage.now),
    turn: build.turn + 1,
    revision: build.revision + 1,
    attempts: isPhase(to) ? { ...build.attempts, [to]: build.attempts[to] + 1 } : build.attempts,
    questions: [],
    owed: {
      ...{ ...build.owed, undoRelease: build.owed.undoRelease || leavesRelease },
      ...(to === 'complete' ? pendingHandedRelease(build) : {}),
    },
    handoffs: [...build.handoffs, handoff],
  };
  const recordedBuild = recordEvent(movedBuild, passage, { type: event, data: { from, to, ...passage.eventData } });
  if (!isPhase(to) || recordedBuild.checkpoints[to] !== undefined) return recordedBuild;
  return { ...recordedBuild, checkpoints: { ...recordedBuild.checkpoints, [to]: checkpointOf(recordedBuild) } };
}
