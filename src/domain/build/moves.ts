/**
 * How a build changes place: forward, back for rework, to `error`, back in time. The only code that sets `state`.
 *
 * Pure: each takes a build and gives a new one. Legality is the caller's matter (`commands`, `outcomes`).
 */
import type { EventType } from '../events';
import { describeFindings } from '../findings';
import { PHASES, ROLE_TITLE, isPhase } from '../roles';
import type { Phase } from '../roles';
import { nextRoleOf, ownerOf, phaseOf, phasesBefore } from '../states';
import type { State } from '../states';
import { abandonedBy, checkpointOf, restoredTo } from './checkpoints';
import { handedReleaseOf } from './live-release';
import { remarkOf, senderOf } from './sender';
import type { Cause } from './sender';
import { openFindings, perPhase } from './state';
import type { BuildFailure } from './failure';
import type { AuditEvent, BuildFacts, BuildState, OutputRef, Standing } from './state';

export type { Cause };
/** What a handoff and its audit event say of a change of state. */
export interface Passage extends Cause {
  notes: string;
  data?: OutputRef | null;
  eventData?: AuditEvent['data'];
}
interface Told extends Passage {
  event: EventType;
}
export interface FailureCause extends Passage {
  failure: Pick<BuildFailure, 'type' | 'message' | 'continuesWith' | 'isBeforeWork' | 'detailsDigest'> & {
    phase?: Phase;
  };
}

/** What went wrong last, as far as a failure's message shows it; the whole stands in the phase's output. */
const REASONS_SHOWN_CHARS = 600;
/** In an event. What a role must answer to stands in full in handoffs, failures and feedback. */
const REASON_LIMIT_CHARS = 300;

/** One event in the audit trail; nothing else changes. */
export function note(
  build: BuildState,
  cause: Cause,
  { type, data = {} }: Pick<AuditEvent, 'type'> & Partial<AuditEvent>,
): BuildState {
  const { reason } = data;
  const isLong = typeof reason === 'string' && reason.length > REASON_LIMIT_CHARS;
  const short = isLong ? { ...data, reason: `${reason.slice(0, REASON_LIMIT_CHARS - 1)}…` } : data;
  const event = { type, ...senderOf(cause), at: cause.now, data: short };
  return { ...build, updatedAt: cause.now, events: [...build.events, event] };
}

/** Along the table's forward edge. What the phase before had to answer to is settled by that. */
export function forward(build: BuildState, { to, ...passage }: Told & { to: Exclude<State, 'error'> }): BuildState {
  const settled = build.failing === undefined ? {} : { failing: null };
  return enter({ ...build, feedback: [], ...settled }, { state: to }, passage);
}

/** Back to a phase whose work is done again; past the bound a person is asked instead. */
export function redo(
  build: BuildState,
  { target, feedback, ...passage }: Told & { target: Phase; feedback: string[] },
): BuildState {
  if (build.redone[target] >= build.retriesPerPhase) return giveUp(build, { target, feedback, ...passage });
  const counted = { ...build.redone, [target]: build.redone[target] + 1 };
  const back = { ...build, redone: counted, feedback, ...withoutLaterThan(build, target) };
  return enter(back, { state: target }, passage);
}

/** The same phase once more, where its own output fell short: no state changes, so no handoff; bounded like a redo, and `extra` times more. */
export function repeat(
  build: BuildState,
  { phase, feedback, extra = 0, ...passage }: Passage & { phase: Phase; feedback: string[]; extra?: number },
): BuildState {
  const isSpent = build.redone[phase] >= build.retriesPerPhase + extra;
  if (isSpent) return giveUp(build, { target: phase, feedback, ...passage });
  const next: BuildState = {
    ...build,
    turn: build.turn + 1,
    revision: build.revision + 1,
    redone: { ...build.redone, [phase]: build.redone[phase] + 1 },
    attempts: { ...build.attempts, [phase]: build.attempts[phase] + 1 },
    feedback,
  };
  return note(next, passage, { type: 'repeated', data: { phase, reason: feedback[0] ?? '' } });
}

/** The retries are used up. Where findings hold this very phase, a person's decision on them can continue the build. */
function giveUp(
  build: BuildState,
  { target, feedback, ...passage }: Passage & { target: Phase; feedback: string[] },
): BuildState {
  const times = `${build.redone[target]} of ${build.retriesPerPhase}`;
  const who = ROLE_TITLE[ownerOf(target) ?? 'q_assistant'];
  const last = feedback.join('; ').slice(0, REASONS_SHOWN_CHARS) || 'no reason';
  const before = build.feedback.filter((reason) => !feedback.includes(reason)).map((reason) => `; before: ${reason}`);
  const message = `${who} has done ${target} again ${times} times; last: ${last}${before.join('')}`.slice(0, 1_000);
  const isHeld = openFindings(build).some(({ onApprove, isManual }) => onApprove === build.state && isManual !== true);
  if (isHeld) return awaitDecision(build, { ...passage, because: message, phase: target });
  return fail(build, { ...passage, failure: { type: 'Retries.Exhausted', message, phase: target } });
}

/** True for a build that waits until a person has decided its open findings. */
export function awaitingDecision(build: BuildState): build is BuildState & { state: 'error'; failure: BuildFailure } {
  return build.state === 'error' && build.failure.type === 'Decision.Needed';
}

/** To `error`, until a person has decided the open findings; the failure names them first. */
export function awaitDecision(
  build: BuildState,
  { because, phase, ...passage }: Passage & { because: string; phase: Phase },
): BuildState {
  const open = openFindings(build).filter(({ isManual }) => isManual !== true);
  const continuesWith = PHASES.find((one) => open.some(({ onApprove }) => onApprove === one)) ?? phase;
  const message = `${describeFindings(open)}; ${because}`.slice(0, 1_000);
  return fail(build, { ...passage, failure: { type: 'Decision.Needed', message, phase, continuesWith } });
}

/** To `error`, where the build waits for a person. */
export function fail(build: BuildState, { failure, ...passage }: FailureCause): BuildState {
  const failed = phaseOf(build.state) ?? 'discovery';
  // A handoff state belongs to the phase after it, which has not been reached yet.
  const reached = isPhase(build.state) ? build.state : (phasesBefore(build.state).at(-1) ?? 'discovery');
  const record: BuildFailure = { ...failure, phase: failure.phase ?? failed, reached, at: passage.now };
  const eventData = { type: failure.type, message: failure.message, phase: record.phase };
  const failures = { ...build.failures, [record.phase]: (build.failures[record.phase] ?? 0) + 1 };
  const arrival = { state: 'error', failure: record } as const;
  return enter({ ...build, failures, attempts: attemptsAfter(build, record) }, arrival, {
    ...passage,
    event: 'failed',
    eventData,
  });
}

/** A phase that had not begun has had no attempt: the next one takes its number. */
function attemptsAfter({ attempts }: BuildState, { phase, isBeforeWork }: BuildFailure): BuildState['attempts'] {
  return isBeforeWork === true ? { ...attempts, [phase]: attempts[phase] - 1 } : attempts;
}

/** Out of `error` by a person's word: a phase is done again, with a fresh allowance. */
export function recover(
  build: BuildState,
  { target, feedback, ...passage }: Told & { target: Phase; feedback: string[] },
): BuildState {
  const redone = resetFrom(build.redone, target);
  return enter({ ...build, redone, feedback, ...withoutLaterThan(build, target) }, { state: target }, passage);
}

/** Ends the build where it stands. What it put live is taken down; a closed build stays as it is. */
export function cancel(build: BuildState, { reason, ...cause }: Cause & { reason: string }): BuildState {
  if (build.state === 'complete' || build.cancelled) return build;
  const owed = { ...build.owed, undoRelease: build.owed.undoRelease || build.state === 'deployment' };
  const counted = { turn: build.turn + 1, revision: build.revision + 1 };
  const ended: BuildState = { ...build, ...counted, owed, cancelled: true, questions: [], completedAt: cause.now };
  return note(ended, cause, { type: 'cancelled', data: { reason } });
}

/** Back in time: a new generation from all that `target` began with. Nothing is deleted, the old line is parked and named. */
export function rewind(
  build: BuildState,
  { target, reason, ...passage }: Passage & { target: Phase; reason: string },
): BuildState {
  const restored = restoredTo(build, target);
  const back: BuildState = {
    ...build,
    ...restored,
    generation: build.generation + 1,
    attempts: resetFrom(build.attempts, target),
    redone: resetFrom(build.redone, target),
    feedback: [reason],
    owed: { ...build.owed, restoreTree: build.owed.restoreTree || mayHaveMoved(build, restored.commit) },
  };
  const eventData = { ...passage.eventData, ...abandonedBy(build, target) };
  return enter(back, { state: target }, { ...passage, event: 'rolled_back', eventData });
}

/** The branch, from where it should be. Work given up in the middle of implementation may have been published already. */
function mayHaveMoved(build: BuildState, commit: string | null): boolean {
  return commit !== build.commit || (commit !== null && build.state === 'implementation');
}

type Arrival = { state: 'error'; failure: BuildFailure } | { state: Exclude<State, 'error'> };

function standingAt(arrival: Arrival, now: string): Standing {
  const open = { failure: null, cancelled: false, completedAt: null } as const;
  switch (arrival.state) {
    case 'error':
      return { ...open, state: 'error', failure: arrival.failure };
    case 'complete':
      return { ...open, state: 'complete', completedAt: now };
    default:
      return { ...open, state: arrival.state };
  }
}

function enter(build: BuildState, arrival: Arrival, { event, ...passage }: Told): BuildState {
  const [from, to] = [build.state, arrival.state];
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
  const overtaken = build.release === null && build.roles.release_manager === 'llm';
  const leavesRelease = from === 'deployment' && (to !== 'complete' || overtaken);
  const moved: BuildState = {
    ...build,
    ...standingAt(arrival, passage.now),
    turn: build.turn + 1,
    revision: build.revision + 1,
    attempts: isPhase(to) ? { ...build.attempts, [to]: build.attempts[to] + 1 } : build.attempts,
    questions: [],
    owed: {
      ...{ ...build.owed, undoRelease: build.owed.undoRelease || leavesRelease },
      ...(to === 'complete' ? handedReleaseOf(build) : {}),
    },
    handoffs: [...build.handoffs, handoff],
  };
  const noted = note(moved, passage, { type: event, data: { from, to, ...passage.eventData } });
  if (!isPhase(to) || noted.checkpoints[to] !== undefined) return noted;
  return { ...noted, checkpoints: { ...noted.checkpoints, [to]: checkpointOf(noted) } };
}

/** What later phases gave is void once `target` is done again. */
function withoutLaterThan(
  build: BuildState,
  target: Phase,
): Pick<BuildFacts, 'outputs' | 'checkpoints' | 'evidence' | 'release'> {
  const kept = PHASES.slice(0, PHASES.indexOf(target));
  const keep = <T>(of: Partial<Record<Phase, T>>, phases: Phase[]): Partial<Record<Phase, T>> =>
    Object.fromEntries(Object.entries(of).filter(([phase]) => phases.includes(phase as Phase)));
  return {
    outputs: keep(build.outputs, kept),
    checkpoints: keep(build.checkpoints, [...kept, target]),
    evidence: kept.includes('testing') ? build.evidence : null,
    release: null,
  };
}

function resetFrom(counts: Record<Phase, number>, target: Phase): Record<Phase, number> {
  const kept = PHASES.slice(0, PHASES.indexOf(target)).map((phase) => [phase, counts[phase]]);
  return { ...perPhase(0), ...Object.fromEntries(kept) };
}
