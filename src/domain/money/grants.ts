/**
 * The grants of a project: which build may spend how much of the project's money. Pure; the project's ledger decides by it.
 *
 * Builds of one project cannot overspend together: a grant that does not fit below the caps is refused (`room`).
 * A build that begins to wait, or ends, raises its epoch: its grant becomes void, and what it has not spent comes back.
 */
import {
  accountOf,
  chargedOf,
  closeAccount,
  isStale,
  withGrant,
  withMessage,
  withWaiting,
  withoutWaiting,
} from './accounts';
import type { GrantAccount, ProjectMoney } from './accounts';
import { NOTHING } from './amounts';
import type { Amounts } from './amounts';
import type { CapReached } from './budget';
import { amountKindOf, isCovered, nextGrant } from './room';
import type { GrantCaps } from './room';

export type { ProjectMoney };

/** A build asks for more. `id` names the ask in its answer; the same ask may arrive several times. */
export interface GrantAsk {
  id: string;
  buildId: string;
  epoch: number;
  run?: string;
  /** Totals since the build's start, as in `GrantRequest`. */
  spent: Amounts;
  needed: Amounts;
}

/** What a build with a budget reports of its money. */
export interface ReportedMoney {
  /** How often the build has waited after work. */
  epoch: number;
  /** The total that it has spent. */
  spent: Amounts;
  /** Keys of calls that are not in `spent`. An activity adds what they have cost before it sends the report, and leaves this out. */
  uncounted?: string[];
  /** The total that it must be granted to go on, while it waits at a cap of its project. */
  waitsFor?: Amounts;
  /** When the build last changed, ISO 8601. */
  at: string;
}

/** The money in a build's report. Repeated and late reports change nothing. */
export interface MoneyReport {
  buildId: string;
  run?: string;
  /** Absent in reports of builds without a budget. */
  epoch?: number;
  spent?: Amounts;
  /** The total that the build needs to go on; present while it waits at a cap of its project. */
  waitsFor?: Amounts;
  hasEnded: boolean;
}

/** What an activity finds in the document of its build: the grant of an epoch, and the answer to the last ask. */
export interface GrantDocument {
  epoch: number;
  granted: Amounts;
  /** The id of the ask that this answers; absent where the grant became void or a waiting build was woken. */
  answers?: string;
  refused?: CapReached;
  /** When the ledger wrote it, ISO 8601: a later document is never replaced by an earlier one. */
  at: string;
}

export interface GrantAnswer {
  buildId: string;
  document: Omit<GrantDocument, 'at'>;
}

/** Decides one ask. `answer` is null where the ask is void, because it is of an earlier epoch or run. */
export function decideAsk(
  before: ProjectMoney,
  ask: GrantAsk,
  caps: GrantCaps,
): { money: ProjectMoney; answer: GrantAnswer | null } {
  const { buildId, epoch, needed } = ask;
  const money = withMessage(before, ask);
  const account = accountOf(money, buildId);
  if (account === undefined || isStale(account, ask)) return { money: before, answer: null };
  // A build that asks works, so it does not wait.
  const asking = withoutWaiting(money, buildId);
  const answerWith = (granted: Amounts, more: { refused?: CapReached } = {}): GrantAnswer => ({
    buildId,
    document: { epoch, granted, answers: ask.id, ...more },
  });
  if (isCovered(needed, account.granted)) return { money: asking, answer: answerWith(account.granted) };
  const next = nextGrant(account.granted, needed, {
    ...{ caps, charged: chargedOf(asking), isShort: asking.queue.length > 0 },
  });
  if ('refused' in next) {
    const refused = asSeenByBuild(next.refused, account, ask);
    return { money: asking, answer: answerWith(account.granted, { refused }) };
  }
  return { money: withGrant(asking, buildId, next.granted), answer: answerWith(next.granted) };
}

/** Counts the unspent part of the build's own grant as not spent, and the whole call as needed. */
function asSeenByBuild(refused: CapReached, { granted }: GrantAccount, { spent, needed }: GrantAsk): CapReached {
  const kind = amountKindOf(refused.kind);
  const unspent = granted[kind] - spent[kind];
  return { ...refused, spent: refused.spent - unspent, needed: needed[kind] - spent[kind] };
}

/**
 * Takes the money of a report: a higher epoch gives the unused part of the grant back, and an end closes the account. `voided` is
 * the document that makes the grant void; it must be written before anyone else is granted what came back.
 */
export function takeReport(before: ProjectMoney, report: MoneyReport): MoneyChange {
  const { buildId, hasEnded, waitsFor } = report;
  const known = accountOf(before, buildId);
  const unchanged = { money: before, voided: null };
  if (known === undefined && isNothing(report)) return unchanged;
  // An end counts for any epoch: a build that cannot be read any more is reported without one.
  const stamp = hasEnded && known !== undefined ? { run: report.run, epoch: known.epoch } : report;
  if (known !== undefined && isStale(known, stamp)) return unchanged;
  // Where an end says nothing of money, all that was granted counts as spent.
  const { epoch = known?.epoch ?? 0, spent = known?.granted ?? NOTHING } = report;
  const money = withMessage(before, { ...report, epoch, spent });
  const account = accountOf(money, buildId);
  if (account === undefined) return unchanged;
  const isVoid = known !== undefined && (hasEnded || epoch > known.epoch || account.run !== known.run);
  const document = { epoch: hasEnded ? Number.MAX_SAFE_INTEGER : epoch, granted: account.spent };
  const voided = isVoid ? { buildId, document } : null;
  if (hasEnded) return { money: closeAccount(money, buildId, account.spent), voided };
  const isNewEpoch = known === undefined || epoch > known.epoch;
  const waiting = waitsFor && { buildId, epoch, needed: waitsFor };
  return { money: isNewEpoch || waiting !== undefined ? withWaiting(money, buildId, waiting) : money, voided };
}

/** `voided`: null where no grant became void. */
interface MoneyChange {
  money: ProjectMoney;
  voided: GrantAnswer | null;
}

/** True where a report of an unknown build has no money in it. */
function isNothing({ epoch, spent = NOTHING, waitsFor }: MoneyReport): boolean {
  return epoch === undefined || (waitsFor === undefined && isCovered(spent, NOTHING));
}

/** Gives waiting builds their grants, the longest waiting first, as far as there is room. `answers` names the builds to wake. */
export function serveQueue(before: ProjectMoney, caps: GrantCaps): { money: ProjectMoney; answers: GrantAnswer[] } {
  let money = before;
  let charged = chargedOf(money);
  const answers: GrantAnswer[] = [];
  for (const waiting of before.queue) {
    const { buildId, epoch, needed } = waiting;
    const account = accountOf(money, buildId);
    if (account === undefined || account.epoch !== epoch) {
      money = { ...money, queue: money.queue.filter((one) => one !== waiting) };
      continue;
    }
    const next = isCovered(needed, account.granted)
      ? { granted: account.granted }
      : nextGrant(account.granted, needed, { caps, charged, isShort: before.queue.length > 1 });
    if ('refused' in next) continue;
    money = withoutWaiting(withGrant(money, buildId, next.granted), buildId);
    charged = chargedOf(money);
    answers.push({ buildId, document: { epoch, ...next } });
  }
  return { money, answers };
}
