/**
 * The accounts of a project's money: what each open build was granted and has spent, and what ended builds have spent. Pure.
 *
 * A build is charged with all that it was granted, also before it spends it.
 */
import { AMOUNT_KINDS, NOTHING, addAmounts, largerAmounts, subtractAmounts } from './amounts';
import type { Amounts } from './amounts';
import { isCovered } from './room';
import type { Room } from './room';

/** What the ledger knows of the money of one open build. All amounts are totals since the build's start. */
export interface GrantAccount {
  epoch: number;
  /** The workflow run whose messages count; absent until a message names it. */
  run?: string;
  /** Earlier runs, newest last: their messages are ignored. */
  pastRuns?: string[];
  /** What the build may spend in this epoch. Void grants of earlier epochs are not in it. */
  granted: Amounts;
  /** What the build is known to have spent. */
  spent: Amounts;
  /** The part of `granted` that is counted with the ended builds already, because it belongs to an earlier run. */
  base: Amounts;
  /** What the build was known to have spent when the day began. */
  dayBase: Amounts;
}

/** A build that waits at a cap of its project. `needed` is the total that it must be granted to go on. */
export interface WaitingBuild {
  buildId: string;
  epoch: number;
  needed: Amounts;
}

/** The money of a project. */
export interface ProjectMoney {
  /** The current day in UTC, as in "2026-11-28". */
  day: string;
  /** What ended builds have spent: in total, and on this day. */
  ended: Amounts;
  endedToday: Amounts;
  accounts: Record<string, GrantAccount>;
  /** Waiting builds, the longest waiting first. */
  queue: WaitingBuild[];
}

export function beginMoney(now: string): ProjectMoney {
  return { day: dayOf(now), ended: NOTHING, endedToday: NOTHING, accounts: {}, queue: [] };
}

/** The day in UTC of a time in ISO 8601. */
export function dayOf(time: string): string {
  return time.slice(0, 'yyyy-mm-dd'.length);
}

/**
 * Begins a new day if `now` is on one. What is granted and not known to be spent may be spent on the new day, so it is charged to it.
 */
export function startDay(money: ProjectMoney, now: string): ProjectMoney {
  const day = dayOf(now);
  if (day <= money.day) return money;
  const accounts = mapAccounts(money, (account) => ({ ...account, dayBase: account.spent }));
  return { ...money, day, endedToday: NOTHING, accounts };
}

/** Raises the grant of an open build. */
export function withGrant(money: ProjectMoney, buildId: string, granted: Amounts): ProjectMoney {
  const account = accountOf(money, buildId);
  if (account === undefined) return money;
  return withAccount(money, buildId, { ...account, granted });
}

/** Closes the account of a build that Temporal no longer has. What it was granted counts as spent. */
export function forgetBuild(money: ProjectMoney, buildId: string): ProjectMoney {
  const account = accountOf(money, buildId);
  return account === undefined ? money : closeAccount(money, buildId, account.granted);
}

/** What is charged to the project: in total, and on this day. */
export function chargedOf({ ended, endedToday, accounts }: ProjectMoney): Room['charged'] {
  const [total, day] = [{ ...ended }, { ...endedToday }];
  for (const { granted, base, dayBase } of Object.values(accounts)) {
    for (const kind of AMOUNT_KINDS) {
      total[kind] += Math.max(0, granted[kind] - base[kind]);
      day[kind] += Math.max(0, granted[kind] - dayBase[kind]);
    }
  }
  return { total, day };
}

/**
 * Joins money that was counted anew from records and open builds with the ledger's own: an open build keeps the larger grant, and
 * sums are never smaller than the ledger knew them.
 */
export function joinMoney(
  counted: ProjectMoney,
  own: ProjectMoney | undefined,
  hasEnded: (buildId: string) => boolean,
): ProjectMoney {
  if (own === undefined) return counted;
  const accounts = { ...counted.accounts };
  for (const [buildId, account] of Object.entries(own.accounts)) {
    const found = counted.accounts[buildId];
    if (hasEnded(buildId) || (found !== undefined && found.epoch > account.epoch)) continue;
    accounts[buildId] = { ...account, granted: largerAmounts(account.granted, found?.granted ?? NOTHING) };
  }
  const waiting = own.queue.filter(({ buildId }) => Object.hasOwn(accounts, buildId));
  const others = counted.queue.filter(({ buildId }) => !waiting.some((one) => one.buildId === buildId));
  const sums = {
    ended: largerAmounts(counted.ended, own.ended),
    endedToday: largerAmounts(counted.endedToday, own.endedToday),
  };
  return { day: own.day > counted.day ? own.day : counted.day, ...sums, accounts, queue: [...waiting, ...others] };
}

/** Who sends a message, and what the build has spent in total. */
interface Message {
  buildId: string;
  epoch: number;
  run?: string;
  spent: Amounts;
}

/** True for a message of an earlier epoch or run. */
export function isStale(
  { epoch, run, pastRuns = [] }: GrantAccount,
  message: { epoch?: number | undefined; run?: string | undefined },
): boolean {
  if (message.run !== undefined && pastRuns.includes(message.run)) return true;
  const isSameRun = message.run === undefined || run === undefined || message.run === run;
  return isSameRun && (message.epoch ?? epoch) < epoch;
}

/** Brings the account of the sender up to what its message says. */
export function withMessage(money: ProjectMoney, message: Message): ProjectMoney {
  const { buildId, epoch, run, spent } = message;
  const known = accountOf(money, buildId);
  const runMember = run === undefined ? {} : { run };
  if (known === undefined)
    return withAccount(money, buildId, { epoch, ...runMember, granted: spent, spent, base: NOTHING, dayBase: NOTHING });
  if (isStale(known, message)) return money;
  const runs = runsAfter(known, run);
  const isOtherRun = run !== undefined && known.run !== undefined && run !== known.run;
  // A reset in Temporal begins a new run at an earlier point. What the earlier run was granted counts as spent.
  if (isOtherRun && (epoch < known.epoch || !isCovered(known.spent, spent)))
    return reopenAccount(money, buildId, { ...runs, epoch, spent });
  if (epoch > known.epoch) return withAccount(money, buildId, { ...known, ...runs, epoch, granted: spent, spent });
  const atLeast = largerAmounts(known.spent, spent);
  return withAccount(money, buildId, {
    ...{ ...known, ...runs, spent: atLeast },
    granted: largerAmounts(known.granted, atLeast),
  });
}

const PAST_RUNS_LIMIT = 5;

function runsAfter(
  { run: known, pastRuns = [] }: GrantAccount,
  run: string | undefined,
): Pick<GrantAccount, 'run' | 'pastRuns'> {
  if (run === undefined || run === known) return {};
  return { run, ...(known === undefined ? {} : { pastRuns: [...pastRuns, known].slice(-PAST_RUNS_LIMIT) }) };
}

/** Begins the account of a build anew, whose money so far is counted with the ended builds. */
export function reopenAccount(
  money: ProjectMoney,
  buildId: string,
  { epoch, spent, ...runs }: Pick<GrantAccount, 'epoch' | 'spent' | 'run' | 'pastRuns'>,
): ProjectMoney {
  const closed = forgetBuild(money, buildId);
  return withAccount(closed, buildId, { epoch, ...runs, granted: spent, spent, base: spent, dayBase: spent });
}

export function closeAccount(money: ProjectMoney, buildId: string, spent: Amounts): ProjectMoney {
  const account = accountOf(money, buildId);
  if (account === undefined) return money;
  const { [buildId]: _, ...accounts } = money.accounts;
  return {
    ...withoutWaiting(money, buildId),
    accounts,
    ended: addAmounts(money.ended, subtractAmounts(spent, account.base)),
    endedToday: addAmounts(money.endedToday, subtractAmounts(spent, account.dayBase)),
  };
}

export function accountOf({ accounts }: ProjectMoney, buildId: string): GrantAccount | undefined {
  return Object.hasOwn(accounts, buildId) ? accounts[buildId] : undefined;
}

export function withAccount(money: ProjectMoney, buildId: string, account: GrantAccount): ProjectMoney {
  return { ...money, accounts: { ...money.accounts, [buildId]: account } };
}

/** Puts a build at the end of the queue, unless it stands in it with the same epoch. Without `waiting` it leaves the queue. */
export function withWaiting(money: ProjectMoney, buildId: string, waiting: WaitingBuild | undefined): ProjectMoney {
  if (waiting === undefined) return withoutWaiting(money, buildId);
  if (money.queue.some((one) => one.buildId === buildId && one.epoch === waiting.epoch)) return money;
  return { ...money, queue: [...withoutWaiting(money, buildId).queue, waiting] };
}

export function withoutWaiting(money: ProjectMoney, buildId: string): ProjectMoney {
  const queue = money.queue.filter((one) => one.buildId !== buildId);
  return queue.length === money.queue.length ? money : { ...money, queue };
}

function mapAccounts(
  { accounts }: ProjectMoney,
  change: (account: GrantAccount) => GrantAccount,
): ProjectMoney['accounts'] {
  return Object.fromEntries(Object.entries(accounts).map(([buildId, account]) => [buildId, change(account)]));
}
