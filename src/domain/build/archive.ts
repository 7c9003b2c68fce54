/**
 * Moves the older half of a build's audit trail into the artifact store, so that the build's state stays small.
 *
 * Each archive page names the page before it, so no event is lost and the counts stay exact.
 */
import type { BuildState } from './state';
import type { AuditEvent, Handoff } from './trail';

/** One artifact, stored as JSON. `previous` is the digest of the page before it. */
export interface ArchivePage {
  events: AuditEvent[];
  handoffs: Handoff[];
  previous: string | null;
}

const MAX_ENTRIES_IN_STATE = 300;
/** Characters of JSON. Temporal refuses payloads of 2 MB; a character can take three bytes, and the state has other members. */
const MAX_CHARS_IN_STATE = 300_000;
/** Keeps a page far below the payload limit, even if many signals arrived at once. */
const MAX_ENTRIES_PER_PAGE = 150;

/** Returns the next page to archive; null while the build is small enough, or while inline content is not in the artifact store yet. */
export function nextArchivePage(build: BuildState): ArchivePage | null {
  const { events, handoffs } = build;
  if (Object.keys(build.unsaved).length > 0) return null;
  const isFull = events.length > MAX_ENTRIES_IN_STATE || handoffs.length > MAX_ENTRIES_IN_STATE;
  if (!isFull && JSON.stringify([events, handoffs]).length <= MAX_CHARS_IN_STATE) return null;
  const page = { events: oldestOf(events), handoffs: oldestOf(handoffs), previous: build.archive?.digest ?? null };
  return page.events.length + page.handoffs.length === 0 ? null : page;
}

function oldestOf<T>(all: T[]): T[] {
  return all.slice(0, Math.min(Math.floor(all.length / 2), MAX_ENTRIES_PER_PAGE));
}

/** Removes an archived page from the state. Meanwhile newer events may have been added, and events of refused signals dropped. */
export function withoutArchivedPage(build: BuildState, page: ArchivePage, digest: string): BuildState {
  const archivedEvents = new Set(page.events);
  return {
    ...build,
    events: build.events.filter((event) => !archivedEvents.has(event)),
    handoffs: build.handoffs.slice(page.handoffs.length),
    archive: {
      digest,
      events: (build.archive?.events ?? 0) + page.events.length,
      handoffs: (build.archive?.handoffs ?? 0) + page.handoffs.length,
    },
  };
}

/** Counts all events and handoffs of the build, both in the state and in the archive. */
export function trailCounts({ events, handoffs, archive }: BuildState): { events: number; handoffs: number } {
  return {
    events: events.length + (archive?.events ?? 0),
    handoffs: handoffs.length + (archive?.handoffs ?? 0),
  };
}
