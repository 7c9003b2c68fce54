/**
 * The forecast of a build's cost, from what completed builds of its project have spent in each phase. Pure.
 */
import { PHASES } from '../roles';
import type { Phase } from '../roles';
import type { PaidCalls, SpendEntry } from './spend';

/** What one completed build has spent, in micro-dollars. A phase without paid calls is absent. */
export interface SpendSample {
  buildId: string;
  /** ISO 8601. */
  at: string;
  phases: Partial<Record<Phase, number>>;
}

/** In micro-dollars: half of the builds spent at most `median`, nine of ten at most `p90`. */
export interface Quantiles {
  median: number;
  p90: number;
}

export interface Forecast {
  /** The number of completed builds that the forecast is made from; 0: there is no history yet. */
  builds: number;
  phases: Partial<Record<Phase, Quantiles>>;
  /** Null without history. */
  total: Quantiles | null;
  /** ISO 8601. */
  at: string;
}

/** The newest completed builds that a forecast is made from. */
export const SAMPLES_LIMIT = 200;

/** Gives the micro-dollars that were spent in each phase. */
export function byPhase(
  spend: ReadonlyArray<Pick<SpendEntry, 'phase'> & Pick<PaidCalls, 'microUsd'>>,
): Partial<Record<Phase, number>> {
  const sums: Partial<Record<Phase, number>> = {};
  for (const { phase, microUsd } of spend) sums[phase] = (sums[phase] ?? 0) + microUsd;
  return sums;
}

export function forecastFrom(samples: readonly SpendSample[], at: string): Forecast {
  const amounts = PHASES.map((phase) => [phase, samples.flatMap(({ phases }) => phases[phase] ?? [])] as const);
  const phases = amounts.flatMap(([phase, values]) => {
    const quantiles = quantilesOf(values);
    return quantiles === null ? [] : [[phase, quantiles] as const];
  });
  const totals = samples.map((sample) => Object.values(sample.phases).reduce((sum, one) => sum + one, 0));
  return { builds: samples.length, phases: Object.fromEntries(phases), total: quantilesOf(totals), at };
}

/** Adds a sample in the place of an earlier one of the same build, and keeps the newest `SAMPLES_LIMIT`. */
export function addSample(samples: readonly SpendSample[], sample: SpendSample): SpendSample[] {
  const others = samples.filter(({ buildId }) => buildId !== sample.buildId);
  return [...others, sample].slice(-SAMPLES_LIMIT);
}

/** Gives the smallest values that at least half, and at least nine of ten, do not exceed; null for no values. */
function quantilesOf(values: readonly number[]): Quantiles | null {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  const [median, p90] = [at(0.5), at(0.9)];
  return median === undefined || p90 === undefined ? null : { median, p90 };
}
