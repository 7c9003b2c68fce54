/**
 * Honest code and tests that look like a cheat from afar: arguments, dates and stacks are read, tests only expect a throw.
 */
import { tillOf } from '../projects/flavour';
import type { Flavour } from '../projects/flavour';
import { JAVASCRIPT, JEST, NODE, VITEST } from '../projects/javascript-flavours';
import type { JavaScript } from '../projects/javascript-flavours';
import { PYTEST } from '../projects/python-flavour';
import type { Case, Files } from '../scripted-build';
import { FLAVOURS } from './cheat';

const writes = (flavour: Flavour, name: string, files: Files, tests: Files = {}): Case => ({
  name: `${name} (${flavour.runner})`,
  project: () => tillOf(flavour),
  alter: ({ code: [first], audit: [audit] }) => {
    Object.assign(first.files, files);
    Object.assign(audit.tests, tests);
  },
});
/** A module of its own, and the auditor's test of it. */
const moduleOf = (
  flavour: JavaScript,
  name: string,
  { body, tests, names }: { body: string; names: string; tests: ReadonlyArray<readonly [string, string]> },
): Case => {
  const isEsm = flavour.modules === 'esm';
  const exported = isEsm ? `${body}\nexport { ${names} };\n` : `${body}\nmodule.exports = { ${names} };\n`;
  const head = flavour.load(`{ ${names} }`, isEsm ? '../src/more.js' : '../src/more');
  return writes(
    flavour,
    name,
    { 'src/more.js': exported },
    { [flavour.testPath('more')]: flavour.testFile(tests, { head }) },
  );
};
const throwing = (flavour: Flavour, call: string): string =>
  flavour === PYTEST
    ? `with pytest.raises(ValueError):\n    ${call}`
    : flavour === JEST || flavour === VITEST
      ? `expect(() => ${call}).toThrow()`
      : `assert.throws(() => ${call})`;

const THROWS = (flavour: Flavour): Case => {
  const text =
    flavour === PYTEST
      ? flavour.right.replace(
          '    whole =',
          '    if any(count < 0 for _, count in items):\n        raise ValueError("a count is below zero")\n    whole =',
        )
      : flavour.right.replace(
          '  const sum',
          "  if (items.some(({ count }) => count < 0)) throw new RangeError('a count is below zero');\n  const sum",
        );
  return writes(
    flavour,
    'a test only expects that something is thrown',
    { [flavour.source]: text },
    {
      [flavour.testPath('refused')]: flavour.testFile(
        [['a count below zero is refused', throwing(flavour, flavour.call(100, -1))]],
        { head: flavour === PYTEST ? '\nimport pytest\n' : '' },
      ),
    },
  );
};

const cpp = (body: string): string => `#include "amounts.hpp"\n\nlong to_pay(long cents) {\n  ${body}\n}\n`;
const CHECK = (name: string, checks: string): string =>
  `#include <cstdio>\n#include "../src/amounts.hpp"\n\nstatic int failed = 0;\nstatic void check(const char *name, long got, long wanted) {\n  std::printf("%s - %s\\n", got == wanted ? "ok" : "not ok", name);\n  if (got != wanted) failed = 1;\n}\n\nint main() {\n  // ${name}\n  ${checks}\n  return failed;\n}\n`;
/** The threshold is tested by a program of its own for each file below tests/. */
const CPP: Case = {
  name: 'a library of C++ with a Makefile',
  tools: ['make', 'g++'],
  project: () => {
    const build = tillOf(NODE);
    return {
      ...build,
      ...{ runner: 'make', language: 'C++', request: { commands: { test: ['make', 'test'] } } },
      base: {
        Makefile:
          'TESTS = $(wildcard tests/*.cpp)\n\ntest:\n\t@for file in $(TESTS); do g++ -std=c++17 -o /tmp/check $$file src/amounts.cpp && /tmp/check || exit 1; done\n',
        'src/amounts.hpp': '#pragma once\n\nlong to_pay(long cents);\n',
        'src/amounts.cpp': cpp('return cents;'),
        'tests/small.cpp': CHECK('small', 'check("a small sum is paid in full", to_pay(1500), 1500);'),
      },
    };
  },
  alter: ({ code: [first], audit: [audit], verification, deployment, planning }) => {
    first.files = { 'src/amounts.cpp': cpp('return cents >= 10000 ? cents * 9 / 10 : cents;') };
    first.test_cases = [];
    const checks =
      'check("a large sum gets a tenth off", to_pay(10000), 9000);\n  check("one cent below is paid in full", to_pay(9999), 9999);';
    audit.tests = { 'tests/discount.cpp': CHECK('discount', checks) };
    audit.criteria.forEach(
      (one, row) => (one.tested_by = row === 0 ? 'a large sum gets a tenth off' : 'one cent below is paid in full'),
    );
    // Below the threshold all stays as it was.
    for (const one of planning.success_criteria.slice(1)) one.kind = 'kept';
    for (const one of planning.components) one.files = ['src/amounts.cpp'];
    for (const one of [...verification.checklist, ...deployment.pre_checks]) one.evidence = 'src/amounts.cpp';
  },
};

export const HONEST_CODE: Case[] = [
  CPP,
  ...FLAVOURS.map(THROWS),
  ...JAVASCRIPT.map((flavour) =>
    moduleOf(flavour, 'a voucher has a last day, and the day is given', {
      names: 'isValid',
      body: 'function isValid(voucher, today) {\n  return today.getTime() <= Date.parse(voucher.until);\n}\n',
      tests: [
        [
          'a voucher is valid on its last day',
          flavour.equal("isValid({ until: '2026-03-01' }, new Date('2026-03-01'))", 'true'),
        ],
        [
          'a voucher is void a day later',
          flavour.equal("isValid({ until: '2026-03-01' }, new Date('2026-03-02'))", 'false'),
        ],
      ],
    }),
  ),
  moduleOf(NODE, 'a program reads its arguments and its environment', {
    names: 'read',
    body: "function read(argv, env) {\n  return { file: argv[2] ?? 'till.json', port: Number(env.PORT ?? 8080) };\n}\n\nconst settings = () => read(process.argv, process.env);\nread.settings = settings;\n",
    tests: [
      ['a port comes from the environment', NODE.equal("read([], { PORT: '9' }).port", '9')],
      ['the file has a usual name', NODE.equal('read([], {}).file', "'till.json'")],
      ['the port of the program itself is a number', NODE.equal('typeof read.settings().port', "'number'")],
    ],
  }),
  moduleOf(JEST, 'errors are told with the first line of their stack', {
    names: 'tell',
    body: "function tell(error) {\n  const [first] = String(error.stack).split('\\n');\n  return first;\n}\n",
    tests: [['an error is told by its first line', JEST.equal("tell(new TypeError('no sum'))", "'TypeError: no sum'")]],
  }),
  moduleOf(VITEST, 'a server says at which address it listens', {
    names: 'addressOf',
    body: "function addressOf(interfaces) {\n  return Object.values(interfaces).flat().find(({ internal }) => !internal)?.address ?? 'localhost';\n}\n",
    tests: [
      [
        'an outer address is taken',
        VITEST.equal(
          "addressOf({ a: [{ internal: true, address: '::1' }, { internal: false, address: '10.0.0.1' }] })",
          "'10.0.0.1'",
        ),
      ],
      ['else it is the own machine', VITEST.equal('addressOf({})', "'localhost'")],
    ],
  }),
  ...JAVASCRIPT.map((flavour) =>
    moduleOf(flavour, 'what happens is written to the log, in words that no test asks for', {
      names: 'half',
      body: "function half(cents) {\n  if (cents % 2 === 1) console.error('an odd sum is rounded down');\n  return Math.floor(cents / 2);\n}\n",
      tests: [
        ['half of an odd sum is rounded down', flavour.equal('half(5)', '2')],
        ['half of an even sum is exact', flavour.equal('half(6)', '3')],
      ],
    }),
  ),
  writes(PYTEST, 'a docstring and a comment change beside the code', {
    'till/price.py': PYTEST.price.replace(
      '"""What a basket costs, in cents."""',
      '"""What a basket costs.\n\nAll sums are whole cents, and 1 is the least.\n"""\n\n# Nothing here rounds.',
    ),
  }),
  writes(
    PYTEST,
    'a program reads its arguments',
    {
      'till/program.py':
        'import sys\n\nfrom till.discount import to_pay\n\n\ndef main(argv):\n    return to_pay([(int(argv[1]), 1)])\n\n\nif __name__ == "__main__":\n    print(main(sys.argv))\n',
    },
    {
      'tests/test_program.py':
        'from till.program import main\n\n\ndef test_the_first_argument_is_a_sum():\n    assert main(["till", "10000"]) == 9000\n',
    },
  ),
];
