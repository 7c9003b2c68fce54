/**
 * The audit trail's older half: what a build gives to the artifact store, so that its state stays small for ever.
 *
 * Each page names the one before it, so nothing is lost and the counts stay exact.
 */
import type { AuditEvent, BuildState, Handoff } from './state';

/** One artifact, as JSON. `previous` is the digest of the page before it. */
export interface ArchivePage {
  events: AuditEvent[];
  handoffs: Handoff[];
  previous: string | null;
}

const KEPT_LIMIT = 300;
/** Of JSON. Temporal refuses 2 MB in one payload, and a character can take three bytes; the state holds other things too. */
const KEPT_LIMIT_CHARS = 300_000;
/** So that a page too stays far below that limit, however many signals came at once. */
const PAGE_LIMIT = 150;

/** The page to be put away next; null while the build is small enough, or names content that is not kept yet. */
export function overflowOf(build: BuildState): ArchivePage | null {
  const { events, handoffs } = build;
  if (Object.keys(build.unsaved).length > 0) return null;
  const isFull = events.length > KEPT_LIMIT || handoffs.length > KEPT_LIMIT;
  if (!isFull && JSON.stringify([events, handoffs]).length <= KEPT_LIMIT_CHARS) return null;
  const page = { events: oldestOf(events), handoffs: oldestOf(handoffs), previous: build.archive?.digest ?? null };
  return page.events.length + page.handoffs.length === 0 ? null : page;
}

function oldestOf<T>(all: T[]): T[] {
  return all.slice(0, Math.min(Math.floor(all.length / 2), PAGE_LIMIT));
}

/** The page is in the artifact store. The build may have got newer events meanwhile, and dropped refused ones. */
export function archived(build: BuildState, page: ArchivePage, digest: string): BuildState {
  const gone = new Set(page.events);
  return {
    ...build,
    events: build.events.filter((event) => !gone.has(event)),
    handoffs: build.handoffs.slice(page.handoffs.length),
    archive: {
      digest,
      events: (build.archive?.events ?? 0) + page.events.length,
      handoffs: (build.archive?.handoffs ?? 0) + page.handoffs.length,
    },
  };
}

/** All there ever were: those kept in the state, and those in the archive. */
export function trailCounts({ events, handoffs, archive }: BuildState): { events: number; handoffs: number } {
  return {
    events: events.length + (archive?.events ?? 0),
    handoffs: handoffs.length + (archive?.handoffs ?? 0),
  };
}
