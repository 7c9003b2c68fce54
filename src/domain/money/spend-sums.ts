/**
 * Sums of what ended builds have spent, by phase, role, attempt and model: a part of a project's ledger. Pure.
 */
import { groupBy } from '../group-by';
import { NOTHING, addAmounts, subtractAmounts } from './amounts';
import type { Amounts } from './amounts';
import { amountsOf } from './spend';
import type { SpendEntry } from './spend';

export const SUM_KINDS = ['phases', 'roles', 'attempts', 'models'] as const;
type SumKind = (typeof SUM_KINDS)[number];

/** `total`, and its parts. An attempt has its number as text; later ones than `ATTEMPTS_SHOWN` count as "later". */
export type SpendSums = { total: Amounts } & Record<SumKind, Record<string, Amounts>>;

const ATTEMPTS_SHOWN = 5;
/** A ledger names this many models; the others count as "others". */
export const MODELS_LIMIT = 50;
const OTHERS = 'others';

const NAME_OF: Readonly<Record<SumKind, (entry: SpendEntry) => string>> = {
  phases: ({ phase }) => phase,
  roles: ({ role }) => role,
  attempts: ({ attempt, merged = 1 }) => (attempt + merged - 1 > ATTEMPTS_SHOWN ? 'later' : String(attempt)),
  models: ({ model }) => model,
};

export const NO_SUMS: SpendSums = { total: NOTHING, phases: {}, roles: {}, attempts: {}, models: {} };

export function sumsOf(spend: readonly SpendEntry[]): SpendSums {
  const parts = SUM_KINDS.map((kind) => {
    const groups = [...groupBy(spend, NAME_OF[kind])];
    return [kind, Object.fromEntries(groups.map(([name, own]) => [name, totalAmounts(own)]))];
  });
  return { total: totalAmounts(spend), ...(Object.fromEntries(parts) as Record<SumKind, Record<string, Amounts>>) };
}

function totalAmounts(entries: readonly SpendEntry[]): Amounts {
  return entries.map(amountsOf).reduce(addAmounts, NOTHING);
}

export function addSums(a: SpendSums, b: SpendSums): SpendSums {
  return combine(a, b, addAmounts);
}

/** Subtracts the sums of a build that was counted and is open again. */
export function subtractSums(a: SpendSums, b: SpendSums): SpendSums {
  return combine(a, b, subtractAmounts);
}

function combine(a: SpendSums, b: SpendSums, add: (one: Amounts, other: Amounts) => Amounts): SpendSums {
  const parts = SUM_KINDS.map((kind) => {
    const sums = new Map(Object.entries(a[kind]));
    for (const [name, amounts] of Object.entries(b[kind])) {
      const isFull = kind === 'models' && !sums.has(name) && sums.size >= MODELS_LIMIT;
      const key = isFull ? OTHERS : name;
      sums.set(key, add(sums.get(key) ?? NOTHING, amounts));
    }
    return [kind, Object.fromEntries(sums)];
  });
  return { total: add(a.total, b.total), ...(Object.fromEntries(parts) as Record<SumKind, Record<string, Amounts>>) };
}
