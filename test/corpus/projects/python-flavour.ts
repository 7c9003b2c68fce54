/**
 * The till with pytest, as a flavour.
 */
import type { Flavour } from './flavour';
import { PY_DISCOUNT, PY_PRICE_TEST, pythonTill } from './python';

const testName = (name: string): string => `test_${name.replaceAll('.', '_').replaceAll(' ', '_')}`;
const indent = (text: string): string => text.replaceAll('\n', '\n    ');

export const PYTEST: Flavour = {
  ...{ runner: 'pytest', language: 'Python', sourcePath: 'till/discount.py', pricePath: 'till/price.py' },
  priceCode: pythonTill().base['till/price.py'] ?? '',
  rightCode: PY_DISCOUNT,
  codeReturning: (expression) =>
    PY_DISCOUNT.replace(/    if whole[\s\S]*$/, () => `    sum = whole\n    return ${expression}\n`),
  wrongCode: PY_DISCOUNT.replace('whole * 9 // 10', 'whole'),
  discountedSum: 'sum * 9 // 10',
  callFor: (cents, count) => `to_pay([(${cents}, ${count})])`,
  and: (left, right) => `${left} and ${right}`,
  writeFile: (path, text) =>
    `import pathlib\npathlib.Path(${JSON.stringify(path)}).write_text(${JSON.stringify(text)})`,
  ignoreErrors: (statement) => `try:\n    ${indent(statement)}\nexcept Exception:\n    pass`,
  base: { ...pythonTill().base, 'tests/test_price.py': PY_PRICE_TEST },
  testPath: (name) => `tests/test_${name}.py`,
  testFile: (tests, { head = '', price = false } = {}) =>
    `${price ? 'from till.price import total' : 'from till.discount import to_pay'}\n${head}\n\n${tests
      .map(([name, body]) => `def ${testName(name)}():\n    ${indent(body)}\n`)
      .join('\n\n')}`,
  assertEqual: (actual, expected) => `assert ${actual} == ${expected}`,
  assertTrue: (expression) => `assert ${expression}`,
  testLabel: (file, name) => `${file}: ${testName(name)}`,
};
