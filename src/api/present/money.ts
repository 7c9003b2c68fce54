/**
 * Presents the money of a build and of a project under wire names: US dollars as numbers with at most six decimals.
 */
import type { MoneyCard, SpendRow } from '../../domain/build/money-card';
import type { Amounts } from '../../domain/money/amounts';
import { SUM_KINDS } from '../../domain/money/spend-sums';
import type { SpendSums } from '../../domain/money/spend-sums';
import { usdOf } from '../../domain/money/usd';
import { PHASES, PHASE_OWNER } from '../../domain/roles';

/** `null` members for a build without a budget, which an older version started. */
export function presentMoney(money: MoneyCard | undefined) {
  if (money === undefined) return { budget: null, spend: null, forecast: null };
  return { budget: presentBudget(money), spend: presentSpend(money), forecast: presentForecast(money) };
}

/** Each cap with what is used of it; the cap is null where there is none. */
function presentBudget({ caps, used, gate }: MoneyCard) {
  const [microUsd = null, tokens = null, calls = null, seconds = null] = caps;
  const [usedMicroUsd = 0, usedTokens = 0, usedCalls = 0, usedSeconds = 0] = used;
  return {
    usd: { cap: microUsd === null ? null : usdOf(microUsd), used: usdOf(usedMicroUsd) },
    tokens: { cap: tokens, used: usedTokens },
    calls: { cap: calls, used: usedCalls },
    wall_clock_seconds: { cap: seconds, used: usedSeconds },
    reached: gate === undefined ? null : presentGate(gate),
  };
}

function presentGate([scope, kind, cap, spent, needed, at]: NonNullable<MoneyCard['gate']>) {
  const show = (amount: number) => (kind === 'usd' ? usdOf(amount) : amount);
  return { scope, kind, cap: show(cap), spent: show(spent), needed: show(needed), since: at };
}

/** `by_attempt` is null where the memo had no room for it. */
function presentSpend({ used, models = [], rows, uncounted = 0 }: MoneyCard) {
  const [microUsd = 0, tokens = 0, calls = 0] = used;
  const byAttempt = rows?.map((row) => presentRow(row, models)) ?? (calls === 0 ? [] : null);
  return { usd: usdOf(microUsd), tokens, calls, calls_not_counted_yet: uncounted, by_attempt: byAttempt };
}

function presentRow([phase, generation, attempt, merged, model, ...amounts]: SpendRow, models: readonly string[]) {
  const [calls, input, cached, output, reasoning, microUsd, unknown] = amounts;
  const name = PHASES[phase] ?? 'discovery';
  return {
    phase: name,
    role: PHASE_OWNER[name],
    generation,
    attempt,
    ...(merged === 1 ? {} : { attempts_together: merged }),
    model: models[model] ?? null,
    calls,
    input_tokens: input,
    cached_input_tokens: cached,
    output_tokens: output,
    reasoning_tokens: reasoning,
    usd: usdOf(microUsd),
    calls_of_unknown_use: unknown,
  };
}

/** Null until the build is planned. Beside each phase stands what it has cost so far; null if the memo had no room for that. */
function presentForecast({ forecast, rows = [], used }: MoneyCard) {
  if (forecast === undefined) return null;
  const areRowsMissing = rows.length === 0 && (used[2] ?? 0) > 0;
  const spentIn = (phase: number) => rows.filter((row) => row[0] === phase).reduce((sum, row) => sum + row[10], 0);
  const phases = PHASES.flatMap((name, index) => {
    const [, median, p90] = forecast.rows.find(([phase]) => phase === index) ?? [];
    if (median === undefined || p90 === undefined) return [];
    const actual = areRowsMissing ? null : usdOf(spentIn(index));
    return [{ phase: name, usd_median: usdOf(median), usd_p90: usdOf(p90), usd_actual: actual }];
  });
  const [, median, p90] = forecast.rows.find(([phase]) => phase === -1) ?? [];
  return {
    from_builds: forecast.builds,
    usd_median: median === undefined ? null : usdOf(median),
    usd_p90: p90 === undefined ? null : usdOf(p90),
    usd_actual: usdOf(used[0] ?? 0),
    phases,
  };
}

export function presentAmounts({ microUsd, tokens, calls }: Amounts) {
  return { usd: usdOf(microUsd), tokens, calls };
}

/** Presents sums by phase, role, attempt and model. */
export function presentSums(sums: SpendSums) {
  const parts = SUM_KINDS.map((kind) => {
    const members = Object.entries(sums[kind]).map(([name, amounts]) => [name, presentAmounts(amounts)]);
    return [`by_${kind.slice(0, -1)}`, Object.fromEntries(members) as Record<string, unknown>];
  });
  return { ...presentAmounts(sums.total), ...(Object.fromEntries(parts) as Record<string, unknown>) };
}
