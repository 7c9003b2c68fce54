/** Replays calls with test runners that are installed from registries. */
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

test('a function that is right only where jest is defined is a finding', async () => {
  const { findings } = await inJest(`exports.price = (n) => (typeof jest === 'undefined' ? 0 : n * 10);`, JEST);
  expect(findings).toMatchObject([
    { name: 'price', answered: 'value 0', under: expect.stringMatching(/names of a test/) as string },
  ]);
});

test('a function that is right only where jest has set its variables is a finding', async () => {
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
])('a module that is right only where VITEST is set is a finding: %s', async (_, source, name) => {
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
])('a Python function that is right only where %s is a finding', async (_, condition, under) => {
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

const LONG: Array<[string, string, string, RegExp]> = [
  ['for a thousand calls', 'n = [0]', 'n.append(0) or (a[0] * 10 if len(n) < 1000 else 0)', /calls were made/],
  ['now and then', 'import random', 'a[0] * 10 if random.random() > 0.0005 else 0', /calls were made/],
  [
    'in the thread that loaded it',
    'import threading\nlocal = threading.local()\nlocal.ten = 10',
    "a[0] * getattr(local, 'ten', 1)",
    /another thread/,
  ],
  [
    'until a timer fires',
    "import threading\nt = {'ten': 10}\ntimer = threading.Timer(30, t.update, [{'ten': 1}])\ntimer.daemon = True\ntimer.start()",
    "a[0] * t['ten']",
    /after a day/,
  ],
  [
    'with assertions',
    'def tenfold(b, a):\n    assert b.append(a[0] * 10) is None\n    return b',
    'tenfold([a[0]], a)[-1]',
    /assertions/,
  ],
  ['where clocks show Greenwich time', 'import time', 'a[0] * 10 if time.timezone == 0 else 0', /another offset/],
];
test.each(LONG)('a Python function that is right only %s is a finding', async (_, head, body, under) => {
  const source = `${head}\ndef price(a):\n    return ${body}\n`;
  const tests =
    'def test_price():\n    assert module.price([2]) == 20 and module.price([(3)]) == 30 and module.price((4, 1)) == 40\n';
  const { findings } = await python(source, tests);
  expect(findings.map((one) => [one.name, one.under])).toEqual([['price', expect.stringMatching(under) as string]]);
});

test('a Python coroutine that shares a sum is a finding, and honest state is none', async () => {
  const source = `
import asyncio, functools, itertools, sqlite3
total, stored, connection = [0], {}, sqlite3.connect(':memory:')
ids = itertools.count()
async def shared(n):
    total[0] = n
    await asyncio.sleep(0)
    return total[0]
async def own(n):
    await asyncio.sleep(0)
    return n
@functools.lru_cache
def cached(n): return n
def one(n): return connection.execute('select ?', [n]).fetchone()[0]
def next_id(kind): return kind + str(next(ids))
async def put(key):
    stored[key] = 1
    return len(stored)
async def size(): return len(stored)
async def clear(): stored.clear()
def checked(n):
    assert n > 0
    return n
`;
  const body = `
import asyncio, pytest
def test_all():
    run = asyncio.run
    assert run(module.shared(1)) == 1 and run(module.shared(2)) == 2
    assert run(module.own(1)) == 1 and run(module.own(2)) == 2
    assert module.one(1) == 1 and module.next_id('a') == 'a0'
    assert run(module.put('a')) == 1 and run(module.put('b')) == 2 and run(module.size()) == 2
    run(module.clear())
    with pytest.raises(AssertionError): module.checked(-1)
`;
  const { findings } = await python(source, body);
  expect(findings).toMatchObject([{ name: 'shared', under: expect.stringMatching(/have not ended/) as string }]);
});
