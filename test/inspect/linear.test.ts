/**
 * Checks that readers of repository files need no more than linear time: each text here once took minutes.
 */
import { claimsWithoutEvidence } from '../../src/domain/gates/release-claims';
import type { DeliveredTree } from '../../src/inspect/delivered/tree';
import { findDelivered } from '../../src/inspect/delivered/delivered';
import { alteredHarms } from '../../src/inspect/harm/altered/altered';
import { harmfulLines } from '../../src/inspect/harm/harmful-lines';
import type { HarmKind } from '../../src/inspect/harm/harmed-files';
import { wiringOf } from '../../src/inspect/wiring/wiring';
import { processorMs } from '../processor-time';

const MAX_MS = 4_000;

function many(text: string, chars: number): string {
  return text.repeat(Math.ceil(chars / text.length));
}

function numbered(count: number, line: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => line(at)).join('\n');
}

describe('harmful lines', () => {
  const TEXTS: ReadonlyArray<readonly [what: string, path: string, kind: HarmKind, text: string]> = [
    ['comments of a style sheet that nobody closes', 'a.css', 'style', many('/* a ', 300_000)],
    ['comments of SQL that nobody closes', 'a.sql', 'sql', many('/* a ', 300_000)],
    ['functions of SQL without end', 'a.sql', 'sql', many('CREATE FUNCTION a() SECURITY DEFINER\n', 400_000)],
    [
      'blank lines below an except',
      'a.py',
      'source',
      many(`def is_allowed(a):\n  try: b\n  except E:\n${'\n'.repeat(330)}`, 20_000),
    ],
    [
      'a long name that a lock is given',
      'a.js',
      'source',
      `function withLock(work) { return work(${'a'.repeat(150)} + 1); }\n`,
    ],
    ['calls below a name of a cipher', 'a.py', 'source', `AES\n${many("const a = foo(b, 'c')\n", 800_000)}`],
    [
      'decorators above one line of functions',
      'a.js',
      'source',
      `${many('@a\n', 600_000)}${many('function f(){}', 14_000)}`,
    ],
  ];
  test.each(TEXTS)('%s', async (_what, path, kind, text) => {
    expect(await processorMs(() => harmfulLines(path, text, kind))).toBeLessThan(MAX_MS);
  });

  test('guards of many functions are compared with the old ones in linear time', async () => {
    const text = numbered(40_000, (at) => (at % 2 === 0 ? `function f${at}(a) {` : '  if (a) throw b; }'));
    const change = { changed: new Set([1]), removed: [{ line: 1, text: 'a\n' }] };
    const input = { path: 'a.js', before: text, after: text, change } as Parameters<typeof alteredHarms>[0];
    expect(await processorMs(() => alteredHarms(input))).toBeLessThan(MAX_MS);
  });
});

describe('a completely rewritten file', () => {
  const FILES: ReadonlyArray<readonly [what: string, path: string, before: (at: number) => string, after: string]> = [
    ['calls that were waited for', 'a.js', (at) => `await a${at};`, 'b;'],
    ['addresses that were encrypted', 'a.js', (at) => `get("https://a${at}.example.org");`, 'get("http://b.test");'],
    ['marks that hide', 'a.js', (at) => `redact${at % 9_999}(a${at});`, 'show(b, c);'],
    ['protections', 'a.js', (at) => `requireAuth(user, a${at});`, 'user();'],
    ['escaped values', 'a.js', (at) => `show(escapeHtml(a${at}), b, c);`, 'show(b);'],
    ['decorators', 'a.py', (at) => `@login_required\ndef view${at}(request):`, 'def other(request):'],
    ['published ports', 'compose.yaml', (at) => `- "127.0.0.1:${10 + (at % 60_000)}:80"`, '- "80"'],
    ['questions that refused', 'a.js', (at) => `if (!isValid${at}(a)) return;`, 'b(c);'],
    [
      'guards of one function',
      'a.js',
      (at) => (at === 0 ? 'function f() {' : `  if (a${at}) throw b; c${at}.save(d);`),
      '',
    ],
  ];
  test.each(FILES)('S1: %s', async (_what, path, oldLine, newLine) => {
    const before = numbered(15_000, oldLine);
    const after = numbered(15_000, (at) => (newLine === '' ? oldLine(at) : newLine));
    const change = { changed: new Set(before.split('\n').keys()), removed: [{ line: 1, text: `${before}\n` }] };
    expect(await processorMs(() => alteredHarms({ path, before, after, change }))).toBeLessThan(MAX_MS);
  });

  test('S1: cookie flags in many places of a file are compared in linear time', async () => {
    const lines = (isOn: boolean): string =>
      numbered(20_000, (at) => (at % 2 === 0 ? `cookie(a${at});` : `httpOnly${at % 4 === 1 || isOn ? ': true' : ''}`));
    const removed = Array.from({ length: 5_000 }, (_, at) => ({ line: at * 4 + 4, text: 'httpOnly: true\n' }));
    const change = { changed: new Set(removed.map(({ line }) => line)), removed: removed };
    const input = { path: 'a.js', before: lines(true), after: lines(false), change };
    expect(await processorMs(() => alteredHarms(input))).toBeLessThan(MAX_MS);
  });
});

function treeOf(path: string, before: string, after: string): DeliveredTree {
  return {
    files: [{ path, status: 'modified' }],
    added: after.split('\n').map((text, at) => ({ path, line: at + 1, text })),
    paths: [path, 'src/old.js', 'settings.yaml'],
    after: new Map([
      [path, after],
      ['settings.yaml', 'a: 1'],
      ['test/a.test.js', 'a1: true'],
    ]),
    before: new Map([[path, before]]),
    testCommand: ['npx', 'jest'],
    isBuilt: false,
    asked: { paths: [], text: 'Add a discount.' },
  };
}

describe('what is delivered', () => {
  const lines = (word: string): string => numbered(12_000, (at) => `key${at}: ${word}${at}`);
  const TREES: ReadonlyArray<readonly [what: string, path: string, before: string, after: string]> = [
    [
      'a cluster that is written anew',
      'k8s.yaml',
      `apiVersion: v1\nkind: A\n${lines('a')}`,
      `apiVersion: v1\nkind: A\n${lines('b')}`,
    ],
    ['settings of a release', 'settings.prod.yaml', '', numbered(40_000, (at) => `a${at}: ${at}`)],
    ['a source that is written anew', 'src/a.js', lines('a'), lines('b')],
    ['an image with rows like variables', 'Dockerfile', 'FROM a', numbered(25_000, (at) => `AB${at} b`)],
    [
      'messages with many fields',
      'a.proto',
      `message A {\n${numbered(12_000, (at) => `  string a${at} = ${at};`)}\n}`,
      `message A {\n${numbered(12_000, (at) => `  string b${at} = ${at};`)}\n}`,
    ],
  ];
  test.each(TREES)('%s', async (_what, path, before, after) => {
    expect(await processorMs(() => findDelivered(treeOf(path, before, after)))).toBeLessThan(MAX_MS);
  });

  test('an interface description with very many lines is read in linear time', () => {
    const text = `openapi: 3\nsecurity:\n${many('a:\n', 500_000)}`;
    expect(() => findDelivered(treeOf('openapi.yaml', '', text))).not.toThrow();
  });
});

describe('what goes live', () => {
  const TREES: ReadonlyArray<readonly [what: string, path: string, text: string]> = [
    ['answers that are kept under many names', 'src/a.js', numbered(3_000, (at) => `const a${at} = total(${at});`)],
    ['packages without a main', 'main.go', many('package main\n', 200_000)],
    ['blank lines of Rust', 'src/a.rs', many('\n', 150_000)],
    ['blank lines of an image', 'Dockerfile', `CMD ["node", "gone.js"]\n${many('\n', 150_000)}`],
    ['switches of a file of data', 'settings.json', `{\n${numbered(8_000, (at) => `"a${at}": false,`)}\n"z": 1}`],
  ];
  test.each(TREES)('%s', async (_what, path, text) => {
    expect(await processorMs(() => wiringOf(treeOf(path, '', text)))).toBeLessThan(MAX_MS * 2);
  });
});

test('S1: a crate whose files all change is read in linear time', async () => {
  const paths = Array.from({ length: 20_000 }, (_, at) => `src/m${at % 100}/f${at}.rs`);
  const textOf = (path: string): string => `pub fn ${path.replace(/\W/g, '_')}(a: i32) -> i32 { other(a) }\n`;
  const tree: DeliveredTree = {
    ...treeOf('Cargo.toml', '', ''),
    files: paths.map((path) => ({ path, status: 'modified' })),
    added: paths.map((path) => ({ path, line: 1, text: textOf(path) })),
    paths,
    after: new Map(paths.map((path) => [path, textOf(path)])),
    before: new Map(paths.map((path) => [path, textOf(path).replace('other', 'former')])),
  };
  expect(await processorMs(() => wiringOf(tree))).toBeLessThan(MAX_MS);
});

test('the claims of a long text are read in linear time', async () => {
  expect(await processorMs(() => claimsWithoutEvidence(many('under a load 1 ', 400_000)))).toBeLessThan(MAX_MS);
});
