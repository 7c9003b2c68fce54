/**
 * Polls a build over the API until it ends, or until it needs a person.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { Unreachable } from './api';
import type { Api, Handoff, Status } from './api';

const POLL_MS = 150;

export interface Sight {
  status: Status;
  handoffs: Handoff[];
}

/** Gives the first status for which `isOver` is true; rejects with an AbortError when `signal` is aborted. */
export async function watchBuild(input: {
  api: Api;
  isOver: (status: Status) => boolean;
  onChange: (sight: Sight) => void | Promise<void>;
  signal: AbortSignal;
}): Promise<Sight> {
  const { api, isOver, onChange, signal } = input;
  let last: Sight | undefined;
  for (; ; await wait(POLL_MS, undefined, { signal })) {
    const sight = await poll(api, last);
    if (sight === undefined) continue;
    const isNew = last === undefined || JSON.stringify(sight.status) !== JSON.stringify(last.status);
    last = sight;
    if (isNew) await onChange(sight);
    if (isOver(sight.status)) return sight;
  }
}

/** Undefined where the API cannot answer at the moment. */
async function poll(api: Api, last: Sight | undefined): Promise<Sight | undefined> {
  try {
    const status = await api.status();
    if (status.handoff_count === last?.status.handoff_count) return { status, handoffs: last.handoffs };
    const handoffs = await api.handoffs();
    // The build may have continued between the two answers: newer handoffs are shown with the next status.
    return { status, handoffs: handoffs.slice(0, status.handoff_count) };
  } catch (error) {
    if (error instanceof Unreachable) return undefined;
    throw error;
  }
}
