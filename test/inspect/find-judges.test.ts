/** Finds in small trees which files judge a change, from the imports and other references between files. */
import { PRICE, PRICE_TEST, TEST, TILL, judgesOf } from './small-trees';
import type { Files, JudgeOptions } from './small-trees';

const A_TEST = { 'test/price.test.js': 'a test' };
const READ = 'only tests read it';

test.each<[string, Files, Record<string, string>, JudgeOptions?]>([
  ['the subject of a small project is no helper, though only tests import it', {}, {}],
  [
    'a helper in support/ that only tests import',
    {
      'support/same.js': "export const same = (a, b) => { if (a !== b) throw new Error('differs'); };\n",
      'test/price.test.js': `${PRICE_TEST}import { same } from '../support/same.js';\n`,
    },
    { 'support/same.js': READ },
  ],
  [
    'a helper beside the sources that asserts',
    {
      'src/expect-price.js': "import assert from 'node:assert';\nexport const expectPrice = (a) => assert.ok(a);\n",
      'test/price.test.js': `${PRICE_TEST}import { expectPrice } from '../src/expect-price.js';\n`,
    },
    { 'src/expect-price.js': READ },
  ],
  [
    'a snapshot beside its test',
    {
      'src/price.test.js': PRICE_TEST.replace('../src', '.'),
      'src/__snapshots__/price.test.js.snap': 'exports[`adds 1`] = `0`;\n',
      'src/price.test.js.snap': 'x',
    },
    {
      'src/price.test.js': 'a test',
      'src/__snapshots__/price.test.js.snap': READ,
      'src/price.test.js.snap': READ,
    },
  ],
  [
    'data that a test reads, and production does not',
    {
      'cases/totals.json': '[]',
      'cases/other.json': '[]',
      'src/rates.json': '[]',
      'src/price.js': `import rates from './rates.json';\n${PRICE}`,
      'test/price.test.js': `${PRICE_TEST}readFileSync('cases/totals.json'); readFileSync('src/rates.json');\n`,
    },
    { 'cases/totals.json': READ },
  ],
  [
    'what the subject of tests imports is no helper, in any folder',
    {
      'src/discount.js': "export { toPay } from './spec/pay.js';\n",
      'src/spec/pay.js': 'export const toPay = (sum) => sum;\n',
      'test/price.test.js': `${PRICE_TEST}import { toPay } from '../src/discount.js';\n`,
    },
    {},
  ],
  [
    'production under src/spec/ is no test',
    {
      'src/spec/engine.js': 'export const run = () => 1;\n',
      'src/spec/main.js': "import { run } from './engine.js';\nrun();\n",
      'src/testUtils.js': 'export const pad = (text) => text;\n',
      'src/price.js': `import { pad } from './testUtils.js';\nimport { run } from './spec/engine.js';\n${PRICE}`,
      'src/app.js': "import './price.js';\nimport './testing/flags.js';\n",
      'src/testing/flags.js': 'export const flags = {};\n',
    },
    {},
  ],
  [
    'production under src/spec/ that only its test imports is no test',
    {
      'src/spec/parse.js': 'export const parse = 1;\n',
      'test/parse.test.js': `${TEST}import '../src/spec/parse.js';\n`,
    },
    { 'test/parse.test.js': 'a test' },
  ],
  ['spec/openapi.yaml is free unless a test reads it', { 'spec/openapi.yaml': 'openapi: 3.1.0\n' }, {}],
  [
    'spec/openapi.yaml judges if a test reads it',
    {
      'spec/openapi.yaml': 'openapi: 3.1.0\n',
      'test/price.test.js': `${PRICE_TEST}readFileSync('spec/openapi.yaml');\n`,
    },
    { 'spec/openapi.yaml': READ },
  ],
  [
    'documents and manifests that a test reads do not judge',
    {
      'README.md': '# till\n',
      'test/price.test.js': `${PRICE_TEST}readFileSync('README.md'); readFileSync('package.json');\n`,
    },
    {},
  ],
  [
    'a library that declares its entry has it as production, whatever it is called',
    {
      'package.json': '{"main":"./test.js","exports":{"./spec":"./spec/index.js"}}',
      'test.js': PRICE,
      'spec/index.js': 'export {};\n',
    },
    {},
  ],
  [
    'an unused file among tests judges: it may be loaded by a name that is put together',
    { 'test/plugins/one.js': 'export {};\n' },
    { 'test/plugins/one.js': READ },
  ],
  [
    'tests in folders of any name are those that ran, with the helpers beside them',
    { 'checks/price_ok.js': `${PRICE_TEST}import './lib.js';\n`, 'checks/lib.js': 'export {};\n' },
    { 'checks/price_ok.js': 'a test', 'checks/lib.js': READ },
    { ran: ['checks/price_ok.js', 'test/price.test.js'] },
  ],
])('%s', async (_name, files, expected, more: JudgeOptions = {}) => {
  const isTill = !Object.hasOwn(expected, 'src/price.test.js');
  const tree = isTill ? { ...TILL, ...files } : { 'package.json': '{}', 'src/price.js': PRICE, ...files };
  expect(await judgesOf(tree, more)).toEqual({ ...(isTill ? A_TEST : {}), ...expected });
});

test('Python: conftest, helpers, test packages and test data judge, the product does not', async () => {
  const files = {
    'till/__init__.py': 'from .price import total\n',
    'till/price.py': 'def total(items):\n    assert items is not None\n    return 0\n',
    'till/ab_test.py': 'def split():\n    return 1\n',
    'till/main.py': 'from till import ab_test\n',
    'till/testing.py': 'import pytest\n',
    'tests/__init__.py': '',
    'tests/conftest.py': 'import pytest\n',
    'tests/util.py': 'def same(a, b):\n    assert a == b\n',
    'tests/data/a.json': '{}',
    'tests/unread.csv': '',
    'tests/test_price.py':
      'from till.price import total\nfrom .util import same\nfrom till import (\n  testing,\n)\nopen("data/a.json")\n\ndef test_it():\n    assert total([]) == 0\n',
  };
  expect(await judgesOf(files)).toEqual({
    'till/testing.py': READ,
    'tests/__init__.py': READ,
    'tests/conftest.py': READ,
    'tests/util.py': READ,
    'tests/data/a.json': READ,
    'tests/test_price.py': 'a test',
  });
});

test('Go, Rust, Java and Ruby: tests and the files in their folders judge', async () => {
  const files = {
    'go.mod': 'module example.com/till\n',
    'price.go': 'package till\n',
    'price_test.go':
      'package till\nimport (\n"testing"\n"example.com/till/internal/same"\n)\nfunc TestA(t *testing.T) {}\n',
    'internal/same/same.go': 'package same\nimport "testing"\n',
    'testdata/a.golden': 'x',
    'src/lib.rs': '#[cfg(test)]\nmod tests {\n#[test]\nfn a() {}\n}\n',
    'tests/api.rs': 'mod common;\n#[test]\nfn a() {}\n',
    'tests/common/mod.rs': 'pub fn b() {}\n',
    'src/main/java/till/test/Price.java': 'class Price {}\n',
    'src/test/java/till/PriceTest.java': '@Test void a() {}\n',
    'src/test/java/till/Help.java': 'class Help {}\n',
    'lib/price.rb': 'class Price; end\n',
    'spec/price_spec.rb':
      "require 'spec_helper'\nrequire_relative '../lib/price'\ndescribe Price do\n  it('x') { }\nend\n",
    'spec/spec_helper.rb': "require 'rspec'\n",
  };
  const judges = await judgesOf(files, { ran: ['src/lib.rs'] });
  expect(Object.keys(judges).sort()).toEqual(
    [
      ...['price_test.go', 'internal/same/same.go', 'testdata/a.golden', 'tests/api.rs', 'tests/common/mod.rs'],
      ...['src/test/java/till/PriceTest.java', 'src/test/java/till/Help.java'],
      ...['spec/price_spec.rb', 'spec/spec_helper.rb'],
    ].sort(),
  );
});
