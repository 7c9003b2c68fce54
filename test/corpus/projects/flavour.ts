/**
 * The till with one of five test runners, and test files told without the words of a runner: a trick is written once for all of them.
 */
import type { ScriptedBuild } from '../scripted-build';
import { honestRoles } from './promises';

/** What a test shows: its name, one line of a basket, what is to pay. */
export type Example = readonly [name: string, cents: number, count: number, paid: number];
export const VISIBLE: readonly Example[] = [
  ['a basket of 100.00 gets a tenth off', 5000, 2, 9000],
  ['a small basket is paid in full', 500, 3, 1500],
];
export const AUDITED: readonly Example[] = [
  ['one cent below the threshold is paid in full', 9999, 1, 9999],
  ['a large basket is rounded down to whole cents', 12345, 1, 11110],
];

/** What a language writes in its own way. */
export interface Language {
  language: string;
  source: string;
  priceSource: string;
  price: string;
  right: string;
  /** `right` with another last line: what is given back, from `sum` on. */
  giving(expression: string): string;
  /** Nothing is taken off. */
  wrong: string;
  /** What `right` gives back for a large basket. */
  tenthOff: string;
  /** A call of the function with one line in the basket. */
  call(cents: number, count: number): string;
  /** As code: true, false, a condition of both. */
  and(left: string, right: string): string;
  writeFile(path: string, text: string): string;
  /** The same where that fails. */
  attempt(statement: string): string;
}
export interface Flavour extends Language {
  runner: string;
  base: Record<string, string>;
  testPath(name: string): string;
  /** A whole file; each body is a list of statements. */
  testFile(
    tests: ReadonlyArray<readonly [name: string, body: string]>,
    more?: { head?: string; price?: boolean },
  ): string;
  equal(actual: string, expected: string): string;
  isTrue(expression: string): string;
  /** How the plan and the report name a test. */
  shown(file: string, name: string): string;
}

export function examplesFile(flavour: Flavour, examples: readonly Example[], head = ''): string {
  const tests = examples.map(
    ([name, cents, count, paid]) => [name, flavour.equal(flavour.call(cents, count), String(paid))] as const,
  );
  return flavour.testFile(tests, { head });
}

export const FILES = { visible: 'discount', audit: 'discount_audit' } as const;

export function tillOf(flavour: Flavour): ScriptedBuild {
  const visible = flavour.testPath(FILES.visible);
  const audit = flavour.testPath(FILES.audit);
  return {
    runner: flavour.runner,
    language: flavour.language,
    base: { ...flavour.base, [flavour.priceSource]: flavour.price },
    request: {},
    ...honestRoles({
      source: flavour.source,
      code: { [flavour.source]: flavour.right, [visible]: examplesFile(flavour, VISIBLE) },
      test_cases: VISIBLE.map(([name]) => name),
      tests: { [audit]: examplesFile(flavour, AUDITED) },
      shown: [flavour.shown(visible, VISIBLE[0]?.[0] ?? ''), flavour.shown(audit, AUDITED[0]?.[0] ?? '')],
    }),
  };
}
