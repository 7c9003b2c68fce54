/** Tests tools on a repository of 5,012 files: every file can be reached, and each cut is named (R6, R7, M11). */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { matchGlobs } from '../../../src/activities/tools/globs';
import { LIMIT_CHARS } from '../../../src/inspect/tool-texts/show';
import { openTools } from './tool-context';
import type { Tools } from './tool-context';

const BIG = Array.from({ length: 9_812 }, (_, n) => `export const value${n + 1} = ${n + 1};`).join('\n') + '\n';
/** A cut at 16,000 UTF-16 units, or at any even number after that, is in the middle of a character. */
const HALVES = 'a'.repeat(15_999) + '😀'.repeat(20_000);

let tools: Tools;
beforeAll(async () => {
  tools = await openTools((folder) => {
    for (let i = 0; i < 50; i++) {
      mkdirSync(join(folder, `src/mod${i}`), { recursive: true });
      for (let j = 0; j < 100; j++) {
        const lines = Array.from({ length: 20 }, (_, n) =>
          n === 6 ? `// TODO(mod${i}): tidy file${j}` : `line ${n};`,
        );
        writeFileSync(join(folder, `src/mod${i}/file${j}.js`), `${lines.join('\n')}\n`);
      }
    }
    mkdirSync(join(folder, 'src/big'));
    mkdirSync(join(folder, '.github'));
    const write = (name: string, bytes: string | Buffer) => writeFileSync(join(folder, name), bytes);
    write('src/big/values.js', BIG);
    write('src/big/halves.txt', HALVES);
    write('README.md', 'one\ntwo\n');
    write('.github/ci.yml', 'on: push\n');
    write('crlf.txt', '\ufeffone\r\ntwo\r\nthree');
    write('letter.txt', Buffer.from('caf\xe9\n', 'latin1'));
    write('empty.txt', '');
    for (let n = 0; n < 5; n++) write(`src/util${n}.ts`, `export const util${n} = ${n};\n`);
    symlinkSync('README.md', join(folder, 'LINK.md'));
  }, 'verification_overseer');
});
afterAll(() => tools.close());
afterEach(() => {
  for (const message of tools.messages)
    for (const { output } of message.from === 'tools' ? message.results : []) {
      expect(output.length).toBeLessThanOrEqual(LIMIT_CHARS);
      expect(output.isWellFormed()).toBe(true);
    }
});

/** The call for the next page, as the last line names it. */
function nextCallIn(said: string): { name: string; input: Record<string, unknown> } {
  const [, name = '', input = ''] = /^\[.*?: (\w+) (\{.*?\})(?:; .*)?\]$/.exec(said.split('\n').at(-1) ?? '') ?? [];
  return { name, input: JSON.parse(input) as Record<string, unknown> };
}

test('R6: a folder is listed with its entries, folders first', async () => {
  expect((await tools.use('list')).split('\n')).toEqual([
    './: 2 folders, 5 files',
    '.github/ (1 file)',
    'src/ (5,007 files)',
    'LINK.md (a symbolic link)',
    'README.md 8 bytes',
    'crlf.txt 18 bytes',
    'empty.txt 0 bytes',
    'letter.txt 5 bytes',
  ]);
  expect(await tools.use('list', { folder: './src/big/' })).toBe(
    'src/big/: 0 folders, 2 files\nhalves.txt 95,999 bytes\nvalues.js 301,958 bytes',
  );
});

test('R6: each of 5,000 files that fit a glob is reached page by page', async () => {
  const names = new Set<string>();
  let call = { name: 'list', input: { folder: 'src', glob: 'mod*/*.{js,ts}' } as Record<string, unknown> };
  for (let pages = 0; ; pages++) {
    const said = await tools.use(call.name, call.input);
    const [head, ...rows] = said.split('\n');
    expect(head).toBe('mod*/*.{js,ts}: 5,000 files below src/');
    for (const row of rows) if (!row.startsWith('[')) names.add(row.replace(/ [\d,]+ bytes$/, ''));
    if (!rows.at(-1)?.startsWith('[')) {
      expect(pages).toBe(24);
      break;
    }
    call = nextCallIn(said);
  }
  expect(names.size).toBe(5_000);
  expect(names.has('src/mod49/file99.js')).toBe(true);
});

test.each([
  [{ glob: '**/*.yml' }, '**/*.yml: 1 file\n.github/ci.yml 9 bytes'],
  [{ glob: '*.yml' }, '*.yml: 0 files; **/*.yml looks in all folders below, too'],
  [{ folder: 'nosuch' }, 'error: there is no folder "nosuch"'],
  [{ folder: 'README.md' }, 'error: "README.md" is no folder, but a file; read shows it'],
  [{ folder: 'src', glob: '*.ts', from: 9 }, 'error: there are only 5 lines'],
])('R6: list %j', async (input, said) => {
  expect(await tools.use('list', input)).toBe(said);
});

test('R6: a glob that takes too long is ended with a message for the model', () => {
  const glob = `${'*a'.repeat(40)}b`;
  const long = `${'a'.repeat(200)}`;
  expect(
    matchGlobs(
      [glob],
      Array.from({ length: 50 }, (_, n) => long + n),
      { withFolders: false },
    ),
  ).toEqual({
    problem: expect.stringMatching(/too long/),
  });
  expect(matchGlobs(['a'.repeat(500)], ['a'], { withFolders: false })).toHaveProperty('problem');
});

test('R6: a range of lines is read with their numbers, and the result names the call for the next lines', async () => {
  const said = await tools.use('read', { path: 'src/big/values.js', from: 999, lines: 2 });
  expect(said).toBe(
    [
      'src/big/values.js: lines 999 to 1,000 of 9,812 (301,958 bytes)',
      '999\texport const value999 = 999;',
      '1000\texport const value1000 = 1000;',
      '[lines 1,001 to 9,812 are left out: read {"path":"src/big/values.js","from":1001,"lines":2}]',
    ].join('\n'),
  );
  expect(await tools.use('read', { path: 'src/big/values.js' })).toMatch(
    /^src\/big\/values.js: lines 1 to 400 of 9,812 /,
  );
});

test('R6: the first line of the result names the size and the encoding of the file', async () => {
  expect(await tools.use('read', { path: 'crlf.txt' })).toBe(
    'crlf.txt: lines 1 to 3 of 3 (18 bytes, with a byte order mark, lines end in CRLF, the last line has no end)\n1\tone\n2\ttwo\n3\tthree',
  );
  expect(await tools.use('read', { path: 'letter.txt' })).toMatch(
    /not UTF-8: shown as latin-1, and kept so\)\n1\tcafé$/,
  );
  expect(await tools.use('read', { path: 'empty.txt' })).toBe('empty.txt: lines 0 to 0 of 0 (0 bytes)');
});

test.each([
  [{ path: 'values.js' }, /^error: there is no file "values.js"; of that name there are "src\/big\/values.js"$/],
  [{ path: 'src' }, /^error: "src" is a folder; list shows it$/],
  [{ path: 'LINK.md' }, /^error: .*symbolic link/],
  [{ path: 'README.md', from: 3 }, /^error: README.md has only 2 lines$/],
  [{ path: 'README.md', lines: 2_001 }, /^error: the arguments of read do not fit/],
])('R6: read %j is refused with a hint', async (input, said) => {
  expect(await tools.use('read', input)).toMatch(said);
});

test('M11: a long line is cut at a character, and the rest is shown part by part', async () => {
  let said = await tools.use('read', { path: 'src/big/halves.txt' });
  expect(said).toMatch(/^src\/big\/halves.txt: lines 1 to 1 of 1 /);
  let text = '';
  let call = { name: 'read', input: { path: 'src/big/halves.txt', from: 1, column: 1 } as Record<string, unknown> };
  for (;;) {
    said = await tools.use(call.name, call.input);
    expect(said.isWellFormed()).toBe(true);
    text += said.split('\n')[1]?.replace(/^1\t/, '') ?? '';
    if (!said.includes('\n[')) break;
    call = nextCallIn(said);
  }
  expect(text).toBe(HALVES);
});

test('R7: lines are found by pattern in 5,000 files, counted, and paged', async () => {
  const said = await tools.use('search', { pattern: 'TODO\\(mod\\d+\\): tidy file1?7$', paths: ['src/mod1*/**'] });
  expect(said.split('\n')[0]).toBe('22 hits in 22 files');
  const all = await tools.use('search', { text: 'TODO(' });
  expect(all.split('\n')[0]).toBe('5,000 hits in 5,000 files');
  const next = nextCallIn(all);
  expect(next).toEqual({ name: 'search', input: { text: 'TODO(', from: 101 } });
  const second = await tools.use(next.name, next.input);
  expect(second.split('\n')[1]).not.toBe(all.split('\n')[1]);
  expect(nextCallIn(second).input.from).toBe(201);
});

test('R7: hits are shown with their context, and the next page begins at the right hit', async () => {
  const said = await tools.use('search', { text: 'value1000 ', context: 1, paths: ['src/big'] });
  expect(said).toBe(
    [
      '1 hit in 1 file',
      'src/big/values.js-999- export const value999 = 999;',
      'src/big/values.js:1000: export const value1000 = 1000;',
      'src/big/values.js-1001- export const value1001 = 1001;',
    ].join('\n'),
  );
  const seen = new Set<string>();
  let call = { name: 'search', input: { pattern: 'value\\d+00 ', context: 10 } as Record<string, unknown> };
  for (;;) {
    const page = await tools.use(call.name, call.input);
    for (const row of page.split('\n').filter((one) => /^[^:]+:\d+: /.test(one))) seen.add(row);
    if (!page.split('\n').at(-1)?.startsWith('[')) break;
    call = nextCallIn(page);
  }
  expect(seen.size).toBe(98);
});

test.each([
  [{ pattern: 'a', text: 'b' }, /^error: give either pattern or text/],
  [{}, /^error: give either pattern or text/],
  [{ pattern: '(' }, /^error: the pattern cannot be searched for: .*parenthesis/],
  [{ text: 'x', paths: ['*.nosuch'] }, /^error: no file fits "\*\.nosuch"; \*\*\/ before/],
  [{ text: 'util1', paths: ['src', '!src/*.ts'] }, /^0 hits in 0 files$/],
  [{ text: 'one', paths: ['!**/big/**'] }, /^2 hits in 2 files$/m],
  [{ text: 'nowhere at all' }, /^0 hits in 0 files$/],
  [{ text: 'UTIL1', ignore_case: true, paths: null, context: null }, /^1 hit in 1 file\nsrc\/util1.ts:1: /],
])('R7: search %j', async (input, said) => {
  expect(await tools.use('search', input)).toMatch(said);
});

test('R7: log and blame show the author of each commit and line', async () => {
  expect(await tools.use('log', { path: 'README.md' })).toMatch(
    /^README.md: commits 1 to 1, newest first\n[0-9a-f]{10} \d{4}-\d\d-\d\d Person first$/,
  );
  expect(await tools.use('log', { path: 'nosuch' })).toBe('no commit of the history changed nosuch');
  const said = await tools.use('blame', { path: 'src/big/values.js', from: 12, lines: 1 });
  expect(said).toMatch(
    /^src\/big\/values.js: lines 12 to 12 of 9,812\n[0-9a-f]{10} \S+ Person 12\texport const value12 = 12;\n\[lines 13 /,
  );
  expect(await tools.use('blame', { path: 'README.md', from: 9 })).toBe('error: README.md has only 2 lines');
});

test('R6: the tool result shows an earlier result by its id, also one that was cut', async () => {
  const whole = Array.from({ length: 40_000 }, (_, n) => `row ${n}`).join('\n');
  const { digest } = await tools.artifacts.put(whole);
  const results = (id: string) => (id === 'c9' ? { id, name: 'run', output: 'cut', digest } : undefined);
  const said = await tools.use('result', { id: 'c9', from: 39_999 }, { results });
  expect(said.split('\n').slice(1)).toEqual(['39999\trow 39998', '40000\trow 39999']);
  await tools.use('read', { path: 'README.md' });
  const { id = '' } = tools.messages.flatMap((one) => (one.from === 'tools' ? one.results : [])).at(-1) ?? {};
  expect(await tools.use('result', { id })).toMatch(/^result c\d+: lines 1 to 3 of 3 .*\n1\tREADME.md: lines 1 to 2/);
  expect(await tools.use('result', { id: 'nosuch' })).toMatch(/^error: there is no earlier result/);
});
