/** Tests how trees are changed, read, searched and checked out, on real git. */
import {
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
  chmodSync,
  existsSync,
} from 'node:fs';
import { join } from 'node:path';
import type { TreeAt } from '../../../src/ports/workspace';
import { gitIn, makePlace, makeUpstream } from './git-fixture';
import { verifies } from '../../requirements/verifies';

let place: ReturnType<typeof makePlace>;
let base: TreeAt;
const build = { projectId: 'shop', buildId: 'b1' };

beforeEach(async () => {
  place = makePlace();
  const path = makeUpstream(place.folder, (folder) => {
    mkdirSync(join(folder, 'src'));
    writeFileSync(join(folder, 'src/a.txt'), 'alpha\n-needle here\n');
    writeFileSync(join(folder, 'run.sh'), '#!/bin/sh\n');
    chmodSync(join(folder, 'run.sh'), 0o755);
    writeFileSync(join(folder, 'image.bin'), Buffer.from([0, 1, 2, 255]));
    writeFileSync(join(folder, '.gitattributes'), '* filter=evil diff=evil text eol=crlf\n');
    symlinkSync('src/a.txt', join(folder, 'inside'));
    symlinkSync('/etc/passwd', join(folder, 'outside'));
    symlinkSync('src', join(folder, 'dirlink'));
  });
  base = { ...build, ...(await place.workspace.prepare({ ...build, repository: { path } })) };
});
afterEach(() => place.remove());

test('a change writes and deletes its files, modes stay, and other files do not change', async () => {
  const changes = [
    { path: 'run.sh', content: '#!/bin/sh\nexit 0\n' },
    { path: 'new/deep/file.txt', content: 'ümlaut' },
    { path: 'src/a.txt', content: null },
  ];
  const draft = await place.workspace.apply(base, changes, 'work');
  const changedFiles = await place.workspace.changes(build, base.commit, draft.commit);
  expect(changedFiles.map((file) => file.path).sort()).toEqual(['new/deep/file.txt', 'run.sh', 'src/a.txt']);
  const at = { ...build, commit: draft.commit };
  expect(await place.workspace.read(at, 'new/deep/file.txt')).toBe('ümlaut');
  const folder = join(place.folder, 'out');
  mkdirSync(folder);
  await place.workspace.checkout(at, folder);
  expect(lstatSync(join(folder, 'run.sh')).mode & 0o777).toBe(0o755);
  expect(existsSync(join(folder, 'src'))).toBe(false);
});

test('one change may replace a file by a folder of the same name', async () => {
  const draft = await place.workspace.apply(
    base,
    [
      { path: 'run.sh/main', content: 'x' },
      { path: 'run.sh', content: null },
    ],
    'm',
  );
  expect(await place.workspace.read({ ...build, commit: draft.commit }, 'run.sh/main')).toBe('x');
});

verifies('6.4');
test.each([
  ['.git/config', 'git directory'],
  ['../x', '".."'],
  ['inside', 'symbolic link'],
  ['outside', 'symbolic link'],
  ['dirlink/x.txt', 'not a folder'],
  ['run.sh/x', 'not a folder'],
  ['src', 'is a folder'],
])('writing %j is refused', async (path, reason) => {
  const refusal = place.workspace.apply(base, [{ path, content: 'x' }], 'm');
  await expect(refusal).rejects.toMatchObject({ type: 'Workspace.PathRefused' });
  await expect(refusal).rejects.toThrow(reason);
});

test('a path that is a file and a folder in one change is refused', async () => {
  const changes = [
    { path: 'x', content: '1' },
    { path: 'x/y', content: '2' },
  ];
  await expect(place.workspace.apply(base, changes, 'm')).rejects.toMatchObject({ type: 'Workspace.PathRefused' });
});

test('deleting a file that does not exist is no error', async () => {
  const { commit } = await place.workspace.apply(base, [{ path: 'no', content: null }], 'm');
  expect(await place.workspace.list({ ...base, commit })).toEqual(await place.workspace.list(base));
});

test('a file above 1 MiB and a change above 20 MiB are too large', async () => {
  const file = (n: number, bytes: number) => ({ path: `f${n}`, content: 'x'.repeat(bytes) });
  await expect(place.workspace.apply(base, [file(1, 1024 * 1024 + 1)], 'm')).rejects.toMatchObject({
    type: 'Workspace.TooLarge',
  });
  const files = Array.from({ length: 21 }, (_, n) => file(n, 1024 * 1024));
  await expect(place.workspace.apply(base, files, 'm')).rejects.toMatchObject({ type: 'Workspace.TooLarge' });
});

test('list returns regular files with sizes', async () => {
  const files = await place.workspace.list(base);
  expect(files.map(({ path }) => path)).toEqual(['.gitattributes', 'image.bin', 'run.sh', 'src/a.txt']);
  expect(files.find(({ path }) => path === 'image.bin')?.bytes).toBe(4);
});

test.each(['nosuch', 'src', 'inside', '../../etc/passwd', 'image.bin', '.git/HEAD', '*', ':(glob)**'])(
  'reading %j is refused',
  async (path) => {
    await expect(place.workspace.read(base, path)).rejects.toMatchObject({ type: 'Workspace.PathRefused' });
  },
);

test('search takes any text literally, also a text that looks like an option', async () => {
  expect(await place.workspace.search(base, '-needle')).toEqual([{ path: 'src/a.txt', line: 2, text: '-needle here' }]);
  expect(await place.workspace.search(base, '--open-files-in-pager=touch x')).toEqual([]);
  expect(await place.workspace.search(base, '.*')).toEqual([]);
});

test('the list of files with a text has no limit, while a search has one', async () => {
  const files = Array.from({ length: 600 }, (_, index) => ({ path: `many/${index}.txt`, content: 'a word\n' }));
  const { commit } = await place.workspace.apply(base, files, 'many');
  const at = { ...base, commit };
  expect(await place.workspace.search(at, 'a word')).toHaveLength(500);
  expect(await place.workspace.filesWith(at, 'a word')).toHaveLength(600);
  expect(await place.workspace.filesWith(at, 'no such word')).toEqual([]);
});

test('checkout writes exact bytes in spite of .gitattributes, and no link to outside', async () => {
  const folder = join(place.folder, 'out');
  mkdirSync(folder);
  await place.workspace.checkout(base, folder);
  expect(readdirSync(folder).sort()).toEqual(['.gitattributes', 'dirlink', 'image.bin', 'inside', 'run.sh', 'src']);
  expect(readFileSync(join(folder, 'inside'), 'utf8')).toBe('alpha\n-needle here\n');
  expect([...readFileSync(join(folder, 'image.bin'))]).toEqual([0, 1, 2, 255]);
  await expect(place.workspace.checkout(base, folder)).rejects.toThrow('not empty');
});

test('diff is unified text, and a very long one is cut with a mark', async () => {
  const smallChange = await place.workspace.apply(base, [{ path: 'src/a.txt', content: 'beta\n' }], 'm');
  const text = await place.workspace.diff(build, base.commit, smallChange.commit);
  expect(text).toContain('-alpha\n');
  expect(text).toContain('+beta\n');
  const line = `${'y'.repeat(99)}\n`;
  const large = Array.from({ length: 3 }, (_, n) => ({ path: `big${n}`, content: line.repeat(9_000) }));
  const bigChange = await place.workspace.apply(base, large, 'm');
  const cutDiff = await place.workspace.diff(build, base.commit, bigChange.commit);
  expect(cutDiff.length).toBeLessThan(1024 * 1024 + 200);
  expect(cutDiff).toContain('[cut: ');
});

test('a submodule cannot be written to and is not checked out', async () => {
  const repository = join(place.root, 'shop.git');
  const cacheinfo = `160000,${'1'.repeat(40)},sub`;
  gitIn(repository, 'read-tree', base.commit);
  gitIn(repository, 'update-index', '--add', '--cacheinfo', cacheinfo);
  const commit = gitIn(repository, 'commit-tree', gitIn(repository, 'write-tree'), '-m', 'with submodule');
  const at = { ...build, commit };
  await expect(place.workspace.apply(at, [{ path: 'sub', content: 'x' }], 'm')).rejects.toThrow('submodule');
  await expect(place.workspace.apply(at, [{ path: 'sub/x', content: 'x' }], 'm')).rejects.toThrow('not a folder');
  const folder = join(place.folder, 'out');
  mkdirSync(folder);
  await place.workspace.checkout(at, folder);
  expect(readdirSync(folder)).not.toContain('sub');
});
