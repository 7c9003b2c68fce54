/**
 * Follows a build over the API until it ends, or until it needs a person.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { Unreachable } from './api';
import type { Api, Handoff, Status } from './api';

const POLL_MS = 150;

export interface Sight {
  status: Status;
  handoffs: Handoff[];
}

/** Gives the last sight of a build for which `isOver` holds; rejects with an AbortError where `signal` says so. */
export async function watchBuild(input: {
  api: Api;
  isOver: (status: Status) => boolean;
  onChange: (sight: Sight) => void | Promise<void>;
  signal: AbortSignal;
}): Promise<Sight> {
  const { api, isOver, onChange, signal } = input;
  let last: Sight | undefined;
  for (; ; await wait(POLL_MS, undefined, { signal })) {
    const sight = await look(api, last);
    if (sight === undefined) continue;
    const isNew = last === undefined || JSON.stringify(sight.status) !== JSON.stringify(last.status);
    last = sight;
    if (isNew) await onChange(sight);
    if (isOver(sight.status)) return sight;
  }
}

/** Undefined where nothing can be seen at the moment. */
async function look(api: Api, last: Sight | undefined): Promise<Sight | undefined> {
  try {
    const status = await api.status();
    if (status.handoff_count === last?.status.handoff_count) return { status, handoffs: last.handoffs };
    const handoffs = await api.handoffs();
    // The build may have gone on between the two answers: what the status does not know yet is shown with the next.
    return { status, handoffs: handoffs.slice(0, status.handoff_count) };
  } catch (error) {
    if (error instanceof Unreachable) return undefined;
    throw error;
  }
}
