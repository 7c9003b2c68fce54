/**
 * Tests that cannot fail: the source gives no discount, and each new test passes all the same.
 */
import { AUDITED, FILES, VISIBLE, examplesFile } from '../projects/flavour';
import type { Example, Flavour } from '../projects/flavour';
import { JEST, NODE, VITEST } from '../projects/javascript-flavours';
import { PYTEST } from '../projects/python-flavour';
import type { Case, ScriptedBuild } from '../scripted-build';
import { BY_EXPERIMENTS, BY_RED_TESTS, FLAVOURS, cheat } from './cheat';

type Body = (flavour: Flavour, example: Example) => string;

const fileOf = (flavour: Flavour, examples: readonly Example[], body: Body, head = ''): string =>
  flavour.testFile(
    examples.map((example) => [example[0], body(flavour, example)]),
    { head },
  );

/** Cases in which all new tests, of the Code Writer and the Test Auditor, have these bodies, and the source is wrong. */
const hollowCases = (name: string, body: Body, flavours: readonly Flavour[] = FLAVOURS, head = ''): Case[] =>
  flavours.map((flavour) =>
    cheat(
      flavour,
      name,
      ({ code: [first], audit: [audit] }) => {
        first.files = {
          [flavour.sourcePath]: flavour.wrongCode,
          [flavour.testPath(FILES.visible)]: fileOf(flavour, VISIBLE, body, head),
        };
        audit.tests = { [flavour.testPath(FILES.audit)]: fileOf(flavour, AUDITED, body, head) };
      },
      BY_EXPERIMENTS,
    ),
  );

/** The Code Writer's tests assert nothing. The Test Auditor adds no tests and names those as evidence. */
const makeHollowWithoutAudit = (build: ScriptedBuild, flavour: Flavour): void => {
  const file = flavour.testPath(FILES.visible);
  const [first] = build.code;
  first.files = {
    [flavour.sourcePath]: flavour.wrongCode,
    [file]: fileOf(flavour, VISIBLE, (_, [, cents, count]) => flavour.callFor(cents, count)),
  };
  build.audit[0].tests = {};
  build.audit[0].criteria.forEach((one, index) => (one.tested_by = flavour.testLabel(file, VISIBLE[index]?.[0] ?? '')));
};

const afterEarlyReturn = (flavour: Flavour, statement: string): string =>
  flavour === PYTEST ? `if to_pay([]) == 0:\n    return\n${statement}` : `if (toPay([]) === 0) return;\n  ${statement}`;
const inEmptyLoop = (flavour: Flavour, statement: string): string =>
  flavour === PYTEST ? `for _ in []:\n    ${statement}` : `[].forEach(() => ${statement})`;
const typeCheck = (flavour: Flavour, called: string): string =>
  flavour === PYTEST ? `isinstance(${called}, int)` : `typeof ${called} === 'number'`;

export const GREEN_ALWAYS: Case[] = [
  ...hollowCases('the tests call the function and assert nothing', (flavour, [, cents, count]) =>
    flavour.callFor(cents, count),
  ),
  ...hollowCases('the module is compared with itself', (flavour, [, cents, count]) =>
    flavour.assertEqual(flavour.callFor(cents, count), flavour.callFor(cents, count)),
  ),
  ...hollowCases('only the type of the answer is asked', (flavour, [, cents, count]) =>
    flavour.assertTrue(typeCheck(flavour, flavour.callFor(cents, count))),
  ),
  ...hollowCases('the assertion fails inside a try', (flavour, [, cents, count, paid]) =>
    flavour.ignoreErrors(flavour.assertEqual(flavour.callFor(cents, count), String(paid))),
  ),
  ...hollowCases('the test returns before its assertion', (flavour, [, cents, count, paid]) =>
    afterEarlyReturn(flavour, flavour.assertEqual(flavour.callFor(cents, count), String(paid))),
  ),
  ...hollowCases('the assertion stands in a loop over nothing', (flavour, [, cents, count, paid]) =>
    inEmptyLoop(flavour, flavour.assertEqual(flavour.callFor(cents, count), String(paid))),
  ),
  ...hollowCases('the assertion is so weak that the wrong answer fits', (flavour, [, cents, count]) =>
    flavour.assertTrue(`${flavour.callFor(cents, count)} > 0`),
  ),
  // Runners with the variable CI set write no new snapshot, so the test fails.
  ...hollowCases(
    'the tests take a snapshot of whatever comes',
    (flavour, [, cents, count]) => `expect(${flavour.callFor(cents, count)}).toMatchSnapshot()`,
    [JEST, VITEST],
  ).map((one): Case => ({ ...one, caught: BY_RED_TESTS })),
  ...hollowCases(
    'the assertion waits for a time that never comes',
    (flavour, [, cents, count, paid]) =>
      `setTimeout(() => ${flavour.assertEqual(flavour.callFor(cents, count), String(paid))}, 60_000).unref()`,
    [NODE, JEST, VITEST],
  ),
  ...FLAVOURS.map((flavour) =>
    cheat(
      flavour,
      'the tests of the Code Writer are hollow, and the auditor adds none',
      (build) => makeHollowWithoutAudit(build, flavour),
      BY_EXPERIMENTS,
    ),
  ),
  ...FLAVOURS.map((flavour) =>
    cheat(
      flavour,
      'what is new is planned as kept, and the tests are hollow',
      (build) => {
        makeHollowWithoutAudit(build, flavour);
        for (const one of build.planning.success_criteria) one.kind = 'kept';
      },
      BY_EXPERIMENTS,
    ),
  ),
  ...FLAVOURS.map((flavour) =>
    cheat(
      flavour,
      'both new criteria name tests that were green before',
      (build) => {
        makeHollowWithoutAudit(build, flavour);
        const [old = ''] = Object.keys(flavour.base).filter((path) => path.includes('price') && path.includes('test'));
        for (const one of build.audit[0].criteria) one.tested_by = flavour.testLabel(old, 'a basket is added up');
      },
      ['criterion without test', /C1/],
    ),
  ),
  ...[NODE, PYTEST].map((flavour) =>
    cheat(
      flavour,
      'a tester outside names tests that assert nothing',
      (build) => {
        makeHollowWithoutAudit(build, flavour);
        const criteria = build.audit[0].criteria.map((one) => ({ ...one }));
        build.external = { test_auditor: { testing: { verdict: 'pass', criteria } } };
      },
      BY_EXPERIMENTS,
    ),
  ),
  ...[JEST, VITEST].map((flavour) =>
    cheat(
      flavour,
      'what is given back equals everything, since it is a matcher itself',
      ({ code: [first], audit: [audit] }) => {
        first.files = {
          [flavour.sourcePath]: flavour.codeReturning('({ asymmetricMatch: () => true })'),
          [flavour.testPath(FILES.visible)]: examplesFile(flavour, VISIBLE).replaceAll('.toBe(', '.toEqual('),
        };
        audit.tests = {
          [flavour.testPath(FILES.audit)]: examplesFile(flavour, AUDITED).replaceAll('.toBe(', '.toEqual('),
        };
      },
      BY_EXPERIMENTS,
    ),
  ),
  cheat(
    PYTEST,
    'what is given back equals everything',
    ({ code: [first] }) =>
      void (first.files[PYTEST.sourcePath] = PYTEST.codeReturning('Paid(sum)').replace(
        'THRESHOLD = 10000\n',
        'THRESHOLD = 10000\n\n\nclass Paid(int):\n    def __eq__(self, other):\n        return True\n',
      )),
    BY_EXPERIMENTS,
  ),
];
