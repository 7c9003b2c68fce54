/**
 * The money of a build on its card: caps, spend by phase, attempt and model, and forecast, in few bytes.
 */
import { boundSpend } from '../money/spend';
import type { SpendEntry } from '../money/spend';
import { PHASES } from '../roles';
import { budgetGateOf } from './budget-gate';
import { spentBy } from './spend';
import type { BuildState } from './state';

/**
 * Phase (index in PHASES), generation, attempt, merged entries (1: none), model (index in `models`), calls, input tokens, cached input
 * tokens, output tokens, reasoning tokens, micro-dollars, calls of unknown use.
 */
export type SpendRow = [number, number, number, number, number, number, number, number, number, number, number, number];

export interface MoneyCard {
  /** Micro-dollars, tokens, calls, seconds of work; null: no limit. */
  caps: Array<number | null>;
  /** The same four, as far as they are used. */
  used: number[];
  models?: string[];
  rows?: SpendRow[];
  /** Completed builds of the project, and for each phase (index) median and p90 in micro-dollars; the last row is the total, with phase -1. */
  forecast?: { builds: number; rows: Array<[number, number, number]> };
  /** Scope, kind, cap, spent, needed, time. */
  gate?: [string, string, number, number, number, string];
  /** The number of calls that are not counted yet. */
  uncounted?: number;
}

/** `rows`: the most rows of spend. Undefined for a build without a budget. */
export function moneyCardOf(build: BuildState, rows: number): MoneyCard | undefined {
  const { budget, spend = [], workedMs = 0, uncountedCalls = [] } = build;
  if (budget === undefined) return undefined;
  const { microUsd, tokens, calls } = spentBy(build);
  const gate = budgetGateOf(build);
  return {
    caps: [budget.microUsd ?? null, budget.tokens ?? null, budget.calls ?? null, budget.wallClockS ?? null],
    used: [microUsd, tokens, calls, Math.round(workedMs / 1000)],
    ...(spend.length === 0 || rows === 0 ? {} : rowsOf(boundSpend(spend, rows))),
    ...forecastIn(build),
    ...(gate === null ? {} : { gate: [gate.scope, gate.kind, gate.cap, gate.spent, gate.needed, gate.at] as const }),
    ...(uncountedCalls.length === 0 ? {} : { uncounted: uncountedCalls.length }),
  } as MoneyCard;
}

function rowsOf(entries: readonly SpendEntry[]): Pick<MoneyCard, 'models' | 'rows'> {
  const models = [...new Set(entries.map(({ model }) => model))];
  const rows = entries.map((entry): SpendRow => {
    const { phase, generation, attempt, merged = 1, model, calls, inputTokens, cachedInputTokens } = entry;
    const { outputTokens, reasoningTokens, microUsd, unknownCalls } = entry;
    const position = [PHASES.indexOf(phase), generation, attempt, merged, models.indexOf(model)] as const;
    const tokens = [inputTokens, cachedInputTokens, outputTokens, reasoningTokens] as const;
    return [...position, calls, ...tokens, microUsd, unknownCalls];
  });
  return { models, rows };
}

function forecastIn({ forecast }: BuildState): Pick<MoneyCard, 'forecast'> {
  if (forecast === undefined) return {};
  const { builds, phases, total } = forecast;
  const rows = PHASES.flatMap((phase, index): Array<[number, number, number]> => {
    const quantiles = phases[phase];
    return quantiles === undefined ? [] : [[index, quantiles.median, quantiles.p90]];
  });
  return { forecast: { builds, rows: total === null ? rows : [...rows, [-1, total.median, total.p90]] } };
}
