/**
 * The signs that a build does not get on, measured on artifacts: the same thing came out again. Pure.
 */

/** One row for each sign: what is the same, for people and for the role. */
const SIGNS = {
  tree: 'the Code Writer left the same files',
  failing: 'the same tests fail',
  survivors: 'the tests notice the same breaks as little as before',
  error: 'the work was sent back for the same reasons',
  tool_call: 'the role made the same tool call with the same result',
} as const satisfies Record<string, string>;
export type SignKind = keyof typeof SIGNS;
export const SIGN_KINDS = Object.keys(SIGNS) as SignKind[];

/** A sign as an activity measured it. */
export interface Sign {
  kind: SignKind;
  /** Digest of the artifact: equal for equal work. */
  digest: string;
  /** What it is, in one short line, such as the names of the failing tests. */
  says: string;
  /** How often it was seen in this attempt alone, if that is more than once. */
  times?: number;
}

/** A sign with the number of times that it was measured since a person last intervened. */
export interface CountedSign extends Sign {
  times: number;
}

export const SIGN_SAYS_CHARS = 200;
/** A build counts this many different signs; the ones that were not seen for longest go first. */
export const SIGNS_LIMIT = 40;

/** Counts the signs of an attempt. The signs that were seen last are last. */
export function countSigns(counted: readonly CountedSign[], seen: readonly Sign[]): CountedSign[] {
  return seen.reduce<CountedSign[]>((all, sign) => countOne(all, sign), [...counted]).slice(-SIGNS_LIMIT);
}

function countOne(counted: CountedSign[], { times = 1, says, ...sign }: Sign): CountedSign[] {
  const isSame = (one: CountedSign): boolean => keyOf(one) === keyOf(sign);
  const before = counted.find(isSame)?.times ?? 0;
  const next = { ...sign, says: says.slice(0, SIGN_SAYS_CHARS), times: before + times };
  return [...counted.filter((one) => !isSame(one)), next];
}

export function keyOf({ kind, digest }: Pick<Sign, 'kind' | 'digest'>): string {
  return `${kind} ${digest}`;
}

/** `the same tests fail (3 times): a, b`. */
export function describeSign({ kind, times, says }: CountedSign): string {
  return `${SIGNS[kind]} (${times} times)${says === '' ? '' : `: ${says}`}`;
}
