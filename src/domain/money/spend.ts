/**
 * What a build has spent on model calls: one entry for each phase, attempt and model. Pure.
 */
import { addAmounts, NOTHING } from './amounts';
import type { Amounts } from './amounts';
import { groupBy } from '../group-by';
import { PHASE_OWNER } from '../roles';
import type { Phase, Role } from '../roles';

/** The paid calls of one model. Calls whose use is not known count with the most that they may have used. */
export interface PaidCalls {
  /** `provider:id`. */
  model: string;
  calls: number;
  /** Input tokens, those from the provider's cache included. */
  inputTokens: number;
  cachedInputTokens: number;
  /** Output tokens, reasoning tokens included. */
  outputTokens: number;
  reasoningTokens: number;
  /** Millionths of a US dollar. */
  microUsd: number;
  /** The calls of `calls` whose use is not known: they were interrupted, or the provider reported no tokens. */
  unknownCalls: number;
}

export interface SpendEntry extends PaidCalls {
  phase: Phase;
  role: Role;
  generation: number;
  /** Counts from 1 in its generation. The first one if the entry stands for several. */
  attempt: number;
  /** The number of entries that were merged into this one. Absent: it stands for one attempt. */
  merged?: number;
}

/** A build keeps this many entries, of some 200 bytes each; above it the oldest attempts of a phase are merged. */
export const SPEND_ENTRIES_LIMIT = 60;

export function amountsOf({ microUsd, inputTokens, outputTokens, calls }: PaidCalls): Amounts {
  return { microUsd, tokens: inputTokens + outputTokens, calls };
}

export function totalOf(spend: readonly PaidCalls[] = []): Amounts {
  return spend.map(amountsOf).reduce(addAmounts, NOTHING);
}

/** Adds paid calls to the entry of their attempt and model. The newest entry is last. */
export function addSpend(
  spend: readonly SpendEntry[],
  { phase, generation, attempt }: Pick<SpendEntry, 'phase' | 'generation' | 'attempt'>,
  paid: readonly PaidCalls[],
): SpendEntry[] {
  const role = PHASE_OWNER[phase];
  const added = paid.map((calls): SpendEntry => ({ phase, role, generation, attempt, ...calls }));
  const keyOf = (entry: SpendEntry) =>
    `${entry.phase} ${entry.generation} ${entry.attempt} ${entry.merged ?? ''} ${entry.model}`;
  const joined = [...groupBy([...spend, ...added], keyOf).values()].map((same) => same.reduce(joinEntries));
  return boundSpend(joined, SPEND_ENTRIES_LIMIT);
}

function joinEntries(a: SpendEntry, b: SpendEntry): SpendEntry {
  return { ...a, ...addPaid(a, b) };
}

/**
 * Merges the two oldest entries of the same phase and model until at most `limit` are left. All sums stay the same. Each phase keeps
 * one entry for each of its models, also above the limit.
 */
export function boundSpend(spend: readonly SpendEntry[], limit: number): SpendEntry[] {
  const entries = [...spend];
  while (entries.length > limit) {
    const keyOf = ({ phase, model }: SpendEntry) => `${phase} ${model}`;
    const same = [...groupBy(entries, keyOf).values()].find(({ length }) => length > 1);
    if (same === undefined) break;
    const [first, second] = same as [SpendEntry, SpendEntry];
    const merged = (first.merged ?? 1) + (second.merged ?? 1);
    entries[entries.indexOf(first)] = { ...joinEntries(first, second), merged };
    entries.splice(entries.indexOf(second), 1);
  }
  return entries;
}

/** Adds the calls of one model; `b` is of the same model. */
export function addPaid(a: PaidCalls, b: PaidCalls): PaidCalls {
  return {
    model: a.model,
    calls: a.calls + b.calls,
    inputTokens: a.inputTokens + b.inputTokens,
    cachedInputTokens: a.cachedInputTokens + b.cachedInputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    reasoningTokens: a.reasoningTokens + b.reasoningTokens,
    microUsd: a.microUsd + b.microUsd,
    unknownCalls: a.unknownCalls + b.unknownCalls,
  };
}

/** Gives one list with the calls of each model once. */
export function byModel(paid: readonly PaidCalls[]): PaidCalls[] {
  return [...groupBy(paid, ({ model }) => model).values()].map((group) => group.reduce(addPaid));
}
