/** Calls made again, with the runners that are installed from registries. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyPytest, installRunners, userSite } from '../../adapters/runners/test-tools';
import { workerSandbox } from '../../with-tool';
import { ask } from './asked';

let packages: string | undefined;
let place: string;
beforeAll(() => {
  packages = installRunners();
  place = mkdtempSync(join(tmpdir(), 'q-test-asked-'));
  copyPytest(place);
}, 320_000);
afterAll(() => rmSync(place, { recursive: true, force: true }));

const node = (files: Record<string, string>, command: string[], changed: string[]) => {
  if (packages === undefined) throw new Error('npm could not install the runners');
  return ask({ files, command, changed, packages: [{ from: packages, to: 'node_modules' }] });
};
const inJest = (source: string, test: string) =>
  node({ 'package.json': '{}', 'src/price.js': source, 'src/price.test.js': test }, ['npx', 'jest'], ['src/price.js']);
const inVitest = (source: string, name = 'src/price.js') =>
  node(
    {
      'package.json': '{"type":"module"}',
      [name]: source,
      'src/ten.js': 'export const ten = 10;',
      'src/price.test.js': `import { expect, test } from 'vitest'; import { price } from './${name.slice(4)}'; test('price', async () => expect(await price(2)).toBe(20));`,
    },
    ['npx', 'vitest', 'run'],
    [name],
  );
const JEST = `const { price } = require('./price'); test('price', () => expect(price(2)).toBe(20));`;

test('bent: a function that is right only where jest is defined is a finding', async () => {
  const { findings } = await inJest(`exports.price = (n) => (typeof jest === 'undefined' ? 0 : n * 10);`, JEST);
  expect(findings).toMatchObject([
    { name: 'price', answered: 'value 0', under: expect.stringMatching(/names of a test/) as string },
  ]);
});

test('bent: a function that is right only where jest has set its variables is a finding', async () => {
  const { findings } = await inJest(`exports.price = (n) => (process.env.JEST_WORKER_ID ? n * 10 : 0);`, JEST);
  expect(findings).toMatchObject([
    { name: 'price', answered: 'value 0', under: expect.stringMatching(/variables/) as string },
  ]);
});

test('an honest function whose test mocks a module, sets a variable or the clock is not accused under jest', async () => {
  const source = `
    const os = require('os');
    exports.host = () => os.hostname();
    exports.url = () => process.env.API_URL ?? 'none';
    exports.year = () => new Date().getFullYear();
    exports.ten = () => fetch('http://x').then((answer) => answer.json());
  `;
  const body = `
    jest.mock('os', () => ({ hostname: () => 'here' }));
    const { host, url, year, ten } = require('./price');
    test('host', () => expect(host()).toBe('here'));
    test('url', () => { process.env.API_URL = 'http://x'; expect(url()).toBe('http://x'); });
    test('year', () => { jest.useFakeTimers().setSystemTime(Date.UTC(2001, 1, 1)); expect(year()).toBe(2001); jest.useRealTimers(); });
    test('ten', async () => { global.fetch = () => Promise.resolve({ json: () => 10 }); expect(await ten()).toBe(10); });
  `;
  const found = await inJest(source, body);
  expect(found.findings).toEqual([]);
  expect(found.notes.length).toBeGreaterThan(1);
});

test.each([
  ['a declaration', `export function price(n) { return process.env.VITEST ? n * 10 : 0; }`, 'src/price.js'],
  ['a constant', `export const price = async (n) => { return process.env.VITEST ? n * 10 : 0; }`, 'src/price.js'],
  ['a list', `const price = (n) => (process.env.VITEST ? n * 10 : 0);\nexport { price };`, 'src/price.mjs'],
])('bent: a module that is right only where VITEST is set is a finding: %s', async (_, source, name) => {
  const { findings } = await inVitest(source, name);
  expect(findings).toMatchObject([
    { name: 'price', answered: 'value 0', under: expect.stringMatching(/variables/) as string },
  ]);
});

test('an honest module under vitest is asked, and not accused', async () => {
  const found = await inVitest(`import { ten } from './ten.js'; export function price(n) { return n * ten; }`);
  expect(found).toEqual({ asked: 1, findings: [], notes: [] });
});

test('TypeScript is asked through the tsx of the project', async () => {
  const { findings, notes } = await node(
    {
      'package.json': '{"type":"module"}',
      'src/price.ts': `export const price = (n: number): number => (process.env.NODE_TEST_CONTEXT ? n * 10 : 0);`,
      'test/price.test.ts': `import { test } from 'node:test'; import assert from 'node:assert'; import { price } from '../src/price.js'; test('price', () => assert.equal(price(2), 20));`,
    },
    ['node', '--import', 'tsx', '--test', 'test/price.test.ts'],
    ['src/price.ts'],
  );
  expect({ findings, notes }).toMatchObject({ findings: [{ name: 'price', answered: 'value 0' }], notes: [] });
});

const python = (source: string, body: string) =>
  ask({
    files: {
      'src/shop/__init__.py': '',
      'src/shop/price.py': source,
      'pytest.ini': '[pytest]\npythonpath = src\n',
      'test/test_price.py': `from shop.price import *\nfrom shop import price as module\n${body}`,
    },
    command: ['python3', '-m', 'pytest', '-q'],
    changed: ['src/shop/price.py'],
    packages: [{ from: place, to: userSite() }],
    sandbox: workerSandbox(),
  });
const PYTHON = 'def test_price():\n    assert module.price(2) == 20\n';

test.each([
  ['PYTEST_CURRENT_TEST is set', `'PYTEST_CURRENT_TEST' in os.environ`, /variables/],
  ['pytest is loaded', `'pytest' in sys.modules`, /names of a test/],
  ['its words name pytest', `'pytest' in sys.argv[0]`, /test file/],
  ['a test is on the stack', `any('test_' in f.filename for f in inspect.stack())`, /test file/],
  ['it is in the folder of the sandbox', `os.getcwd().startswith('/workspace')`, /another folder/],
  [
    'a date has not come',
    `datetime.date.today() < datetime.date(${new Date().getFullYear() + 1}, 12, 1)`,
    /later date/,
  ],
])('bent: a Python function that is right only where %s is a finding', async (_, condition, under) => {
  const source = `import os, sys, inspect, datetime\ndef price(n):\n    return n * 10 if ${condition} else 0\n`;
  const found = await python(source, PYTHON);
  expect(found).toMatchObject({
    findings: [
      {
        path: 'src/shop/price.py',
        line: 2,
        name: 'price',
        answered: 'value 0',
        under: expect.stringMatching(under) as string,
      },
    ],
  });
});

test('honest Python functions are asked, and not accused', async () => {
  const source = `
import os, random, time
seen = []
def price(n): return n * 10
def add(one):
    seen.append(one)
    return len(seen)
def chance(): return random.random()
def now(): return time.time()
def url(): return os.environ.get('API_URL')
async def later(n): return n
def wrong(): raise ValueError('no')
def here(): return os.path.dirname(__file__)
`;
  const body = `
import asyncio, pytest
def test_price(monkeypatch):
    assert module.price(2) == 20 and module.add(1) == 1 and module.add(1) == 2
    module.chance(); module.now(); module.here()
    assert asyncio.run(module.later(3)) == 3
    monkeypatch.setenv('API_URL', 'x')
    assert module.url() == 'x'
    with pytest.raises(ValueError): module.wrong()
`;
  const found = await python(source, body);
  expect(found).toMatchObject({ asked: 9, findings: [] });
  expect(found.notes).toEqual([
    'chance (src/shop/price.py) answers differently each time, so it could not be compared',
    'now (src/shop/price.py) answers differently each time, so it could not be compared',
    'url (src/shop/price.py) depends on a variable of its environment',
  ]);
});
