/**
 * The request of all shapes, one sentence, with its plan and criteria.
 *
 * Each base formats cents as an amount, and the build adds commas between thousands: small enough for any language, and tests of
 * it fail without the change.
 */
import type { Work } from './shape';

const SENTENCE = 'Write a comma between the thousands of an amount, so that 123450 cents read 1,234.50.';

export interface LanguageWork {
  code: Work['code'];
  tests: Work['tests'];
  /** The labels of the tests for a thousand and for a million, and of the existing test for small amounts. */
  thousandTest: string;
  millionTest: string;
  keptTest?: string;
  testCommand?: string[];
}

export function thousandsWork({ code, tests, thousandTest, millionTest, keptTest, testCommand }: LanguageWork): Work {
  return {
    sentence: SENTENCE,
    requirement: 'Thousands of an amount are set apart by commas.',
    code,
    tests,
    ...(testCommand && { testCommand }),
    criteria: [
      { text: '123450 cents are written 1,234.50.', kind: 'new', testedBy: thousandTest },
      { text: '123456789 cents are written 1,234,567.89.', kind: 'new', testedBy: millionTest },
      ...(keptTest === undefined
        ? []
        : [{ text: 'Amounts below a thousand stay as they are.', kind: 'kept' as const, testedBy: keptTest }]),
    ],
  };
}

/** An example that the tests of every language have. */
export type Example = readonly [name: string, cents: number, amount: string];
export const OLD_EXAMPLES: readonly Example[] = [
  ['cents are written as an amount', 1205, '12.05'],
  ['small amounts keep their zero', 7, '0.07'],
];
export const THOUSAND_EXAMPLE: Example = ['thousands are set apart by a comma', 123450, '1,234.50'];
export const MILLION_EXAMPLE: Example = ['a million has two commas', 123456789, '1,234,567.89'];
export const NEW_EXAMPLES: readonly Example[] = [THOUSAND_EXAMPLE, MILLION_EXAMPLE];
