/**
 * How a build changes place: forward, back for rework, to `error`, back in time. The only code that sets `state`.
 *
 * Pure: each takes a build and gives a new one. Legality is the caller's matter (`reduce`, `outcomes`).
 */
import { perPhase } from './state';
import type { AuditEvent, BuildState, OutputRef } from './state';
import { abandonedBy, checkpointOf, restoredTo } from './checkpoints';
import { PHASES, ROLE_TITLE, isPhase } from '../roles';
import type { Phase } from '../roles';
import { nextRoleOf, ownerOf, phaseOf, phasesBefore } from '../states';
import type { State } from '../states';

export interface Cause {
  actor: string;
  /** ISO 8601. */
  now: string;
}
interface Passage extends Cause {
  event: string;
  notes: string;
  data?: OutputRef | null;
  eventData?: AuditEvent['data'];
}

/** What went wrong last, as far as a failure's message shows it; the whole stands in the phase's output. */
const REASONS_SHOWN_CHARS = 600;
/** In an event. What a role must answer to stands in full in handoffs, failures and feedback. */
const REASON_LIMIT_CHARS = 300;

/** One event in the audit trail; nothing else changes. */
export function note(build: BuildState, type: string, cause: Cause, data: AuditEvent['data'] = {}): BuildState {
  const { reason } = data;
  const isLong = typeof reason === 'string' && reason.length > REASON_LIMIT_CHARS;
  const short = isLong ? { ...data, reason: `${reason.slice(0, REASON_LIMIT_CHARS - 1)}…` } : data;
  const event = { type, actor: cause.actor, at: cause.now, data: short };
  return { ...build, updatedAt: cause.now, events: [...build.events, event] };
}

/** Along the table's forward edge. What the phase before had to answer to is settled by that. */
export function forward(build: BuildState, to: State, passage: Passage): BuildState {
  return enter({ ...build, feedback: [] }, to, passage);
}

/** Back to a phase whose work is done again; past the bound a person is asked instead. */
export function redo(build: BuildState, target: Phase, feedback: string[], passage: Passage): BuildState {
  if (build.redone[target] >= build.retriesPerPhase) {
    const times = `${build.redone[target]} of ${build.retriesPerPhase}`;
    const message = `${ROLE_TITLE[ownerOf(target) ?? 'q_assistant']} has done ${target} again ${times} times; last: ${feedback.join('; ').slice(0, REASONS_SHOWN_CHARS) || 'no reason'}`;
    return fail(build, { type: 'Retries.Exhausted', message, phase: target }, passage);
  }
  const counted = { ...build.redone, [target]: build.redone[target] + 1 };
  return enter({ ...build, redone: counted, feedback, ...withoutLaterThan(build, target) }, target, passage);
}

/** The same phase once more, where its own output fell short: no state changes, so no handoff; bounded like a redo. */
export function repeat(build: BuildState, phase: Phase, feedback: string[], passage: Passage): BuildState {
  if (build.redone[phase] >= build.retriesPerPhase) return redo(build, phase, feedback, passage);
  const next: BuildState = {
    ...build,
    turn: build.turn + 1,
    revision: build.revision + 1,
    redone: { ...build.redone, [phase]: build.redone[phase] + 1 },
    attempts: { ...build.attempts, [phase]: build.attempts[phase] + 1 },
    feedback,
  };
  return note(next, 'repeated', passage, { phase, reason: feedback[0] ?? '' });
}

/** To `error`, where the build waits for a person. */
export function fail(
  build: BuildState,
  failure: { type: string; message: string; phase?: Phase },
  passage: Passage,
): BuildState {
  const failed = phaseOf(build.state) ?? 'discovery';
  // A handoff state belongs to the phase after it, which has not been reached yet.
  const reached = isPhase(build.state) ? build.state : (phasesBefore(build.state).at(-1) ?? 'discovery');
  const record = { ...failure, phase: failure.phase ?? failed, reached, at: passage.now };
  const eventData = { type: failure.type, message: failure.message, phase: record.phase };
  const failures = { ...build.failures, [record.phase]: (build.failures[record.phase] ?? 0) + 1 };
  return enter({ ...build, failure: record, failures }, 'error', { ...passage, event: 'failed', eventData });
}

/** Out of `error` by a person's word: the phase that failed is done again, with a fresh allowance. */
export function recover(build: BuildState, target: Phase, feedback: string[], passage: Passage): BuildState {
  const redone = resetFrom(build.redone, target);
  return enter({ ...build, failure: null, redone, feedback, ...withoutLaterThan(build, target) }, target, passage);
}

/** Back in time: a new generation from all that `target` began with. Nothing is deleted, the old line is parked and named. */
export function rewind(build: BuildState, target: Phase, reason: string, passage: Passage): BuildState {
  const restored = restoredTo(build, target);
  const back: BuildState = {
    ...build,
    ...restored,
    generation: build.generation + 1,
    attempts: resetFrom(build.attempts, target),
    redone: resetFrom(build.redone, target),
    feedback: [reason],
    failure: null,
    owed: { ...build.owed, restoreTree: build.owed.restoreTree || mayHaveMoved(build, restored.commit ?? null) },
  };
  const eventData = { ...passage.eventData, ...abandonedBy(build, target) };
  return enter(back, target, { ...passage, eventData });
}

/** The branch, from where it should be. Work given up in the middle of implementation may have been published already. */
function mayHaveMoved(build: BuildState, commit: string | null): boolean {
  return commit !== build.commit || (commit !== null && build.state === 'implementation');
}

function enter(build: BuildState, to: State, passage: Passage): BuildState {
  const from = build.state;
  const handoff = {
    fromRole: ownerOf(from),
    toRole: nextRoleOf(to),
    fromState: from,
    toState: to,
    at: passage.now,
    notes: passage.notes,
    data: passage.data ?? null,
  };
  // Completed by somebody outside while the Release Manager's model worked: what went live is nobody's release.
  const overtaken = build.release === null && build.roles.release_manager === 'llm';
  const leavesRelease = from === 'deployment' && (to !== 'complete' || overtaken);
  const moved: BuildState = {
    ...build,
    state: to,
    turn: build.turn + 1,
    revision: build.revision + 1,
    attempts: isPhase(to) ? { ...build.attempts, [to]: build.attempts[to] + 1 } : build.attempts,
    questions: [],
    owed: { ...build.owed, undoRelease: build.owed.undoRelease || leavesRelease },
    completedAt: to === 'complete' ? passage.now : null,
    handoffs: [...build.handoffs, handoff],
  };
  const noted = note(moved, passage.event, passage, { from, to, ...passage.eventData });
  if (!isPhase(to) || noted.checkpoints[to] !== undefined) return noted;
  return { ...noted, checkpoints: { ...noted.checkpoints, [to]: checkpointOf(noted) } };
}

/** What later phases gave is void once `target` is done again. */
function withoutLaterThan(build: BuildState, target: Phase): Partial<BuildState> {
  const kept = PHASES.slice(0, PHASES.indexOf(target));
  const keep = <T>(of: Partial<Record<Phase, T>>, phases: Phase[]) =>
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
