/** Tests the search of a tree by patterns, on real git (R6). */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TextQuery, TreeAt } from '../../../src/ports/workspace';
import { grepTree } from '../../../src/adapters/workspace/grep';
import { GitError, GitTimeout } from '../../../src/adapters/workspace/git';
import { createRepositories } from '../../../src/adapters/workspace/repository';
import type { ProjectGit } from '../../../src/adapters/workspace/repository';
import { makePlace, makeUpstream } from './git-fixture';

let place: ReturnType<typeof makePlace>;
let base: TreeAt;
const build = { projectId: 'shop', buildId: 'b1' };

beforeAll(async () => {
  place = makePlace();
  const path = makeUpstream(place.folder, (folder) => {
    mkdirSync(join(folder, 'src'));
    const write = (name: string, bytes: string | Buffer) =>
      writeFileSync(Buffer.from(join(folder, name), 'latin1'), bytes);
    write('src/a.js', 'one\ntwo needle\nthree\nfour Needle\nfive\n');
    write('src/crlf.js', 'a needle\r\nb\r\n');
    write('src/b.ts', 'const größe = 1;\n');
    write('letter.txt', Buffer.from('gr\xf6\xdfe z\n', 'latin1'));
    write('na\xefve.txt', 'an odd needle\n');
    write('long.txt', `${'x'.repeat(5_000)}${'😀'.repeat(300)}needle${'y'.repeat(5_000)}\n`);
    write('slow.txt', `${'a'.repeat(5_000)}b\n`);
    write('data.bin', Buffer.from('needle\0\n'));
    write('.gitattributes', '*.js binary\n');
    symlinkSync('src/a.js', join(folder, 'link.js'));
  });
  base = { ...build, ...(await place.workspace.prepare({ ...build, repository: { path } })) };
});
afterAll(() => place.remove());

const DEFAULT_QUERY = { isLiteral: false, ignoreCase: false, context: 0, from: 1, count: 100 };
const grep = (query: Partial<TextQuery> & { pattern: string }) =>
  place.workspace.grep(base, { ...DEFAULT_QUERY, ...query });
async function hitsOf(query: Partial<TextQuery> & { pattern: string }) {
  const answer = await grep(query);
  if (answer.kind === 'refused') throw new Error(answer.reason);
  return answer;
}
const rows = async (query: Partial<TextQuery> & { pattern: string }) =>
  (await hitsOf(query)).lines.map(({ path, line, text, isHit }) => `${path}${isHit ? ':' : '-'}${line} ${text}`);

test('R6: a regular expression finds lines in all text files, whatever attributes and links the tree has', async () => {
  expect(await rows({ pattern: '(?<=\\w )needle$|^a needle' })).toEqual([
    'na\\xefve.txt:1 an odd needle',
    'src/a.js:2 two needle',
    'src/crlf.js:1 a needle',
  ]);
});

test('R6: case can be ignored, and a literal text is not read as a pattern', async () => {
  expect(await rows({ pattern: 'NEEDLE', ignoreCase: true, paths: ['src/a.js'] })).toEqual([
    'src/a.js:2 two needle',
    'src/a.js:4 four Needle',
  ]);
  expect(await rows({ pattern: 'tw. ne', isLiteral: true })).toEqual([]);
  expect(await rows({ pattern: '--open-files-in-pager=touch x', isLiteral: true })).toEqual([]);
  expect(await rows({ pattern: '-O' })).toEqual([]);
});

test('R6: a line near several hits is shown once', async () => {
  expect(await rows({ pattern: 'eedle', context: 1, paths: ['src/a.js'] })).toEqual([
    'src/a.js-1 one',
    'src/a.js:2 two needle',
    'src/a.js-3 three',
    'src/a.js:4 four Needle',
    'src/a.js-5 five',
  ]);
});

test('R6: a page gives the total number of hits', async () => {
  const page = await hitsOf({ pattern: 'needle', from: 2, count: 1 });
  expect(page).toMatchObject({ kind: 'found', hits: 4, files: 4, isWhole: true });
  expect(page.lines).toHaveLength(1);
});

test('R6: letters beyond ASCII are found in UTF-8 and in latin-1, and a dot matches one of them', async () => {
  expect(await rows({ pattern: 'größe' })).toEqual(['letter.txt:1 größe z', 'src/b.ts:1 const größe = 1;']);
  expect(await rows({ pattern: 'gr.ße' })).toEqual(['src/b.ts:1 const größe = 1;']);
  expect(await rows({ pattern: 'GRÖßE', ignoreCase: true, paths: ['src/b.ts'] })).toHaveLength(1);
});

test('R6, M11: only the part around the hit of a long line is shown, and no character is cut', async () => {
  const { lines } = await hitsOf({ pattern: 'needle', paths: ['long.txt'] });
  const [line] = lines;
  expect(line?.text).toContain('needle');
  expect(line?.text.isWellFormed()).toBe(true);
  expect(line?.text.length).toBeLessThanOrEqual(400);
  expect(line).toMatchObject({ length: 10_606, column: expect.any(Number) });
  expect(line?.column).toBeGreaterThan(5_000);
});

test.each([
  ['(a', /missing closing parenthesis/],
  ['', /empty/],
  ['a\nb', /line end/],
  ['a\0b', /NUL/],
  ['(a+)+$', /too many steps/],
])('R6: the pattern %j is refused with the reason', async (pattern, reason) => {
  expect(await grep({ pattern })).toEqual({ kind: 'refused', reason: expect.stringMatching(reason) });
});

/** Runs the repository's git, except for calls for which `errorFor` returns an error. */
async function gitWith(errorFor: (args: string[]) => Error | undefined): Promise<ProjectGit> {
  const real = await createRepositories(place.root).open('shop');
  const call = (...[args, options]: Parameters<ProjectGit>): ReturnType<ProjectGit> => {
    const error = errorFor(args);
    return error === undefined ? real(args, options) : Promise.reject(error);
  };
  return Object.assign(call, { folder: real.folder, elsewhere: real.elsewhere });
}

test('R6: a search that takes too long is ended, and the reason names a remedy', async () => {
  const slowGit = await gitWith((args) => (args.includes('-n') ? new GitTimeout(null, '', 'out of time') : undefined));
  expect(await grepTree(slowGit, base, { ...DEFAULT_QUERY, pattern: 'a+' })).toEqual({
    kind: 'refused',
    reason: expect.stringMatching(/longer than 20 s; write a simpler pattern/),
  });
});

test('R6: an error of git that the pattern did not cause is thrown', async () => {
  const brokenGit = await gitWith((args) =>
    args.includes('-n') ? new GitError(128, 'fatal: bad object', '') : undefined,
  );
  await expect(grepTree(brokenGit, base, { ...DEFAULT_QUERY, pattern: 'a' })).rejects.toBeInstanceOf(GitError);
});

test('R6: a git without PCRE uses extended expressions, and refuses patterns that it would read differently', async () => {
  const flags: string[] = [];
  const message = 'fatal: cannot use Perl-compatible regexes when not compiled with USE_LIBPCRE';
  const call = await gitWith((args) => {
    flags.push(...args.filter((arg) => /^-[PEF]$/.test(arg)));
    return args.includes('-P') ? new GitError(128, message, message) : undefined;
  });
  const answer = await grepTree(call, base, { ...DEFAULT_QUERY, pattern: '(two|four) .eedle' });
  expect(answer).toMatchObject({ kind: 'found', hits: 2 });
  expect(await grepTree(call, base, { ...DEFAULT_QUERY, pattern: '\\d+' })).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('[0-9]'),
  });
  // git was asked for PCRE only once.
  expect(flags).toEqual(['-P', '-E']);
});
