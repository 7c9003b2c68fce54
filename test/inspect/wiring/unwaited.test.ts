/** Finds promises that are used as conditions without await, across files, names and parameters: each is always true. */
import { kindOf } from '../../../src/inspect/units/paths';
import { findingsIn } from './wired';

const SIGNED = 'export async function isSigned(text, mark) {\n  return verify(text, mark);\n}\n';
const PY_SIGNED = 'async def is_signed(text):\n    return await verify(text)\n';
const START = "import { book } from './notice.js';\n\nbook(process.argv[2]);\n";
const script = (text: string): Promise<string[]> =>
  findingsIn({
    base: { 'src/signature.js': SIGNED, 'src/main.js': START },
    files: { 'src/notice.js': `import { isSigned } from './signature.js';\n\n${text}` },
  });
const python = (text: string): Promise<string[]> =>
  findingsIn({
    base: { 'till/signature.py': PY_SIGNED, 'till/__main__.py': 'from till.notice import book\n\nbook("a")\n' },
    files: { 'till/notice.py': `from till.signature import is_signed\n\n\n${text}` },
  });

test.each([
  ['export function book(one) {\n  if (!isSigned(one)) throw new Error("no");\n  return one;\n}\n'],
  ['export function book(one, check = isSigned) {\n  if (!check(one)) throw new Error("no");\n  return one;\n}\n'],
  ['export function book(one, { check = isSigned } = {}) {\n  return check(one) ? one : null;\n}\n'],
  ['export const book = (one) => isSigned(one) && one;\n'],
  ['export function book(one) {\n  const ok = isSigned(one);\n  if (!ok) throw new Error("no");\n  return one;\n}\n'],
  ['export function book(one) {\n  if (one.paid && isSigned(one)) return one;\n  return null;\n}\n'],
  ['export function book(all) {\n  return all.filter(isSigned);\n}\n'],
  ['export function book(all) {\n  return all.some(async (one) => one.paid);\n}\n'],
])('a promise as a condition is found: %s', async (text) => {
  expect(await script(text)).toEqual([expect.stringMatching(/a promise always counts as a yes/)]);
});

test.each([
  ['export async function book(one) {\n  if (!(await isSigned(one))) throw new Error("no");\n  return one;\n}\n'],
  ['export function book(one) {\n  return isSigned(one).then((ok) => (ok ? one : null));\n}\n'],
  ['export function book(one) {\n  return isSigned(one);\n}\n'],
  ['export async function book(one, cached) {\n  return cached || isSigned(one);\n}\n'],
  [
    'export async function book(one) {\n  const asked = isSigned(one);\n  if (asked) return await asked;\n  return null;\n}\n',
  ],
  ['export async function book(all) {\n  return (await Promise.all(all.map(isSigned))).every(Boolean);\n}\n'],
  ['export function book(one, isSigned) {\n  return isSigned(one) ? one : null;\n}\n'],
])('no promise as a condition is found: %s', async (text) => {
  const found = await script(text);
  expect(found.filter((one) => one.includes('promise'))).toEqual([]);
});

test.each([
  ['async def book(one):\n    if not is_signed(one):\n        raise ValueError\n    return one\n', 1],
  ['async def book(one, check=is_signed):\n    assert check(one)\n    return one\n', 1],
  ['async def book(one):\n    return one if is_signed(one) else None\n', 1],
  ['async def book(one):\n    if not await is_signed(one):\n        raise ValueError\n    return one\n', 0],
  ['async def book(one):\n    return asyncio.run(is_signed(one))\n', 0],
])('a coroutine of Python: %s', async (text, count) => {
  expect((await python(text)).filter((one) => one.includes('promise'))).toHaveLength(count);
});

test.each([['src/license.ts'], ['src/authors.py'], ['changelog.go'], ['src/dockerfile.ts']])(
  'a source with a name like that of a document is read as a source: %s',
  (path) => {
    expect(kindOf(path)).toMatchObject({ kind: 'tree' });
  },
);
test.each([['LICENSE-MIT'], ['NOTICE'], ['CHANGELOG.md'], ['README.de'], ['Dockerfile.dev'], ['Makefile']])(
  '%s is not read as a source',
  (path) => {
    expect(kindOf(path)).toMatchObject({ kind: 'none' });
  },
);
