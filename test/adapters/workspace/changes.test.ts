/** Tests how a change is listed by files and lines, on real git. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TreeAt } from '../../../src/ports/workspace';
import { makePlace, makeUpstream } from './git-fixture';

let place: ReturnType<typeof makePlace>;
let base: TreeAt;
const build = { projectId: 'shop', buildId: 'b1' };
const lines = (count: number) => Array.from({ length: count }, (_, index) => `line ${index}\n`).join('');

beforeEach(async () => {
  place = makePlace();
  const path = makeUpstream(place.folder, (folder) => {
    mkdirSync(join(folder, 'src'));
    writeFileSync(join(folder, 'src/long.txt'), lines(50));
    writeFileSync(join(folder, 'src/old.txt'), 'old\n');
    writeFileSync(join(folder, 'big.bin'), Buffer.alloc(5_000));
    writeFileSync(join(folder, '.gitattributes'), '* -diff -text\n*.txt binary\n');
    symlinkSync('src/old.txt', join(folder, 'link'));
  });
  base = { ...build, ...(await place.workspace.prepare({ ...build, repository: { path } })) };
});
afterEach(() => place.remove());

const change = async (changes: Array<[string, string | null]>, message = 'work') => {
  const files = changes.map(([path, content]) => ({ path, content }));
  return (await place.workspace.apply(base, files, message)).commit;
};

test('added, modified and deleted files have lines, sizes and names; attributes make no file binary', async () => {
  const commit = await change([
    ['src/long.txt', lines(3)],
    ['src/old.txt', null],
    ['src/new ä.txt', 'a\nb\n'],
    ['nul.txt', 'a\0b\n'],
  ]);
  const files = await place.workspace.changes(build, base.commit, commit);
  const rows = files.map(({ path, status, added, removed, binary, linesBefore }) => [
    path,
    status,
    added,
    removed,
    binary,
    linesBefore,
  ]);
  expect(rows).toEqual([
    ['nul.txt', 'added', 0, 0, true, null],
    ['src/long.txt', 'modified', 0, 47, false, 50],
    ['src/new ä.txt', 'added', 2, 0, false, null],
    ['src/old.txt', 'deleted', 0, 1, false, null],
  ]);
  expect(files.map(({ bytes }) => bytes)).toEqual([4, lines(3).length, 4, 0]);
  expect(files[3]).toMatchObject({ before: expect.stringMatching(/^[0-9a-f]{40}$/), after: null });
});

test('the words of a file are counted if most of its lines are removed, and not if a few are', async () => {
  const changedFileWith = async (content: string) => {
    const commit = await change([['src/long.txt', content]]);
    return (await place.workspace.changes(build, base.commit, commit))[0];
  };
  expect(await changedFileWith('')).toMatchObject({
    bytes: 0,
    linesBefore: 50,
    words: { before: 51, after: 0, kept: 0 },
  });
  expect(await changedFileWith('other\n'.repeat(60))).toMatchObject({ words: { before: 51, after: 1, kept: 0 } });
  expect(await changedFileWith(lines(50).replaceAll('line', '  line'))).toMatchObject({
    words: { before: 51, kept: 51 },
  });
  expect(await changedFileWith(lines(49))).not.toHaveProperty('words');
});

test('a line with a secret is removed from the message, and the messages of all commits can be read', async () => {
  const secret = ['hV7fq2Zr', '9LwXk3Td'].join('');
  const commit = await change([['a.txt', 'a\n']], `Connect the till\n\nDB_PASSWORD=${secret}\nThe rest is as it was.`);
  expect(await place.workspace.messages(build, base.commit, commit)).toEqual([
    { commit, message: 'Connect the till\n\nThe rest is as it was.' },
  ]);
});

test('added lines have the right numbers for odd files, names and lines', async () => {
  const commit = await change([
    ['src/long.txt', lines(50).replace('line 9\n', 'line 9\nnew\n--- a/x\n+++ b/y\n@@ -1 +1 @@\n')],
    ['nul.txt', 'a\0b\nsecond'],
    ['quote".txt', 'q\n'],
    ['with space ä.txt', 's\n'],
  ]);
  const { lines: addedLines, isWhole } = await place.workspace.addedLines(build, base.commit, commit);
  expect(isWhole).toBe(true);
  expect(addedLines.map(({ path, line, text }) => `${path}:${line} ${text}`)).toEqual([
    'nul.txt:1 a\0b',
    'nul.txt:2 second',
    'quote".txt:1 q',
    'src/long.txt:11 new',
    'src/long.txt:12 --- a/x',
    'src/long.txt:13 +++ b/y',
    'src/long.txt:14 @@ -1 +1 @@',
    'with space ä.txt:1 s',
  ]);
});

test('commits are listed oldest first, each with its changed paths', async () => {
  const first = await change([['a.txt', '1\n']], 'first');
  const { commit: second } = await place.workspace.apply(
    { ...build, commit: first },
    [{ path: 'b.txt', content: '2\n' }],
    'second',
  );
  expect(await place.workspace.line(build, base.commit, second)).toEqual([
    { commit: first, message: 'first', paths: ['a.txt'] },
    { commit: second, message: 'second', paths: ['b.txt'] },
  ]);
  expect(await place.workspace.line(build, second, second)).toEqual([]);
});

test('contents returns only the texts of regular files', async () => {
  const commit = await change([['nul.txt', 'a\0b']]);
  const paths = ['src/old.txt', 'link', 'nul.txt', 'absent.txt', 'src'];
  expect([...(await place.workspace.contents({ ...build, commit }, paths))]).toEqual([['src/old.txt', 'old\n']]);
});
