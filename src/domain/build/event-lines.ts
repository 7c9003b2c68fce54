/**
 * Writes an audit event as one log line for operators: build, phase, result, seconds.
 */
import { workflowIdOf } from '../ids';
import { isPhase } from '../roles';
import { STATES } from '../states';
import type { State } from '../states';
import type { BuildState } from './state';
import type { AuditEvent, Handoff } from './trail';

/** The log line, and the same facts as members for programs that read the log. */
export interface EventLine {
  text: string;
  build: string;
  event: AuditEvent['type'];
  from: State | null;
  to: State | null;
  /** Seconds that the build spent in the state that this event ends; null if the event ends none. */
  seconds: number | null;
}

const RESULT_LIMIT_CHARS = 300;

/** Returns null for an `advanced` event that only leaves a handoff state: it repeats the result of the phase before it. */
export function lineOf(build: BuildState, event: AuditEvent): EventLine | null {
  const [from, to] = [stateOf(event.data.from), stateOf(event.data.to)];
  const id = workflowIdOf(build);
  const index = build.handoffs.findLastIndex(
    (one) => one.at === event.at && one.fromState === from && one.toState === to,
  );
  const handoff = build.handoffs[index];
  const line = { build: id, event: event.type, from, to };
  if (from === null || to === null || handoff === undefined) {
    const reason = singleLine(event.data.reason ?? event.data.message);
    const text = `${id} ${event.type.replaceAll('_', ' ')} by ${event.actor}${reason === '' ? '' : `: ${reason}`}`;
    return { ...line, text: event.type === 'started' ? `${text}: ${singleLine(build.title)}` : text, seconds: null };
  }
  if (!isPhase(from) && event.type === 'advanced') return null;
  const since = build.handoffs[index - 1]?.at ?? build.createdAt;
  const seconds = Math.round((Date.parse(event.at) - Date.parse(since)) / 100) / 10;
  const text = `${id} ${from}, ${seconds.toFixed(1)} s: ${resultOf(event, handoff)}`;
  return { ...line, text, seconds };
}

function resultOf({ type, data }: AuditEvent, { toState, notes }: Handoff): string {
  if (type === 'failed') return `waits for a person: ${singleLine(data.type)}: ${singleLine(data.message)}`;
  const result = singleLine(notes);
  if (toState === 'complete') return `${result === '' ? 'done' : result}; the build is complete`;
  return `${result === '' ? type.replaceAll('_', ' ') : result}; next ${toState}`;
}

function stateOf(value: unknown): State | null {
  return STATES.find((state) => state === value) ?? null;
}

/** Replaces line breaks by spaces and limits the length. */
function singleLine(value: unknown): string {
  const text = typeof value === 'string' ? value.replace(/\s+/g, ' ').trim() : '';
  return text.length > RESULT_LIMIT_CHARS ? `${text.slice(0, RESULT_LIMIT_CHARS - 1)}…` : text;
}
