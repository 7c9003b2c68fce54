/**
 * Due: what a build does by itself at a certain time, such as a reminder. The main loop waits with a durable timer for the earliest.
 *
 * Each entry leaves a mark in the state when it is carried out and is then no longer listed, so that after a restart nothing is
 * carried out twice. A new kind of entry is one line in `LISTS`.
 */
import { gateDueEntries } from '../people/gate-due';
import { questionDueEntries } from '../people/question-due';
import { budgetDueEntries } from './budget-gate';
import { isClosed } from './state';
import type { BuildState } from './state';

/** `at` is ISO 8601. `apply` must change the build so that the entry is no longer listed. */
export interface DueEntry {
  at: string;
  apply(build: BuildState, now: string): BuildState;
}

/** Each gives the entries that are still to be carried out, also those whose time has passed. */
const LISTS: ReadonlyArray<(build: BuildState) => DueEntry[]> = [gateDueEntries, questionDueEntries, budgetDueEntries];

/** The time of the earliest entry (ISO 8601); null if nothing is due. */
export function nextDueAt(build: BuildState): string | null {
  return earliestOf(build)?.at ?? null;
}

/** Carries out each entry whose time has come, the earliest first. Returns the same build if there is none. */
export function applyDue(build: BuildState, now: string): BuildState {
  let next = build;
  for (let entry = earliestOf(next); entry !== null && isReached(entry, now); entry = earliestOf(next)) {
    next = entry.apply(next, now);
  }
  return next;
}

function earliestOf(build: BuildState): DueEntry | null {
  if (isClosed(build)) return null;
  const entries = LISTS.flatMap((list) => list(build));
  return entries.reduce<DueEntry | null>((first, one) => (first === null || isBefore(one, first) ? one : first), null);
}

function isBefore(one: DueEntry, other: DueEntry): boolean {
  return Date.parse(one.at) < Date.parse(other.at);
}

function isReached({ at }: DueEntry, now: string): boolean {
  return Date.parse(at) <= Date.parse(now);
}
