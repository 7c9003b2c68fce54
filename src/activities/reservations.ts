/**
 * The reservations of a build: what HTTP requests of its model calls may cost or have cost, until the build has counted it.
 *
 * A reservation is written before its request is sent, so that a kill of the worker loses none. One that is not settled counts with the
 * most that its request can cost.
 */
import { callKeyPrefix, parseCallKey, workflowIdOf } from '../domain/ids';
import type { BuildId } from '../domain/ids';
import type { FoundCall } from '../domain/build/spend';
import { groupBy } from '../domain/group-by';
import { byModel } from '../domain/money/spend';
import type { PaidCalls } from '../domain/money/spend';
import type { DocumentStore, StoredReservation } from '../ports/documents';

export interface HeldReservation {
  key: string;
  /** The key of the model call. */
  call: string;
  stored: StoredReservation;
}

export async function listReservations(documents: DocumentStore, build: BuildId): Promise<HeldReservation[]> {
  const keys = await documents.list('reservations', callKeyPrefix(workflowIdOf(build)));
  const held = await Promise.all(
    keys.map(async (key) => {
      const call = key.slice(0, key.lastIndexOf('.'));
      const stored = parseCallKey(call) === null ? undefined : await documents.load('reservations', key);
      return stored === undefined ? [] : [{ key, call, stored }];
    }),
  );
  return held.flat();
}

/** Adds up the reservations, by model. A request that was not sent has cost nothing. */
export function costOf(held: readonly HeldReservation[]): PaidCalls[] {
  return byModel(held.filter(({ stored }) => stored.state !== 'asked').map(({ stored }) => stored.paid));
}

/**
 * Gives the costs of calls that their activities did not report. A call with a request that may still run is left out, unless
 * `hasEnded`: nothing more is reported of an ended build.
 */
export function findCalls(
  held: readonly HeldReservation[],
  calls: readonly string[],
  { hasEnded, now }: { hasEnded: boolean; now: Date },
): FoundCall[] {
  const byCall = groupBy(held, ({ call }) => call);
  const mayRun = ({ stored }: HeldReservation) => stored.state !== 'settled' && stored.until > now.toISOString();
  return calls
    .map((call) => ({ call, own: byCall.get(call) ?? [] }))
    .filter(({ own }) => hasEnded || !own.some(mayRun))
    .map(({ call, own }) => ({ call, paid: costOf(own) }));
}

export async function removeReservations(documents: DocumentStore, held: readonly HeldReservation[]): Promise<void> {
  await Promise.all(held.map(({ key }) => documents.remove('reservations', key)));
}
