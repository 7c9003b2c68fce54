/**
 * What a build says in the worker's log: each audit event once, by the worker that saw it happen. A replay says nothing.
 */
import { log, workflowInfo } from '@temporalio/workflow';
import { lineOf } from '../domain/build/event-lines';
import type { AuditEvent, BuildState } from '../domain/build/state';

/** By this the programs tell a build's own lines from what the SDK has to say. */
export const BUILD_LINE = 'buildEvent';

export function createBuildLog() {
  let last: AuditEvent | undefined;
  // What stands there after continue-as-new was said by the run before.
  let isNew = workflowInfo().continuedFromExecutionRunId === undefined;
  return function say(build: BuildState): void {
    for (const event of isNew ? eventsAfter(build.events, last) : []) {
      const line = lineOf(build, event);
      if (line === null) continue;
      const { text, ...data } = line;
      log.info(text, { [BUILD_LINE]: data });
    }
    isNew = true;
    last = build.events.at(-1);
  };
}

function eventsAfter(events: AuditEvent[], last: AuditEvent | undefined): AuditEvent[] {
  if (last === undefined) return events;
  const at = events.lastIndexOf(last);
  // The oldest refusals are dropped, and old pages archived.
  return at === -1 ? events.filter((event) => event.at > last.at) : events.slice(at + 1);
}
