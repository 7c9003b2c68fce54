/** Replays calls with test runners that are installed from registries. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyPytest, installRunners, userSite } from '../../adapters/runners/test-tools';
import { workerSandbox } from '../../with-tool';
import { runAndReplay } from './asked';

let packages: string | undefined;
let pytest: string;
beforeAll(() => {
  packages = installRunners();
  pytest = mkdtempSync(join(tmpdir(), 'q-test-asked-'));
  copyPytest(pytest);
}, 320_000);
afterAll(() => rmSync(pytest, { recursive: true, force: true }));

const runNode = (files: Record<string, string>, command: string[], changed: string[]) => {
  if (packages === undefined) throw new Error('npm could not install the runners');
  return runAndReplay({ files, command, changed, packages: [{ from: packages, to: 'node_modules' }] });
};
const runJest = (source: string, test: string) =>
  runNode(
    { 'package.json': '{}', 'src/price.js': source, 'src/price.test.js': test },
    ['npx', 'jest'],
    ['src/price.js'],
  );
const runVitest = (source: string, name = 'src/price.js') =>
  runNode(
    {
      'package.json': '{"type":"module"}',
      [name]: source,
      'src/ten.js': 'export const ten = 10;',
      'src/price.test.js': `import { expect, test } from 'vitest'; import { price } from './${name.slice(4)}'; test('price', async () => expect(await price(2)).toBe(20));`,
    },
    ['npx', 'vitest', 'run'],
    [name],
  );
const JEST_TEST = `const { price } = require('./price'); test('price', () => expect(price(2)).toBe(20));`;

test('a function that is right only if jest is defined is a finding', async () => {
  const { findings } = await runJest(`exports.price = (n) => (typeof jest === 'undefined' ? 0 : n * 10);`, JEST_TEST);
  expect(findings).toMatchObject([
    { name: 'price', answered: 'value 0', under: expect.stringMatching(/names of a test/) as string },
  ]);
});

test('a function that is right only if jest has set its variables is a finding', async () => {
  const { findings } = await runJest(`exports.price = (n) => (process.env.JEST_WORKER_ID ? n * 10 : 0);`, JEST_TEST);
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
  const result = await runJest(source, body);
  expect(result.findings).toEqual([]);
  expect(result.notes.length).toBeGreaterThan(1);
});

test.each([
  ['a declaration', `export function price(n) { return process.env.VITEST ? n * 10 : 0; }`, 'src/price.js'],
  ['a constant', `export const price = async (n) => { return process.env.VITEST ? n * 10 : 0; }`, 'src/price.js'],
  ['a list', `const price = (n) => (process.env.VITEST ? n * 10 : 0);\nexport { price };`, 'src/price.mjs'],
])('a module that is right only if VITEST is set is a finding: %s', async (_, source, name) => {
  const { findings } = await runVitest(source, name);
  expect(findings).toMatchObject([
    { name: 'price', answered: 'value 0', under: expect.stringMatching(/variables/) as string },
  ]);
});

test('an honest module under vitest is replayed, and not accused', async () => {
  const result = await runVitest(`import { ten } from './ten.js'; export function price(n) { return n * ten; }`);
  expect(result).toEqual({ asked: 1, findings: [], notes: [] });
});

test('TypeScript is replayed with the tsx of the project', async () => {
  const { findings, notes } = await runNode(
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

const runPython = (source: string, body: string) =>
  runAndReplay({
    files: {
      'src/shop/__init__.py': '',
      'src/shop/price.py': source,
      'pytest.ini': '[pytest]\npythonpath = src\n',
      'test/test_price.py': `from shop.price import *\nfrom shop import price as module\n${body}`,
    },
    command: ['python3', '-m', 'pytest', '-q'],
    changed: ['src/shop/price.py'],
    packages: [{ from: pytest, to: userSite() }],
    sandbox: workerSandbox(),
  });
const PY_TEST = 'def test_price():\n    assert module.price(2) == 20\n';

test.each([
  ['PYTEST_CURRENT_TEST is set', `'PYTEST_CURRENT_TEST' in os.environ`, /variables/],
  ['pytest is loaded', `'pytest' in sys.modules`, /names of a test/],
  ['its arguments name pytest', `'pytest' in sys.argv[0]`, /test file/],
  ['a test is on the stack', `any('test_' in f.filename for f in inspect.stack())`, /test file/],
  ['it is in the folder of the sandbox', `os.getcwd().startswith('/workspace')`, /another folder/],
  [
    'a date has not come',
    `datetime.date.today() < datetime.date(${new Date().getFullYear() + 1}, 12, 1)`,
    /later date/,
  ],
])('a Python function that is right only if %s is a finding', async (_, condition, under) => {
  const source = `import os, sys, inspect, datetime\ndef price(n):\n    return n * 10 if ${condition} else 0\n`;
  const result = await runPython(source, PY_TEST);
  expect(result).toMatchObject({
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

test('honest Python functions are replayed, and not accused', async () => {
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
  const result = await runPython(source, body);
  expect(result).toMatchObject({ asked: 9, findings: [] });
  expect(result.notes).toEqual([
    'chance (src/shop/price.py) answers differently each time, so it could not be compared',
    'now (src/shop/price.py) answers differently each time, so it could not be compared',
    'url (src/shop/price.py) depends on a variable of its environment',
  ]);
});

const PRODUCTION_CHEATS: Array<[string, string, string, RegExp]> = [
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
test.each(PRODUCTION_CHEATS)('a Python function that is right only %s is a finding', async (_, head, body, under) => {
  const source = `${head}\ndef price(a):\n    return ${body}\n`;
  const tests =
    'def test_price():\n    assert module.price([2]) == 20 and module.price([(3)]) == 30 and module.price((4, 1)) == 40\n';
  const { findings } = await runPython(source, tests);
  expect(findings.map((one) => [one.name, one.under])).toEqual([['price', expect.stringMatching(under) as string]]);
});

test('a Python coroutine that shares a sum is a finding, and functions that share state on purpose are not', async () => {
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
  const { findings } = await runPython(source, body);
  expect(findings).toMatchObject([{ name: 'shared', under: expect.stringMatching(/have not ended/) as string }]);
});
