/**
 * The room below the caps of a project: whether a grant fits, and how large it is. Pure.
 */
import { AMOUNT_KINDS } from './amounts';
import type { AmountKind, Amounts } from './amounts';
import type { BudgetKind, CapReached } from './budget';

/** The caps of a project: in total, and for each day in UTC. A kind without a cap is not limited. */
export interface GrantCaps {
  total: Partial<Amounts>;
  day: Partial<Amounts>;
}

/** The caps of a project, and what is charged to them. */
export interface Room {
  caps: GrantCaps;
  charged: { total: Amounts; day: Amounts };
  /** Other builds wait, so nothing is granted beyond the next call. */
  isShort: boolean;
}

/** A grant is larger than the next call needs by this factor, so that one ask covers several calls. */
const CALLS_AHEAD = 4;
/** What is granted beyond the next call is at most this part of the room, so that few builds do not take all of it. */
const SHARE_OF_ROOM = 10;

const KIND_NAMES: Readonly<Record<AmountKind, BudgetKind>> = { microUsd: 'usd', tokens: 'tokens', calls: 'calls' };

/** The kind of amount that a cap of this kind limits. Work time is no amount, and no cap of a project limits it. */
export function amountKindOf(kind: BudgetKind): AmountKind {
  return AMOUNT_KINDS.find((one) => KIND_NAMES[one] === kind) ?? 'calls';
}

/** True if `granted` is enough for `needed` in each kind. */
export function isCovered(needed: Amounts, granted: Amounts): boolean {
  return AMOUNT_KINDS.every((kind) => needed[kind] <= granted[kind]);
}

/** Raises a grant to what is needed and somewhat more, or names the first cap that this would exceed. */
export function nextGrant(
  granted: Amounts,
  needed: Amounts,
  room: Room,
): { granted: Amounts } | { refused: CapReached } {
  const next = { ...granted };
  for (const kind of AMOUNT_KINDS) {
    const missing = Math.max(0, needed[kind] - granted[kind]);
    const refused = missing === 0 ? null : refusalOf(kind, missing, room);
    if (refused !== null) return { refused };
    next[kind] += missing;
    if (missing > 0 && !room.isShort) next[kind] += ahead(kind, missing, room);
  }
  return { granted: next };
}

function refusalOf(kind: AmountKind, missing: number, { caps, charged }: Room): CapReached | null {
  for (const scope of ['project', 'day'] as const) {
    const part = scope === 'project' ? 'total' : 'day';
    const [cap, spent] = [caps[part][kind], charged[part][kind]];
    if (cap !== undefined && spent + missing > cap)
      return { scope, kind: KIND_NAMES[kind], cap, spent, needed: missing };
  }
  return null;
}

function ahead(kind: AmountKind, missing: number, { caps, charged }: Room): number {
  const left = (['total', 'day'] as const).map(
    (part) => (caps[part][kind] ?? Infinity) - charged[part][kind] - missing,
  );
  return Math.max(0, Math.min(missing * (CALLS_AHEAD - 1), Math.floor(Math.min(...left) / SHARE_OF_ROOM)));
}
