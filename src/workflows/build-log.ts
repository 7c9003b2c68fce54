/**
 * Writes each audit event of a build once into the log of the worker that carried it out. A replay writes nothing.
 */
import { log, workflowInfo } from '@temporalio/workflow';
import { lineOf } from '../domain/build/event-lines';
import { eventsAfter } from '../domain/build/events-after';
import type { BuildState } from '../domain/build/state';
import type { AuditEvent } from '../domain/build/trail';

/** The log field that marks a build's own lines; the programs use it to tell them from lines of the SDK. */
export const BUILD_LINE = 'buildEvent';

export function createBuildLog() {
  let last: AuditEvent | undefined;
  // After continue-as-new, the previous run has logged the events that are already in the state.
  let isNew = workflowInfo().continuedFromExecutionRunId === undefined;
  return function logNewEvents(build: BuildState): void {
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
