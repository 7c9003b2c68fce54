/**
 * Checks the sequence of state changes: handoffs lead by legal moves from discovery to the final state, each with its event.
 */
import { isState, nextRoleOf, ownerOf } from '../../states';
import type { State } from '../../states';
import { retryTarget, rollbackTargets, transitionKind } from '../../transitions';
import { isObject } from '../../json';
import { placeOf } from '../format';
import type { Body, Entry, Flaw } from '../format';

export function checkStateChanges(entries: readonly Entry[]): Flaw[] {
  const handoffs = entries.filter(({ kind }) => kind === 'handoff');
  return [...checkFrame(entries), ...checkMoves(handoffs, entries.at(-1)), ...checkEvents(entries, handoffs)];
}

/** Checks that there is one first entry, one last entry, and as many entries of each kind as the last one says. */
function checkFrame(entries: readonly Entry[]): Flaw[] {
  const [first, last] = [entries[0], entries.at(-1)];
  const flaws: Flaw[] = [];
  const addFlaw = (where: string, field: string | null, message: string) => void flaws.push({ where, field, message });
  if (first?.kind !== 'build') addFlaw('entry 0', 'kind', 'must be "build": the beginning is missing');
  if (last?.kind !== 'state') addFlaw(last ? placeOf(last) : 'entries', 'kind', 'must be "state": the end is missing');
  for (const entry of entries) {
    if (entry.kind === 'build' && entry !== first) addFlaw(placeOf(entry), 'kind', 'is a second beginning');
    if (entry.kind === 'state' && entry !== last) addFlaw(placeOf(entry), 'kind', 'is a second end');
  }
  if (first?.kind !== 'build' || last?.kind !== 'state') return flaws;
  const { totals } = last.body;
  const counts = new Map<string, number>();
  for (const { kind } of entries.slice(0, -1)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  for (const kind of new Set([...counts.keys(), ...Object.keys(isObject(totals) ? totals : {})])) {
    const total = isObject(totals) ? totals[kind] : undefined;
    const count = counts.get(kind) ?? 0;
    if (total !== count) addFlaw(placeOf(last), `body.totals.${kind}`, `is ${String(total)}, but there are ${count}`);
  }
  for (const name of ['projectId', 'buildId', 'userId', 'title', 'createdAt']) {
    if (first.body[name] !== last.body[name])
      addFlaw(placeOf(last), `body.${name}`, 'is another one than at the beginning');
  }
  if (first.body.requestDigest !== last.body.request)
    addFlaw(placeOf(last), 'body.request', 'is another one than at the beginning');
  return flaws;
}

function checkMoves(handoffs: readonly Entry[], last: Entry | undefined): Flaw[] {
  const flaws: Flaw[] = [];
  let state: unknown = 'discovery';
  for (const entry of handoffs) {
    const where = placeOf(entry);
    const { fromState, toState, fromRole, toRole } = entry.body;
    if (!isState(fromState) || !isState(toState)) {
      flaws.push({ where, field: 'body', message: 'does not lead from a state to a state' });
      continue;
    }
    if (fromState !== state) {
      flaws.push({ where, field: 'body.fromState', message: `is ${fromState}, but the build was in ${String(state)}` });
    }
    if (!isLegal(fromState, toState)) {
      flaws.push({ where, field: 'body.toState', message: `no move leads from ${fromState} to ${toState}` });
    }
    if (fromRole !== ownerOf(fromState) || toRole !== nextRoleOf(toState)) {
      flaws.push({ where, field: 'body', message: 'names roles that do not own these states' });
    }
    state = toState;
  }
  if (last?.kind === 'state' && last.body.state !== state) {
    const message = `is ${String(last.body.state)}, but the handoffs end in ${String(state)}`;
    flaws.push({ where: placeOf(last), field: 'body.state', message });
  }
  return flaws;
}

/** True for a transition of the table, a retry, or a rollback. The table contains every phase after `error`. */
function isLegal(from: State, to: State): boolean {
  const earlierStates: State[] = rollbackTargets(from, null);
  return transitionKind(from, to) !== null || retryTarget(from, null) === to || earlierStates.includes(to);
}

/** Checks that each change of state appears both as a handoff and in the audit trail. */
function checkEvents(entries: readonly Entry[], handoffs: readonly Entry[]): Flaw[] {
  const moves = entries.filter(({ kind, body }) => kind === 'event' && isMove(body));
  const keyOf = ({ at, from, to }: Body) => `${String(from)} to ${String(to)} at ${String(at)}`;
  const eventMoves = moves.map((entry) => ({ entry, key: keyOf({ at: entry.at, ...(entry.body.data as Body) }) }));
  const handoffMoves = handoffs.map((entry) => {
    const { fromState: from, toState: to } = entry.body;
    return { entry, key: keyOf({ at: entry.at, from, to }) };
  });
  const misdatedEntries = entries.filter(({ kind, at, body }) => ['event', 'handoff'].includes(kind) && body.at !== at);
  const [inEvents, inHandoffs] = [eventMoves, handoffMoves].map((list) => new Set(list.map((one) => one.key)));
  return [
    ...handoffMoves
      .filter((one) => !inEvents!.has(one.key))
      .map(({ entry, key: what }) => ({
        where: placeOf(entry),
        field: 'body',
        message: `no event tells of it: ${what}`,
      })),
    ...eventMoves
      .filter((one) => !inHandoffs!.has(one.key))
      .map(({ entry, key: what }) => ({
        where: placeOf(entry),
        field: 'body.data',
        message: `no handoff did it: ${what}`,
      })),
    ...misdatedEntries.map((entry) => ({ where: placeOf(entry), field: 'at', message: 'is not when its body says' })),
  ];
}

function isMove({ type, data }: Body): boolean {
  return type !== 'answered' && isObject(data) && isState(data.from) && isState(data.to);
}
