/**
 * The shape of the sums that a report names, for the check of messages and inputs of a project's ledger.
 */
import { aCount, allOf, checkedBy, mapOf, objectOf } from '../shape';
import type { Shape } from '../shape';
import { MODELS_LIMIT, SUM_KINDS } from './spend-sums';
import type { Amounts } from './amounts';

const AMOUNTS = objectOf({ microUsd: aCount, tokens: aCount, calls: aCount } satisfies Record<keyof Amounts, Shape>);
/** One more for "others". */
const isBounded = checkedBy(
  `an object with at most ${MODELS_LIMIT + 1} members`,
  (value) => Object.keys(value as object).length <= MODELS_LIMIT + 1,
);
const PARTS = Object.fromEntries(SUM_KINDS.map((kind) => [kind, allOf(mapOf(AMOUNTS), isBounded)]));

export const SPEND_SUMS = objectOf({ total: AMOUNTS, ...PARTS });
