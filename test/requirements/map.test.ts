/**
 * Each statement of docs/contract.md is cited by a test that shows it, and each citation names a statement and precedes a test.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { citationsIn, statementsIn } from './map';
import { STATEMENTS, verifies } from './verifies';

const TESTS = join(__dirname, '..');
const IN_CI = /(?<!\.chaos|\.toolchains)\.test\.ts$/;
const document = readFileSync(join(__dirname, '../../docs/contract.md'), 'utf8');

const citations = readdirSync(TESTS, { recursive: true, withFileTypes: true })
  // The texts of this folder are about citations.
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && entry.name !== 'map.test.ts')
  .map(({ parentPath, name }) => join(parentPath, name))
  .flatMap((path) => citationsIn(readFileSync(path, 'utf8')).map((one) => ({ ...one, file: relative(TESTS, path) })));

test('each statement of the contract is cited by a test that CI runs', () => {
  const cited = new Set(citations.filter(({ file }) => IN_CI.test(file)).flatMap(({ ids }) => ids));
  expect(statementsIn(document).filter((id) => !cited.has(id))).toEqual([]);
});

test('each citation names statements of the contract and stands on the line before a test that runs', () => {
  const known = new Set(statementsIn(document));
  const wrong = citations.filter(
    ({ ids, standsBeforeTest }) => ids.length === 0 || !standsBeforeTest || ids.some((id) => !known.has(id)),
  );
  expect(wrong).toEqual([]);
});

test('the contract and the type of the ids have the same statements, each once, in the same order', () => {
  expect(statementsIn(document)).toEqual(STATEMENTS);
});

test('an id that the contract does not have is refused by the type, and by the call', () => {
  // @ts-expect-error: 9.99 is no statement
  expect(() => verifies('9.99')).toThrow('docs/contract.md has no statement 9.99');
  // @ts-expect-error: a citation names at least one statement
  verifies();
});

test('the statements of a document are the ids at the beginning of its bullets', () => {
  expect(statementsIn('# 1\n\n- [1.1] One, see [3.1].\n- [1.10] Ten.\n- none [2.1]\nText [4.1]\n')).toEqual([
    '1.1',
    '1.10',
  ]);
});

test.each([
  ["verifies('1.1');\ntest('a', () => {});", [{ ids: ['1.1'], line: 1, standsBeforeTest: true }]],
  [
    "\ndescribe('x', () => {\n  verifies('1.1', '2.3');\n  it.each([1])('a', () => {});",
    [{ ids: ['1.1', '2.3'], line: 3, standsBeforeTest: true }],
  ],
  ["verifies(\n  '1.1',\n  '9.9',\n);\ntest.each(\n", [{ ids: ['1.1', '9.9'], line: 1, standsBeforeTest: true }]],
  ["verifies('1.1');\ntest.each<[string, number]>([", [{ ids: ['1.1'], line: 1, standsBeforeTest: true }]],
  ["verifies('1.1');\n\ntest('a', () => {});", [{ ids: ['1.1'], line: 1, standsBeforeTest: false }]],
  ["verifies('1.1');\ntest.skip('a', () => {});", [{ ids: ['1.1'], line: 1, standsBeforeTest: false }]],
  ["verifies('1.1');\ntest.todo('a');", [{ ids: ['1.1'], line: 1, standsBeforeTest: false }]],
  ["verifies('1.1');\n// test('a', () => {});", [{ ids: ['1.1'], line: 1, standsBeforeTest: false }]],
  ["verifies('1.1');\n", [{ ids: ['1.1'], line: 1, standsBeforeTest: false }]],
  ["verifies(ID);\ntest('a', () => {});", [{ ids: [], line: 1, standsBeforeTest: true }]],
  ["// verifies('1.1');\ntest('a', () => {});", []],
  ['const text = "verifies(\'1.1\')";', []],
])('the citations in %j are found', (source, expected) => {
  expect(citationsIn(source)).toEqual(expected);
});
