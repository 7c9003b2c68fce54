/**
 * Finds Rust code that relies on the panic of an arithmetic overflow. A release build wraps around instead, unless its
 * manifest sets `overflow-checks`; the caller checks that. Pure.
 */
import type { HarmRule } from './rule';

export const PANICS = {
  does: 'needs a panic of arithmetic, which a release build leaves out',
  why: 'there the number counts on from nought; take checked_mul and the like, or set overflow-checks = true for the release',
} as const;
/** One side of an arithmetic expression. */
const OPERAND = String.raw`[\w.]{1,60}(?:\([\w., &]{0,40}\))?(?:\s{1,3}as\s{1,3}\w{1,10})?`;

export const PANICS_OF_ARITHMETIC: readonly HarmRule[] = [
  {
    ...{ ...PANICS, in: ['rust'] },
    pattern: new RegExp(
      String.raw`\bcatch_unwind\(\s{0,9}(?:(?:\w{1,20}::)*AssertUnwindSafe\(\s{0,9})?(?:move\s{0,3})?\|\|\s{0,9}(?:\{\s{0,40})?(?:let\s{1,3}\w{1,30}\s{0,3}=\s{0,3})?${OPERAND}\s{0,3}[-+*]\s{0,3}${OPERAND}\s{0,9};?\s{0,40}\}?\s{0,9}\)`,
      'g',
    ),
  },
];

/** Finds tests that expect the panic of an arithmetic overflow. A source may contain them in a test module. */
export const PANICS_OF_TESTS: readonly HarmRule[] = [
  {
    ...{ ...PANICS, in: ['rust'], inText: true },
    pattern:
      /#\[should_panic\(\s{0,3}expected\s{0,3}=\s{0,3}'(?:attempt to (?:add|subtract|multiply|negate|shift (?:left|right)|calculate[^']{0,40}) with overflow|with overflow|overflow)'\s{0,3}\)\]/g,
  },
];

/** Matches code that panics by itself with a message about an overflow. */
export const OVERFLOWS_ITSELF =
  /(?:\bexpect\(|panic!|assert!|ensure!|unwrap_or_else|\bok_or|bail!|anyhow!|[eE]rror)[^\n]{0,200}["'][^"'\n]{0,80}overflow/;
export const CHECKED_IN_RELEASE = /^\s{0,9}overflow-checks\s{0,3}=\s{0,3}true\b/;
