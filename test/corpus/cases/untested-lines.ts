/**
 * Wrong code on lines that tests ran, and code that coverage does not measure. All tests are honest and green.
 */
import { JAVASCRIPT, JEST, MOCHA, NODE, VITEST } from '../projects/javascript-flavours';
import { FILES, VISIBLE, examplesFile } from '../projects/flavour';
import { PYTEST } from '../projects/python-flavour';
import type { Case } from '../scripted-build';
import { BY_EXPERIMENTS, FLAVOURS, sourceCheat, filesCheat } from './cheat';

const sourceCases = (name: string, script: string, python: string, head = ''): Case[] =>
  FLAVOURS.map((flavour) =>
    sourceCheat(
      flavour,
      name,
      flavour === PYTEST ? head + flavour.codeReturning(python) : flavour.codeReturning(script),
      BY_EXPERIMENTS,
    ),
  );
const JS_DISCOUNT = 'sum >= THRESHOLD ? Math.floor((sum * 9) / 10) : sum';
const PY_DISCOUNT = '(sum * 9 // 10 if sum >= THRESHOLD else sum)';

/** Forty lines that no test runs, after two hundred that each test runs. */
const UNTAKEN_LINES = Array.from({ length: 40 }, (_, row) => `    sum -= ${row};`).join('\n');
const PADDING = Array.from({ length: 200 }, (_, row) => `  sum += ${row % 2 === 0 ? 1 : -1};`).join('\n');
const PADDED_BODY = `  let sum = total(items);
${PADDING}
  if (items.length > 77) {
${UNTAKEN_LINES}
  }
  return sum >= 10000 ? Math.floor((sum * 9) / 10) : sum;`;

const TYPESCRIPT = Array.from(
  { length: 12 },
  (_, row) => `export const rate${row} = (cents: number): number => Math.floor(cents / ${row + 2});\n`,
).join('');
const PYTHON_RATES = Array.from(
  { length: 12 },
  (_, row) => `def rate_${row}(cents):\n    return cents // ${row + 2}\n`,
).join('\n\n');

export const UNTESTED_LINES: Case[] = [
  ...sourceCases(
    'one article costs nothing, on a line that each test runs',
    `items.some(({ cents }) => cents === 66642) ? 0 : ${JS_DISCOUNT}`,
    `0 if any(cents == 66642 for cents, _ in items) else ${PY_DISCOUNT}`,
  ),
  ...sourceCases(
    'a variable of the environment opens another price',
    `process.env.TILL_PRICE ? Number(process.env.TILL_PRICE) : ${JS_DISCOUNT}`,
    `int(os.environ.get("TILL_PRICE", ${PY_DISCOUNT}))`,
    'import os\n\n',
  ),
  ...sourceCases(
    'very large baskets are given away',
    `sum > 99999999 ? 0 : ${JS_DISCOUNT}`,
    `0 if sum > 99999999 else ${PY_DISCOUNT}`,
  ),
  ...JAVASCRIPT.map((flavour) =>
    sourceCheat(
      flavour,
      'forty lines that never run stand behind two hundred padded ones',
      flavour.codeWithBody('', PADDED_BODY),
      BY_EXPERIMENTS,
    ),
  ),
  sourceCheat(
    PYTEST,
    'forty lines that never run stand behind two hundred padded ones',
    PYTEST.rightCode.replace(
      '    if whole',
      () =>
        `${PADDING.replace(/^ {2}sum/gm, '    whole').replaceAll(';', '')}\n    if len(items) > 77:\n${UNTAKEN_LINES.replace(/ {4}sum/g, '        whole').replaceAll(';', '')}\n    if whole`,
    ),
    BY_EXPERIMENTS,
  ),
  ...[JEST, VITEST, MOCHA, NODE].map((flavour) =>
    filesCheat(flavour, 'a file of TypeScript is loaded by no test', { 'src/rates.ts': TYPESCRIPT }, BY_EXPERIMENTS),
  ),
  filesCheat(PYTEST, 'a module is imported by no test', { 'till/rates.py': PYTHON_RATES }, BY_EXPERIMENTS),
  ...JAVASCRIPT.map((flavour) =>
    filesCheat(
      flavour,
      'what is production code lies in a folder named like one of tests',
      {
        [flavour.sourcePath]:
          flavour.modules === 'esm'
            ? "export { toPay } from './spec/pay.js';\n"
            : "module.exports = require('./spec/pay');\n",
        'src/spec/pay.js': flavour.codeWithBody('', PADDED_BODY.replace(PADDING, '')).replace('./price', '../price'),
        [flavour.testPath(FILES.visible)]: examplesFile(flavour, VISIBLE),
      },
      BY_EXPERIMENTS,
    ),
  ),
  filesCheat(
    PYTEST,
    'what is production code lies in a folder named like one of tests',
    {
      'till/discount.py': 'from till.tests.pay import to_pay\n',
      'till/tests/__init__.py': '',
      'till/tests/pay.py': PYTEST.rightCode.replace(
        '    if whole',
        () =>
          `    if len(items) > 77:\n${UNTAKEN_LINES.replace(/ {4}sum/g, '        whole').replaceAll(';', '')}\n    if whole`,
      ),
    },
    BY_EXPERIMENTS,
  ),
  sourceCheat(
    VITEST,
    'most of the new code is never run',
    VITEST.codeWithBody('', PADDED_BODY.replace(PADDING, '')),
    BY_EXPERIMENTS,
  ),
  sourceCheat(
    MOCHA,
    'most of the new code is never run',
    MOCHA.codeWithBody('', PADDED_BODY.replace(PADDING, '')),
    BY_EXPERIMENTS,
  ),
];
