/**
 * The purse of a role's activity: reserves what each HTTP request may cost, within the budgets of the build and of its project.
 *
 * A reservation is written first and checked afterwards, so that of two workers with the same build at least one sees the other's.
 */
import { randomBytes } from 'node:crypto';
import type { ReportedSpend } from '../../domain/build/spend';
import { Failure } from '../../domain/failures';
import { callKeyOf, parseCallKey } from '../../domain/ids';
import { addAmounts } from '../../domain/money/amounts';
import type { CapReached } from '../../domain/money/budget';
import { capReachedBy, describeReached } from '../../domain/money/caps';
import { mostInputTokens } from '../../domain/money/price';
import { amountsOf, totalOf } from '../../domain/money/spend';
import type { PaidCalls } from '../../domain/money/spend';
import type { StoredReservation } from '../../ports/documents';
import type { TokenUsage } from '../../ports/model';
import type { PaidRequest, Purse, Reservation, Settlement } from '../../ports/purse';
import type { StepTask, TaskMoney } from '../contract';
import type { Deps } from '../deps';
import { costOf, findCalls, listReservations, removeReservations } from '../reservations';
import type { HeldReservation } from '../reservations';

export interface TaskPurse extends Purse {
  /** Sets what an answered call has cost, as it was stored with its answer. */
  adopt(paid: PaidCalls[]): void;
  /** What the call has cost so far, by model; undefined if nothing was reserved for it. */
  paid(): Promise<PaidCalls[] | undefined>;
  /** What the activity has to report; undefined if there is nothing. */
  report(): Promise<ReportedSpend | undefined>;
}

type PurseDeps = Pick<Deps, 'documents' | 'prices' | 'grants' | 'outputTokensLimit'>;

/** One execution of an activity: when it was scheduled (milliseconds), and its try from 1. */
interface ActivityRun {
  scheduledMs: number;
  activityTry: number;
}

interface PurseState {
  deps: PurseDeps;
  task: StepTask;
  money: TaskMoney;
  call: string;
  run: ActivityRun;
  signal: AbortSignal;
}

/** Gives undefined for a build without a budget. */
export function createTaskPurse(
  deps: PurseDeps,
  task: StepTask,
  { signal, ...run }: ActivityRun & { signal: AbortSignal },
): TaskPurse | undefined {
  if (task.money === undefined) return undefined;
  const state: PurseState = { deps, task, money: task.money, call: callKeyOf(task), run, signal };
  const { documents } = deps;
  let adopted: PaidCalls[] | undefined;
  // A scripted model reserves nothing, so that its activity reads no reservations either.
  let mayHaveReserved = run.activityTry > 1 || state.money.uncounted.length > 0;
  const list = async () => (mayHaveReserved ? listReservations(documents, task) : []);
  const paidOf = (held: HeldReservation[]) => {
    const own = held.filter(({ call }) => call === state.call);
    return adopted ?? (own.length === 0 ? undefined : costOf(own));
  };
  return {
    outputTokens: deps.outputTokensLimit,
    reserve(request) {
      mayHaveReserved = true;
      return reserve(state, request);
    },
    async settleEarlier(request, usage) {
      const own = (await list()).find(
        ({ call, stored }) => call === state.call && stored.request === request && stored.state === 'sent',
      );
      if (own !== undefined) await settle(state, own, usage);
    },
    adopt: (paid) => void (adopted = paid),
    paid: async () => paidOf(await list()),
    async report() {
      const held = await list();
      const others = state.money.uncounted.filter((call) => call !== state.call);
      const found = findCalls(held, others, { hasEnded: false, now: new Date() });
      const paid = paidOf(held);
      if (paid === undefined && state.money.uncounted.length === 0) return undefined;
      return { call: state.call, paid: paid ?? [], ...(found.length === 0 ? {} : { found }) };
    },
  };
}

async function reserve(state: PurseState, request: PaidRequest): Promise<Reservation> {
  const { documents } = state.deps;
  const key = `${state.call}.${randomBytes(4).toString('hex')}`;
  const asked = reservationOf(state, request);
  await documents.replace('reservations', key, asked);
  const held: HeldReservation = { key, call: state.call, stored: { ...asked, state: 'sent' } };
  try {
    await requireMoney(state, held);
    await documents.replace('reservations', key, held.stored);
  } catch (error) {
    await documents.remove('reservations', key);
    throw error;
  }
  return { settle: (result) => settle(state, held, result) };
}

function reservationOf({ deps, task, run }: PurseState, request: PaidRequest): StoredReservation {
  const now = new Date();
  const { model, outputTokens, timeoutMs } = request;
  const inputTokens = mostInputTokens(request);
  const microUsd = deps.prices.mostOf(model, { input: inputTokens, output: outputTokens }, now);
  const most = { model, calls: 1, unknownCalls: 1, inputTokens, outputTokens, microUsd };
  return {
    state: 'asked',
    turn: task.turn,
    ...run,
    request: request.request,
    paid: { ...most, cachedInputTokens: 0, reasoningTokens: 0 },
    at: now.toISOString(),
    // The stream of an answer may end a little after the time-out of its call.
    until: new Date(now.getTime() + timeoutMs + 60_000).toISOString(),
  };
}

/** Throws Failure `Budget.Reached` if the build or its project has too little left, and `Workspace.Overtaken` for void work. */
async function requireMoney(state: PurseState, mine: HeldReservation): Promise<void> {
  const { deps, task, money, signal } = state;
  const held = (await listReservations(deps.documents, task)).filter(({ key }) => key !== mine.key);
  if (held.some((other) => isLater(other, mine)))
    throw new Failure('Workspace.Overtaken', 'newer work of this build calls its model already');
  const isOpen = ({ call }: HeldReservation) => call === state.call || money.uncounted.includes(call);
  const unsent = held.filter(({ call, stored }) => call === state.call && isUnsent(stored, state.run));
  // All other calls are in `spent`: the build has counted them.
  const counted = held.filter((other) => !isOpen(other));
  await removeReservations(deps.documents, [...unsent, ...counted]);
  const open = held.filter((other) => isOpen(other) && !unsent.includes(other));
  const spent = addAmounts(money.spent, totalOf(open.map(({ stored }) => stored.paid)));
  const needed = amountsOf(mine.stored.paid);
  const reached = capReachedBy(money.budget, spent, needed);
  if (reached !== null) throw overBudget(reached);
  const { projectId, buildId } = task;
  const ask = { projectId, buildId, epoch: task.grantEpoch ?? 0, spent, needed: addAmounts(spent, needed), signal };
  const grant = await deps.grants?.ensure(ask);
  if (grant !== undefined && 'refused' in grant) throw overBudget(grant.refused);
}

function overBudget(capReached: CapReached): Failure {
  return new Failure('Budget.Reached', describeReached(capReached), { capReached });
}

/** True for a reservation of an earlier try, which ended before its request was sent. */
function isUnsent({ state, scheduledMs, activityTry }: StoredReservation, present: ActivityRun): boolean {
  return state === 'asked' && (scheduledMs < present.scheduledMs || activityTry < present.activityTry);
}

function isLater(other: HeldReservation, mine: HeldReservation): boolean {
  const [a, b] = [positionOf(other), positionOf(mine)];
  const index = a.findIndex((value, place) => value !== b[place]);
  return index !== -1 && (a[index] ?? 0) > (b[index] ?? 0);
}

function positionOf({ call, stored }: HeldReservation): number[] {
  const { generation = 0, attempt = 0, step = 0 } = parseCallKey(call) ?? {};
  return [stored.turn, generation, attempt, step, stored.scheduledMs, stored.activityTry];
}

/** Stores what the request has cost. A reservation that the build has counted meanwhile is gone, and stays so. */
async function settle(state: PurseState, { key, stored }: HeldReservation, result: Settlement): Promise<void> {
  const { documents, prices } = state.deps;
  if (result === 'unpaid') return documents.remove('reservations', key);
  if ((await documents.load('reservations', key)) === undefined) return;
  const paid = result === 'unknown' ? stored.paid : settledOf(stored, result, prices);
  await documents.replace('reservations', key, { ...stored, state: 'settled', paid });
}

/** Where the provider reported only one of the numbers, the other counts with the most that it can be. */
function settledOf({ paid: most, at }: StoredReservation, usage: TokenUsage, prices: PurseDeps['prices']): PaidCalls {
  const { inputTokens, outputTokens, cachedInputTokens, cacheWriteTokens = 0, reasoningTokens = 0 } = usage;
  const isKnown = inputTokens !== null && outputTokens !== null;
  const tokens = {
    input: inputTokens ?? most.inputTokens,
    output: outputTokens ?? most.outputTokens,
    cachedInput: cachedInputTokens ?? 0,
    cacheWrite: cacheWriteTokens,
  };
  return {
    model: most.model,
    calls: 1,
    unknownCalls: isKnown ? 0 : 1,
    inputTokens: tokens.input,
    cachedInputTokens: tokens.cachedInput,
    outputTokens: tokens.output,
    reasoningTokens,
    microUsd: isKnown ? prices.costOf(most.model, tokens, new Date(at)) : most.microUsd,
  };
}
