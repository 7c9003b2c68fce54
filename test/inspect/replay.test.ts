/** Finds the exported functions of a file, adds the recorder to it, and reads the records. */
import { futureDates } from '../../src/inspect/replay/dates';
import { jsExports } from '../../src/inspect/replay/js-exports';
import { readAnswers, readGroups } from '../../src/inspect/replay/read-record';
import { recordingOf } from '../../src/inspect/replay/variant';

const exportsOf = (text: string) => jsExports(text).functions.map(({ local, name }) => `${local} as ${name}`);

test.each([
  [`export function f() {}`, ['f as f']],
  [`export async function f() { return function g() {}; }`, ['f as f']],
  [`export function* f() {}`, []],
  [`export default function f() {}`, ['f as default']],
  [`export default function () {}`, []],
  [`export const f = (n) => n, g = 1;`, ['f as f']],
  [`export const f = n => n`, ['f as f']],
  [`export const f = async () => {}`, ['f as f']],
  [`export const f: (a: string) => void = () => {};`, ['f as f']],
  [`export const f = 1; export const o = { f() {} };`, []],
  [`function f() {}\nexport { f as g, x }`, ['f as g']],
  [`const f = () => {}\nexport default f\n`, ['f as default']],
  [`const f = () => {}\nexport default f(1)\n`, []],
  [`export { f } from './f'; export * from './g';`, []],
  [`import { f } from './f';\nexport { f };`, []],
  [`export class A { f() {} }`, []],
  [`export type F = () => void; export interface G { f(): void }`, []],
  [`// export function f() {}\nconst text = \`export function g() {}\`;`, []],
  [`if (x) { function f() {} }\nexport { f };`, []],
])('%s', (text, names) => expect(exportsOf(text)).toEqual(names));

test('the recorder moves no line', () => {
  const text = `const f = () => 1;\nexport default\n  f;\nlast();`;
  const { text: recorded } = recordingOf({ path: 'a.js', text }, { recorders: { js: '', python: '' }, folder: '/r' });
  const lines = recorded?.split('\n') ?? [];
  expect(lines[0]).toBe('let   f = () => 1;');
  expect(lines[3]).toBe('last();');
});

test('modules and scripts are distinguished, and a note says why other files are not recorded', () => {
  const record = (path: string, text: string) =>
    recordingOf({ path, text }, { recorders: { js: '', python: '' }, folder: '/r' });
  expect(record('a.js', 'exports.f = () => 1;').text).toContain('wrapAll(module)');
  expect(record('a.js', 'export function f() {}').text).toContain(`.wrap(f, "f")`);
  expect(record('a.js', `const x = import('y'); module.exports = x`).text).toContain('wrapAll(module)');
  expect(record('a.go', 'package a')).toMatchObject({ text: null, note: expect.stringMatching(/language/) as string });
  expect(record('a.d.ts', 'export function f(): void')).toMatchObject({ text: null, note: null });
  expect(record('a.py', 'x = 1')).toMatchObject({ text: null, note: expect.stringMatching(/no function/) as string });
  expect(record('ä😀.py', 'def f(): pass').text).toContain('"\\U000000e4\\U0001f600.py"');
});

const NOW = Date.UTC(2026, 5, 1);
test.each([
  [`until('2026-12-24')`, 1],
  [`new Date(2027, 0, 1)`, 1],
  [`datetime.date(2027, 1, 1)`, 1],
  [`now < 1_900_000_000_000`, 1],
  [`now < 1900000000`, 1],
  [`date.getFullYear() > 2026`, 1],
  [`new Date('2020-01-01')`, 0],
  [`const port = 2048;`, 0],
  [`// until 2027-01-01`, 0],
  [`const text = 'of 2027-01-01 or so, perhaps';`, 0],
])('%s contains %s future dates', (text, count) => expect(futureDates(text, NOW)).toHaveLength(count));

test('malformed records are skipped', () => {
  const head = JSON.stringify({ group: 'a', argv: ['node'], cwd: '/workspace', env: { A: 'x', B: 1 } });
  const call = { group: 'a', path: 'f.js', kind: 'esm', name: 'f', instance: 1, n: 2, args: '[]', answer: 'value 1' };
  const lines = [
    head,
    call,
    { ...call, n: 1 },
    { ...call, path: 'g.js' },
    { ...call, instance: 2, n: 3 },
    { n: 1 },
    null,
  ];
  const text = [...lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))), '{"cut'].join('\n');
  const again = text.replaceAll('"group":"a"', '"group":"b"');
  const [group, ...rest] = readGroups([text, again], new Set(['f.js']));
  expect(group).toMatchObject({ env: { A: 'x' }, calls: [{ n: 1 }, { n: 2 }] });
  expect(rest).toEqual([]);
});

test('a report with two answers to one call is rejected', () => {
  expect(readAnswers('{"n":1,"answer":"value 1"}\n')).toEqual(new Map([[1, 'value 1']]));
  expect(readAnswers('{"n":1,"answer":"value 1"}\n{"n":1,"answer":"value 2"}\n')).toBeUndefined();
});
