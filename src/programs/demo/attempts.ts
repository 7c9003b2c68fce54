/**
 * Computes the attempts of a build from its status and history: role, phase, duration and result of each. Pure.
 */
import { PHASES, PHASE_OWNER, ROLE_TITLE, isPhase } from '../../domain/roles';
import type { Phase } from '../../domain/roles';
import { isEarlierPhase } from '../../domain/states';
import type { Handoff, Status } from './api';

export interface Attempt {
  phase: Phase;
  /** The title of the role, such as "Code Writer". */
  role: string;
  /** The number of the attempt, from 1. */
  number: number;
  /** Milliseconds since the epoch. */
  beganAt: number;
  /** Milliseconds since the epoch; null while the attempt runs. */
  endedAt: number | null;
  end: 'none' | 'done' | 'back' | 'failed';
  /** The notes of the handoff that ended the attempt. */
  notes: string;
}

export function attemptsOf(status: Status, handoffs: Handoff[]): Attempt[] {
  const attempts = [beginAttempt('discovery', 1, status.created_at)];
  for (const handoff of handoffs) {
    const last = attempts.at(-1) as Attempt;
    if (last.endedAt === null && last.phase === handoff.from_state) Object.assign(last, endOf(handoff));
    if (!isPhase(handoff.to_state)) continue;
    const earlierCount = attempts.filter(({ phase }) => phase === handoff.to_state).length;
    attempts.push(beginAttempt(handoff.to_state, earlierCount + 1, handoff.timestamp));
  }
  const last = attempts.at(-1) as Attempt;
  // A phase that is repeated at once has no handoff; only the status counts these attempts.
  if (last.endedAt === null && last.phase === status.current_state) last.number = Math.max(last.number, status.attempt);
  if (last.endedAt === null && status.completed_at !== null) {
    Object.assign(last, { endedAt: Date.parse(status.completed_at), end: 'failed', notes: status.status });
  }
  return attempts;
}

export function secondsOf({ beganAt, endedAt }: Attempt, now = Date.now()): string {
  return `${(Math.max(0, (endedAt ?? now) - beganAt) / 1000).toFixed(1)} s`;
}

/** Lists the handoffs that sent work back, each as "from -> to". */
export function reworkOf(handoffs: Handoff[]): string[] {
  const back = handoffs.filter(({ from_state, to_state }) => isPhase(to_state) && isEarlierPhase(to_state, from_state));
  return back.map(({ from_state, to_state }) => `${from_state} -> ${to_state}`);
}

function beginAttempt(phase: Phase, number: number, at: string): Attempt {
  const role = ROLE_TITLE[PHASE_OWNER[phase]];
  return { phase, role, number, beganAt: Date.parse(at), endedAt: null, end: 'none', notes: '' };
}

function endOf({ from_state, to_state, timestamp, notes }: Handoff): Pick<Attempt, 'endedAt' | 'end' | 'notes'> {
  const isBack = (PHASES as readonly string[]).includes(to_state) && isEarlierPhase(to_state as Phase, from_state);
  const end = to_state === 'error' ? 'failed' : isBack ? 'back' : 'done';
  return { endedAt: Date.parse(timestamp), end, notes: end === 'failed' ? `failed: ${notes}` : shorten(notes) };
}

/** Removes the exit code where the notes have the number of failed tests. */
function shorten(notes: string): string {
  return notes
    .replace(/the test command ended with exit code \d+; (?=\d+ of \d+ tests failed)/, '')
    .replace('; failing test: ', ': ')
    .replaceAll('; failing test: ', ', ');
}
