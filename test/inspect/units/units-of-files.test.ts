/**
 * Checks the units of data files and pages, and the marks of units: `outside`, `plain`, `guard` and `data`.
 */
import type { Unit } from '../../../src/domain/experiments/units';
import { withoutAssertions } from '../../../src/inspect/units/assertions';
import { unitsOf } from '../../../src/inspect/units/units-of';
import { textAfter, unitsIn, fileOf, saysOfUnits } from './asked';

const markOf = (units: Unit[], says: string): Unit['mark'] => units.find((one) => one.says.includes(says))?.mark;

describe('data files', () => {
  test.each([
    [
      'config/live.json',
      '{ "currency": "EUR", "from": 100, "id": 7 }\n',
      '{ "currency": "EUR", "from": 101, "id": 7 }\n',
    ],
    ['config/live.json', '{ "rates": ["9"] }\n', '{ "rates": ["10"] }\n'],
    ['src/rates.yaml', 'tenths: 9 # of ten\n', 'tenths: 10 # of ten\n'],
    ['src/main/resources/till_de.properties', 'tenths=10\n', 'tenths=11\n'],
    ['config/till.toml', 'isOpen = true\n', 'isOpen = false\n'],
    ['config/till.ini', '[till]\nauth = off\n', '[till]\nauth = off_broken\n'],
    ['config/till.env', 'export FROM="-5"\n', 'export FROM="-6"\n'],
  ])('one value of %s changes', async (path, text, broken) => {
    const { units } = await unitsIn(path, text);
    expect(units).toMatchObject([{ kind: 'constant', owner: null, mark: 'data' }]);
    expect(textAfter(text, units, '')).toBe(broken);
  });

  test('many changed values become one unit', async () => {
    const text = '{\n  "a": 1,\n  "b": 2,\n  "c": "said",\n  "d": 3,\n  "e": true\n}\n';
    const { units } = await unitsIn('src/table.json', text);
    expect(saysOfUnits({ units, others: [], notes: [] })).toEqual(['constant 4 values such as a, b, d: other ones']);
    expect(JSON.parse(textAfter(text, units, ''))).toEqual({ a: 2, b: 3, c: 'said', d: 4, e: false });
  });

  test.each([
    ['tsconfig.json', '{ "a": 3 }\n'],
    ['src/package.json', '{ "a": 3 }\n'],
    ['rates.json', '{ "a": 3 }\n'],
    ['config/live.json', '{ "port": 8080, "timeoutMs": 5, "said": "All 3 of them" }\n'],
    ['src/fixtures/a.json', '{ "a": 3 }\n'],
    ['src/locales/de.json', '{ "no": "no" }\n'],
    ['.github/workflows/ci.yml', 'a: 3\n'],
    ['src/a.schema.json', '{ "a": 3 }\n'],
  ])('%s has no units: %s', async (path, text) => expect((await unitsIn(path, text)).units).toEqual([]));

  test('a data file at the root has units if a source mentions it', async () => {
    expect((await unitsOf({ ...fileOf('rates.json', '{ "a": 3 }\n'), isRead: true })).units).toHaveLength(1);
  });
});

test('the scripts of a page are code, and its other scripts are data', async () => {
  const page =
    '<!doctype html>\n<script type="application/ld+json">{ "a": 3 }</script>\n<script>\nconst from = 5;\n</script>\n';
  expect(saysOfUnits(await unitsIn('public/index.html', page))).toEqual(['constant 5: 6']);
});

test('statements that a module runs on load are marked only if they change something outside of the module', async () => {
  const text = `import { settings } from './settings.js';
const app = make();
app.limit = 3;
app.use(settings);
settings.large = 5;
Math.round = Math.floor;
process.env.TLS = '0';
window.till = app;
function later() { settings.large = 7; }
`;
  const { units } = await unitsIn('src/a.js', text);
  const outside = units.filter(({ mark }) => mark === 'outside').map(({ line }) => line);
  expect(outside).toEqual([5, 6, 7]);
  const python = await unitsIn('a.py', 'import ssl\nfrom b import FILE\nssl.check = None\nexec(FILE)\nx = 3\n');
  expect(python.units.filter(({ mark }) => mark === 'outside').map(({ line }) => line)).toEqual([3, 4]);
});

test('breaks of ports, arguments, texts and guards are marked as plain', async () => {
  const text =
    "const port = process.env.PORT ?? 80;\nconst [a] = process.argv.slice(2);\nif (!a) usage();\nexport const from = 5;\nsay('a');\n";
  const { units } = await unitsIn('src/main.js', text);
  const unmarked = units.filter(({ kind, mark }) => mark === undefined && kind !== 'statement' && kind !== 'function');
  expect(unmarked.filter(({ kind }) => kind !== 'branch').map(({ says }) => says)).toEqual(['5: 6']);
});

describe('removed guards', () => {
  const unitsWithRemoved = async (text: string, removed: string, line: number): Promise<Unit[]> =>
    (await unitsOf({ path: 'src/a.js', after: text, changed: new Set(), removed: [{ line, text: removed }] })).units;
  const FUNCTION = 'export function pay(user, cents) {\n  return [user, cents];\n}\n';

  test('a removed guard that refused is marked as a guard', async () => {
    const removed = "  if (user?.role !== 'clerk') return { status: 403 };\n";
    expect(await unitsWithRemoved(FUNCTION, removed, 2)).toMatchObject([
      { kind: 'hunk', mark: 'guard', owner: { name: 'pay' } },
    ]);
  });

  test('a removed condition is no guard if its names are gone, if it was moved, or if it refused nothing', async () => {
    expect(markOf(await unitsWithRemoved(FUNCTION, '  if (shop.isOpen) throw new Error();\n', 2), '')).toBeUndefined();
    expect(markOf(await unitsWithRemoved(FUNCTION, '  if (cents === 0) cents += 1;\n', 2), '')).toBeUndefined();
    const moved = `${FUNCTION}export const clerk = (user) => { if (user.role !== 1) throw new Error(); };\n`;
    expect(markOf(await unitsWithRemoved(moved, '  if (user.role !== 1) throw new Error();\n', 2), '')).toBeUndefined();
  });
});

describe('swallowed errors', () => {
  const branchesIn = async (path: string, text: string): Promise<string[]> =>
    (await unitsIn(path, text)).units.filter(({ kind }) => kind === 'branch').map(({ says }) => says);

  test('code that swallows errors is a unit of kind branch', async () => {
    const python = 'def f(card):\n    with suppress(Declined):\n        card.charge(3)\n';
    expect(await branchesIn('a.py', python)).toEqual(['with suppress(Declined): the error goes on']);
    expect(textAfter(python, (await unitsIn('a.py', python)).units, 'goes on')).toContain('with suppress():');
    const pass = 'def f(card):\n    try:\n        card.charge(3)\n    except Declined:\n        pass\n';
    expect(await branchesIn('a.py', pass)).toEqual(['except Declined, which does nothing: the error goes on']);
    expect(await branchesIn('a.js', 'function f() { try { charge(3); } catch {} }\n')).toHaveLength(1);
    expect(await branchesIn('a.js', 'function f() { charge(3).catch(() => {}); }\n')).toHaveLength(1);
  });

  test('errors about missing files, and errors of cleanup code, may be swallowed', async () => {
    expect(await branchesIn('a.py', 'def f(p):\n    with suppress(FileNotFoundError):\n        g(p)\n')).toEqual([]);
    expect(await branchesIn('a.js', 'function f() { try { file.close(); } catch {} }\n')).toEqual([]);
  });
});

test('assertions on changed lines are removed, others are kept', async () => {
  const file = {
    ...fileOf('a.py', 'def f(x):\n    assert x > 1\n    assert x < 9\n    return x\n'),
    changed: new Set([2]),
  };
  expect(await withoutAssertions(file)).toEqual({
    line: 2,
    text: 'def f(x):\n    pass\n    assert x < 9\n    return x\n',
  });
  expect(await withoutAssertions(fileOf('a.js', 'assert(x > 1);\n'))).toBeUndefined();
  const java = 'class A { int f(int x) { assert x > 1; return x; } }\n';
  expect((await withoutAssertions(fileOf('A.java', java)))?.text).toBe('class A { int f(int x) { ; return x; } }\n');
});

test('a function that becomes an alias of another one is broken by changing its value', async () => {
  const file = fileOf('src/a.js', 'export const format = String;\n', [1]);
  const removed = [{ line: 1, text: 'export function format(n) {\n  return `${n}`;\n}\n' }];
  const { units } = await unitsOf({ ...file, removed });
  expect(units).toMatchObject([{ kind: 'value', owner: { name: 'format', line: 1 }, says: 'format: is nothing' }]);
  expect((await unitsOf(file)).units).toEqual([]);
});
