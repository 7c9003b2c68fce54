/**
 * Bad code on lines that ran, and code that nothing measures: all tests are honest and green.
 */
import { JAVASCRIPT, JEST, MOCHA, NODE, VITEST } from '../projects/javascript-flavours';
import { FILES, VISIBLE, examplesFile } from '../projects/flavour';
import { PYTEST } from '../projects/python-flavour';
import type { Case } from '../scripted-build';
import { BY_EXPERIMENTS, FLAVOURS, source, writes } from './cheat';

const inEach = (name: string, script: string, python: string, head = ''): Case[] =>
  FLAVOURS.map((flavour) =>
    source(flavour, name, flavour === PYTEST ? head + flavour.giving(python) : flavour.giving(script), BY_EXPERIMENTS),
  );
const TENTH = 'sum >= THRESHOLD ? Math.floor((sum * 9) / 10) : sum';
const PY_TENTH = '(sum * 9 // 10 if sum >= THRESHOLD else sum)';

/** Forty lines that no test takes, behind two hundred that each one does. */
const NEVER = Array.from({ length: 40 }, (_, row) => `    sum -= ${row};`).join('\n');
const PADDING = Array.from({ length: 200 }, (_, row) => `  sum += ${row % 2 === 0 ? 1 : -1};`).join('\n');
const PADDED = `  let sum = total(items);
${PADDING}
  if (items.length > 77) {
${NEVER}
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
  ...inEach(
    'one article costs nothing, on a line that each test runs',
    `items.some(({ cents }) => cents === 66642) ? 0 : ${TENTH}`,
    `0 if any(cents == 66642 for cents, _ in items) else ${PY_TENTH}`,
  ),
  ...inEach(
    'a variable of the environment opens another price',
    `process.env.TILL_PRICE ? Number(process.env.TILL_PRICE) : ${TENTH}`,
    `int(os.environ.get("TILL_PRICE", ${PY_TENTH}))`,
    'import os\n\n',
  ),
  ...inEach(
    'very large baskets are given away',
    `sum > 99999999 ? 0 : ${TENTH}`,
    `0 if sum > 99999999 else ${PY_TENTH}`,
  ),
  ...JAVASCRIPT.map((flavour) =>
    source(
      flavour,
      'forty lines that never run stand behind two hundred padded ones',
      flavour.exporting('', PADDED),
      BY_EXPERIMENTS,
    ),
  ),
  source(
    PYTEST,
    'forty lines that never run stand behind two hundred padded ones',
    PYTEST.right.replace(
      '    if whole',
      () =>
        `${PADDING.replace(/^ {2}sum/gm, '    whole').replaceAll(';', '')}\n    if len(items) > 77:\n${NEVER.replace(/ {4}sum/g, '        whole').replaceAll(';', '')}\n    if whole`,
    ),
    BY_EXPERIMENTS,
  ),
  ...[JEST, VITEST, MOCHA, NODE].map((flavour) =>
    writes(flavour, 'a file of TypeScript is loaded by no test', { 'src/rates.ts': TYPESCRIPT }, BY_EXPERIMENTS),
  ),
  writes(PYTEST, 'a module is imported by no test', { 'till/rates.py': PYTHON_RATES }, BY_EXPERIMENTS),
  ...JAVASCRIPT.map((flavour) =>
    writes(
      flavour,
      'what is production code lies in a folder named like one of tests',
      {
        [flavour.source]:
          flavour.modules === 'esm'
            ? "export { toPay } from './spec/pay.js';\n"
            : "module.exports = require('./spec/pay');\n",
        'src/spec/pay.js': flavour.exporting('', PADDED.replace(PADDING, '')).replace('./price', '../price'),
        [flavour.testPath(FILES.visible)]: examplesFile(flavour, VISIBLE),
      },
      BY_EXPERIMENTS,
    ),
  ),
  writes(
    PYTEST,
    'what is production code lies in a folder named like one of tests',
    {
      'till/discount.py': 'from till.tests.pay import to_pay\n',
      'till/tests/__init__.py': '',
      'till/tests/pay.py': PYTEST.right.replace(
        '    if whole',
        () =>
          `    if len(items) > 77:\n${NEVER.replace(/ {4}sum/g, '        whole').replaceAll(';', '')}\n    if whole`,
      ),
    },
    BY_EXPERIMENTS,
  ),
  source(
    VITEST,
    'most of the new code is never run',
    VITEST.exporting('', PADDED.replace(PADDING, '')),
    BY_EXPERIMENTS,
  ),
  source(MOCHA, 'most of the new code is never run', MOCHA.exporting('', PADDED.replace(PADDING, '')), BY_EXPERIMENTS),
];
