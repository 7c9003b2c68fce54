/**
 * Finds the audit events that a build has got since an earlier look at it.
 */
import type { AuditEvent } from './trail';

/** `last`: the newest event of the earlier look; undefined if there was none. */
export function eventsAfter(events: AuditEvent[], last: AuditEvent | undefined): AuditEvent[] {
  if (last === undefined) return events;
  const index = events.lastIndexOf(last);
  // The last event may be missing: the build drops its oldest refusals and archives old pages of the trail.
  return index === -1 ? events.filter((event) => event.at > last.at) : events.slice(index + 1);
}
