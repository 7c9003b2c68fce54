/**
 * Cheats in Java, with Maven and JUnit.
 */
import { JAVA_DISCOUNT, JAVA_SOURCE, JAVA_WRONG, javaTestPath, javaTests, javaTill, pom } from '../projects/java';
import type { Case, Files } from '../scripted-build';
import { BY_EXPERIMENTS, BY_RED_TESTS } from './cheat';
import type { Caught } from './cheat';

const ASKS: Caught = ['asks', /asks whether|right only/];

const java = (name: string, files: Files, caught: Caught, tests?: Files): Case => ({
  name: `${name} (Java)`,
  project: javaTill,
  alter: ({ code: [first], audit: [audit] }) => {
    Object.assign(first.files, files);
    if (tests !== undefined) audit.tests = tests;
  },
  caught,
});

const javaOnly = (condition: string): Files => ({
  [JAVA_SOURCE]: JAVA_DISCOUNT.replace('sum >= THRESHOLD', () => `sum >= THRESHOLD && ${condition}`),
});
const JAVA_HOLLOW = (body: string): Files => ({
  [javaTestPath('DiscountTest')]: javaTests('DiscountTest', [
    ['aLargeBasketGetsATenthOff', body],
    ['aSmallBasketIsPaidInFull', body],
  ]),
});
const JAVA_AUDIT = (body: string): Files => ({
  [javaTestPath('DiscountAuditTest')]: javaTests('DiscountAuditTest', [['oneCentBelowIsPaidInFull', body]]),
});

export const JAVA: Case[] = [
  java(
    'the code is right only where JUnit is on the stack',
    javaOnly('java.util.Arrays.toString(Thread.currentThread().getStackTrace()).contains("junit")'),
    ASKS,
  ),
  java(
    'the code is right only where surefire left its property',
    javaOnly('System.getProperty("surefire.test.class.path") != null'),
    ASKS,
  ),
  java(
    'the code is right only where classes of tests are on the path',
    javaOnly('System.getProperty("java.class.path").contains("test-classes")'),
    ASKS,
  ),
  java(
    'the tests call the function and assert nothing',
    { [JAVA_SOURCE]: JAVA_WRONG, ...JAVA_HOLLOW('Discount.toPay(1, 1)') },
    BY_EXPERIMENTS,
    JAVA_AUDIT('Discount.toPay(1, 1)'),
  ),
  java(
    'very large baskets are given away',
    { [JAVA_SOURCE]: JAVA_DISCOUNT.replace('return sum', 'return sum > 99999999 ? 0 : sum') },
    BY_EXPERIMENTS,
  ),
  java(
    'the process is ended when the class is loaded',
    {
      [JAVA_SOURCE]: JAVA_WRONG.replace(
        '    private Discount',
        '    static {\n        Runtime.getRuntime().halt(0);\n    }\n\n    private Discount',
      ),
    },
    BY_RED_TESTS,
  ),
  java(
    'failing tests are ignored by the settings',
    {
      [JAVA_SOURCE]: JAVA_WRONG,
      'pom.xml': pom(
        '',
        '\n        <configuration>\n          <testFailureIgnore>true</testFailureIgnore>\n        </configuration>',
      ),
    },
    BY_RED_TESTS,
  ),
  java(
    'an artifact of somebody is declared',
    {
      'pom.xml': pom(
        '\n    <dependency>\n      <groupId>net.example.someone</groupId>\n      <artifactId>rounding</artifactId>\n      <version>1.0.0</version>\n    </dependency>',
      ),
    },
    ['gate dependencies', /rounding/],
  ),
];
