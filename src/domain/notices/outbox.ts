/**
 * The outbox of a project: which notices are to be sent, were sent, or could not be sent, and when each is tried next. Pure.
 *
 * A notice is tried for three days. Then it is dead: it stays in the outbox and can be sent again.
 */
import type { Delivery } from './notice';

export interface OutboxEntry extends Delivery {
  /** `dead`: it is not tried any more by itself. */
  state: 'pending' | 'sent' | 'dead';
  /** Tries since `since`. */
  tries: number;
  /** When it was handed over, or was last sent again by a person; ISO 8601, as all times here. */
  since: string;
  /** The next try; null unless it is pending. */
  nextAt: string | null;
  /** The last try; null before the first one. */
  triedAt: string | null;
  /** Why the last try failed; null if none failed. */
  lastError: string | null;
}

export interface Outbox {
  projectId: string;
  /** Oldest first. */
  entries: OutboxEntry[];
  /** Entries that were left out to make room, by their last state. */
  forgotten: { sent: number; dead: number };
}

/** `isFinal`: a further try cannot succeed. `retryAfterS`: seconds that the receiver asks to wait. */
export type SendResult = { kind: 'sent' } | { kind: 'failed'; why: string; isFinal?: true; retryAfterS?: number };

/**
 * How many entries of each state are kept. With the longest addresses and texts, all of them stay below Temporal's limit for one
 * payload, which the state must fit into.
 */
export const KEPT: Readonly<Record<OutboxEntry['state'], number>> = { pending: 250, sent: 100, dead: 150 };

/** Notices are tried for this time. */
export const TRIED_FOR_S = 3 * 86_400;
/** The wait after the first try. It doubles up to `LONGEST_WAIT_S`. */
const FIRST_WAIT_S = 1;
const LONGEST_WAIT_S = 6 * 3_600;
const ERROR_LIMIT_CHARS = 200;

export function beginOutbox(projectId: string): Outbox {
  return { projectId, entries: [], forgotten: { sent: 0, dead: 0 } };
}

/** Adds deliveries that are due at once. One whose id is known is left out: its signal came twice. */
export function takeDeliveries(outbox: Outbox, deliveries: readonly Delivery[], now: string): Outbox {
  const known = new Set(outbox.entries.map(({ id }) => id));
  const added: OutboxEntry[] = [];
  for (const { id, notice, target } of deliveries) {
    if (known.has(id) || notice.projectId !== outbox.projectId) continue;
    known.add(id);
    added.push({
      id,
      notice,
      target,
      state: 'pending',
      tries: 0,
      since: now,
      nextAt: now,
      triedAt: null,
      lastError: null,
    });
  }
  return added.length === 0 ? outbox : makeRoom({ ...outbox, entries: [...outbox.entries, ...added] });
}

/** Gives the pending entries that are due, those that wait longest first. */
export function dueEntries({ entries }: Outbox, now: string): OutboxEntry[] {
  return entries
    .filter(({ nextAt }) => nextAt !== null && nextAt <= now)
    .sort((a, b) => (a.nextAt ?? '').localeCompare(b.nextAt ?? ''));
}

/** Gives the time of the next try, past or future, of an entry that is not in `except`; null if there is none. */
export function nextTryAt({ entries }: Outbox, except: ReadonlySet<string>): string | null {
  const times = entries.flatMap(({ id, nextAt }) => (nextAt === null || except.has(id) ? [] : [nextAt]));
  return times.length === 0 ? null : times.reduce((first, one) => (one < first ? one : first));
}

export function applyTry(outbox: Outbox, id: string, { result, now }: { result: SendResult; now: string }): Outbox {
  return makeRoom(replaceEntry(outbox, id, (entry) => (entry.state === 'pending' ? tried(entry, result, now) : entry)));
}

function tried(entry: OutboxEntry, result: SendResult, now: string): OutboxEntry {
  const next = { ...entry, tries: entry.tries + 1, triedAt: now };
  if (result.kind === 'sent') return { ...next, state: 'sent', nextAt: null, lastError: null };
  const lastError = result.why.slice(0, ERROR_LIMIT_CHARS);
  const nextMs = Date.parse(now) + 1_000 * waitAfter(next.tries, result.retryAfterS);
  const isOver = nextMs > Date.parse(entry.since) + 1_000 * TRIED_FOR_S;
  if (result.isFinal === true || isOver) return { ...next, state: 'dead', nextAt: null, lastError };
  return { ...next, nextAt: new Date(nextMs).toISOString(), lastError };
}

/** Seconds from a failed try to the next one. `tries`: from 1. */
export function waitAfter(tries: number, retryAfterS = 0): number {
  const doubled = FIRST_WAIT_S * 2 ** Math.min(tries - 1, 30);
  return Math.min(Math.max(doubled, retryAfterS), LONGEST_WAIT_S);
}

export type Resent = { kind: 'resent'; outbox: Outbox } | { kind: 'unknown' } | { kind: 'pending' };

/** Sends an entry that is sent or dead again, from now on for three days, with the same id. */
export function resend(outbox: Outbox, id: string, now: string): Resent {
  const entry = outbox.entries.find((one) => one.id === id);
  if (entry === undefined) return { kind: 'unknown' };
  if (entry.state === 'pending') return { kind: 'pending' };
  const again: OutboxEntry = { ...entry, state: 'pending', tries: 0, since: now, nextAt: now };
  return { kind: 'resent', outbox: makeRoom(replaceEntry(outbox, id, () => again)) };
}

function replaceEntry(outbox: Outbox, id: string, change: (entry: OutboxEntry) => OutboxEntry): Outbox {
  return { ...outbox, entries: outbox.entries.map((entry) => (entry.id === id ? change(entry) : entry)) };
}

/** The oldest pending entries above the limit become dead; the oldest sent and dead ones are left out, and counted. */
function makeRoom(outbox: Outbox): Outbox {
  const counts = { pending: 0, sent: 0, dead: 0 };
  const kept: OutboxEntry[] = [];
  const forgotten = { ...outbox.forgotten };
  for (const entry of outbox.entries.toReversed()) {
    const isAbove = entry.state === 'pending' && counts.pending >= KEPT.pending;
    const next = isAbove ? displaced(entry) : entry;
    counts[next.state] += 1;
    if (next.state === 'pending' || counts[next.state] <= KEPT[next.state]) kept.push(next);
    else forgotten[next.state] += 1;
  }
  return { ...outbox, entries: kept.reverse(), forgotten };
}

function displaced(entry: OutboxEntry): OutboxEntry {
  const why = `more than ${KEPT.pending} notices of the project are pending`;
  return { ...entry, state: 'dead', nextAt: null, lastError: entry.lastError ?? why };
}
