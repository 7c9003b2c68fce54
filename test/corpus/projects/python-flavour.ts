/**
 * The till with pytest, in the form of the JavaScript flavours.
 */
import type { Flavour } from './flavour';
import { PY_DISCOUNT, PY_PRICE_TEST, pythonTill } from './python';

const testName = (name: string): string => `test_${name.replaceAll('.', '_').replaceAll(' ', '_')}`;
const indented = (text: string): string => text.replaceAll('\n', '\n    ');

export const PYTEST: Flavour = {
  ...{ runner: 'pytest', language: 'Python', source: 'till/discount.py', priceSource: 'till/price.py' },
  price: pythonTill().base['till/price.py'] ?? '',
  right: PY_DISCOUNT,
  giving: (expression) =>
    PY_DISCOUNT.replace(/    if whole[\s\S]*$/, () => `    sum = whole\n    return ${expression}\n`),
  wrong: PY_DISCOUNT.replace('whole * 9 // 10', 'whole'),
  tenthOff: 'sum * 9 // 10',
  call: (cents, count) => `to_pay([(${cents}, ${count})])`,
  and: (left, right) => `${left} and ${right}`,
  writeFile: (path, text) =>
    `import pathlib\npathlib.Path(${JSON.stringify(path)}).write_text(${JSON.stringify(text)})`,
  attempt: (statement) => `try:\n    ${indented(statement)}\nexcept Exception:\n    pass`,
  base: { ...pythonTill().base, 'tests/test_price.py': PY_PRICE_TEST },
  testPath: (name) => `tests/test_${name}.py`,
  testFile: (tests, { head = '', price = false } = {}) =>
    `${price ? 'from till.price import total' : 'from till.discount import to_pay'}\n${head}\n\n${tests
      .map(([name, body]) => `def ${testName(name)}():\n    ${indented(body)}\n`)
      .join('\n\n')}`,
  equal: (actual, expected) => `assert ${actual} == ${expected}`,
  isTrue: (expression) => `assert ${expression}`,
  shown: (file, name) => `${file}: ${testName(name)}`,
};
