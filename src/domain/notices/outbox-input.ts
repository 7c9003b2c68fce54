/**
 * Validates the input of the workflow that sends a project's notices, and the signals that hand notices over. Any Temporal client can
 * send either.
 */
import { isId } from '../ids';
import { isObject } from '../json';
import { aCount, aText, aTime, allOf, checkedBy, listOf, objectOf, oneOf, orNull } from '../shape';
import type { Shape } from '../shape';
import { aDelivery } from './notice';
import type { Delivery } from './notice';
import type { Outbox, OutboxEntry } from './outbox';

const aProject = checkedBy('1 to 64 letters, digits, "_" or "-"', isId);
const ENTRY_OWN = {
  ...{ state: oneOf(['pending', 'sent', 'dead']), tries: aCount, since: aTime },
  ...{ nextAt: orNull(aTime), triedAt: orNull(aTime), lastError: orNull(aText) },
} satisfies Record<Exclude<keyof OutboxEntry, keyof Delivery>, Shape>;
const anOutbox = objectOf({
  projectId: aProject,
  entries: listOf(allOf(aDelivery, objectOf(ENTRY_OWN))),
  forgotten: objectOf({ sent: aCount, dead: aCount }),
} satisfies Record<keyof Outbox, Shape>);

/** Returns the problem with the workflow's input; null for a valid `{projectId}` or `{resumed}`. */
export function noticesInputProblem(input: unknown): string | null {
  if (!isObject(input)) return 'the input must be an object with projectId or resumed';
  return Object.hasOwn(input, 'resumed') ? anOutbox(input.resumed, 'resumed') : aProject(input.projectId, 'projectId');
}

/** Notices that are handed over together. `proof`: only a process with access to the data folder can make it. */
export interface HandedNotices {
  deliveries: Delivery[];
  proof: string;
}

/** The most deliveries of one signal: far more than a build ever hands over at once. */
export const HANDED_LIMIT = 200;
const aHandover = objectOf({
  deliveries: allOf(
    listOf(aDelivery),
    checkedBy(`at most ${HANDED_LIMIT} deliveries`, (value) => (value as unknown[]).length <= HANDED_LIMIT),
  ),
  proof: checkedBy('a proof', (value) => typeof value === 'string' && value.length <= 200),
} satisfies Record<keyof HandedNotices, Shape>);

/** Returns the notices of a signal; null if its content is malformed. */
export function readHanded(value: unknown): HandedNotices | null {
  return aHandover(value, '') === null ? (value as HandedNotices) : null;
}
