/** Tests that names, bytes, line ends and modes are preserved, on real git (R13). */
import { execFileSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyTree } from '../../../src/adapters/machine/copy-tree';
import { folderUse } from '../../../src/adapters/machine/usage';
import type { FileChange, TreeAt } from '../../../src/ports/workspace';
import { makePlace, makeUpstream } from './git-fixture';

let place: ReturnType<typeof makePlace>;
let base: TreeAt;
const build = { projectId: 'shop', buildId: 'b1' };
const latin1 = (text: string) => Buffer.from(text, 'latin1');
const ODD_NAMES = ['na\xefve', 'na\xeeve', 'd\xe9p\xf4t/caf\xe9.txt'];

beforeEach(async () => {
  place = makePlace();
  const path = makeUpstream(place.folder, (folder) => {
    const write = (name: string, bytes: string | Buffer) =>
      writeFileSync(Buffer.from(join(folder, name), 'latin1'), bytes);
    mkdirSync(Buffer.from(join(folder, 'd\xe9p\xf4t'), 'latin1'));
    for (const name of ODD_NAMES) write(name, `of ${name.length}\n`);
    write('two\nlines.txt', 'of two lines\n');
    write('letter.txt', latin1('caf\xe9\nna\xefve\n'));
    write('crlf.txt', Array.from({ length: 500 }, (_, n) => `line ${n}\r\n`).join(''));
    write('mixed.txt', 'a\r\nb\nc\r\nd\n');
    writeFileSync(join(folder, 'mark.txt'), '\ufeffone\r\ntwo\r\n');
    write('run.sh', '#!/bin/sh\n');
    chmodSync(join(folder, 'run.sh'), 0o755);
  });
  base = { ...build, ...(await place.workspace.prepare({ ...build, repository: { path } })) };
});
afterEach(() => place.remove());

async function change(at: TreeAt, ...changes: FileChange[]): Promise<TreeAt> {
  return { ...build, ...(await place.workspace.apply(at, changes, 'm')) };
}
const changedFiles = async (to: TreeAt) => place.workspace.changes(build, base.commit, to.commit);
const bytesAt = (at: TreeAt, path: string) =>
  execFileSync('git', [`--git-dir=${join(place.root, 'shop.git')}`, 'cat-file', 'blob', `${at.commit}:${path}`]);
async function checkOut(at: TreeAt): Promise<string> {
  const folder = join(place.folder, `out-${Math.random()}`);
  mkdirSync(folder);
  await place.workspace.checkout(at, folder);
  return folder;
}
const namesIn = (folder: string) =>
  execFileSync('find', ['.', '-mindepth', '1', '-printf', '%P\\0'], { cwd: folder, encoding: 'latin1' })
    .split('\0')
    .slice(0, -1);

test('R13: latin-1 names are listed, read, searched, checked out and copied, each under its own bytes', async () => {
  const files = (await place.workspace.list(base)).map(({ path }) => path);
  expect(files).toEqual(expect.arrayContaining(['na\\xefve', 'na\\xeeve', 'd\\xe9p\\xf4t/caf\\xe9.txt']));
  expect(await place.workspace.read(base, 'd\\xe9p\\xf4t/caf\\xe9.txt')).toBe('of 14\n');
  const hits = await place.workspace.search(base, 'of 14');
  expect(hits).toEqual([{ path: 'd\\xe9p\\xf4t/caf\\xe9.txt', line: 1, text: 'of 14' }]);
  const twoLineHits = await place.workspace.search(base, 'two lines');
  expect(twoLineHits).toEqual([{ path: 'two\nlines.txt', line: 1, text: 'of two lines' }]);
  expect(await place.workspace.filesWith(base, 'two lines')).toEqual(['two\nlines.txt']);
  const texts = await place.workspace.contents(base, ['na\\xeeve']);
  expect(texts.get('na\\xeeve')).toBe('of 5\n');
  const folder = await checkOut(base);
  expect(namesIn(folder)).toEqual(expect.arrayContaining(ODD_NAMES));
  await copyTree(folder, join(place.folder, 'copy'));
  expect(namesIn(join(place.folder, 'copy')).sort()).toEqual(namesIn(folder).sort());
  const use = await folderUse(folder, { bytes: Infinity, files: Infinity });
  expect(use.files).toBe(namesIn(folder).length);
  expect(use.bytes).toBeGreaterThanOrEqual(8 * 512);
});

test('R13: a file with a latin-1 name can be changed, added and deleted, and has the same name everywhere', async () => {
  const at = await change(
    base,
    { path: 'na\\xefve', content: 'new\n' },
    { path: 'na\\xeeve', content: null },
    { path: '\\xfc.txt', content: 'new too\n' },
  );
  const names = ['\\xfc.txt', 'na\\xeeve', 'na\\xefve'];
  expect((await changedFiles(at)).map(({ path }) => path).sort()).toEqual(names);
  const ids = await place.workspace.contentChanges(build, base.commit, at.commit);
  expect(ids.map(({ path }) => path).sort()).toEqual(names);
  const { lines } = await place.workspace.addedLines(build, base.commit, at.commit);
  expect(lines).toEqual([
    { path: 'na\\xefve', line: 1, text: 'new' },
    { path: '\\xfc.txt', line: 1, text: 'new too' },
  ]);
  expect(await place.workspace.diff(build, base.commit, at.commit)).toContain('+++ b/na\\xefve\n');
  const folder = await checkOut(at);
  expect(namesIn(folder)).toEqual(expect.arrayContaining(['na\xefve', '\xfc.txt']));
  expect(namesIn(folder)).not.toContain('na\xeeve');
});

test('R13: a name that escapes a normal character, a slash or a dot as bytes is refused', async () => {
  for (const path of ['\\xc3\\xa9', '..\\x2fx', '\\x2egit/config', 'a\\x5cb', 'a\\b', '\\xEF']) {
    await expect(change(base, { path, content: 'x' })).rejects.toMatchObject({ type: 'Workspace.PathRefused' });
  }
});

test('R13: a latin-1 file keeps its bytes when one line is added', async () => {
  expect(await place.workspace.readFile(base, 'letter.txt')).toEqual({
    ...{ text: 'café\nnaïve\n', encoding: 'latin-1', bytes: 11 },
  });
  const at = await change(base, { path: 'letter.txt', content: 'café\nnaïve\nÜber\n' });
  expect(bytesAt(at, 'letter.txt')).toEqual(latin1('caf\xe9\nna\xefve\n\xdcber\n'));
  expect(await changedFiles(at)).toMatchObject([{ path: 'letter.txt', added: 1, removed: 0 }]);
  expect(await place.workspace.diff(build, base.commit, at.commit)).toContain('\n+Über\n');
  const { lines } = await place.workspace.addedLines(build, base.commit, at.commit);
  expect(lines).toEqual([{ path: 'letter.txt', line: 3, text: 'Über' }]);
  expect(await place.workspace.search(at, 'Über')).toEqual([{ path: 'letter.txt', line: 3, text: 'Über' }]);
});

test('R13: a character that latin-1 lacks is refused with its line and the remedy', async () => {
  const refusal = change(base, { path: 'letter.txt', content: 'café\n10 €\n' });
  await expect(refusal).rejects.toMatchObject({ type: 'Workspace.PathRefused' });
  await expect(refusal).rejects.toThrow(/line 2 .*"€" \(U\+20AC\).*base64/);
});

test('R13: a CRLF file of 500 lines that a role writes with LF differs only in the changed lines', async () => {
  const text = (await place.workspace.read(base, 'crlf.txt')).replaceAll('\r\n', '\n').replace('line 250', 'other');
  const at = await change(base, { path: 'crlf.txt', content: `${text}one more\n` });
  expect(await changedFiles(at)).toMatchObject([{ path: 'crlf.txt', added: 2, removed: 1 }]);
  expect(bytesAt(at, 'crlf.txt').toString()).toMatch(/other\r\n[^]*\r\none more\r\n$/);
});

test('R13: line ends of a text with a CR are kept as written', async () => {
  const at = await change(base, { path: 'crlf.txt', content: 'a\r\nb\n' });
  expect(bytesAt(at, 'crlf.txt').toString()).toBe('a\r\nb\n');
});

test('R13: in a file with both line ends, unchanged lines keep theirs', async () => {
  const at = await change(base, { path: 'mixed.txt', content: 'a\nb\nnew\nc\nd\n' });
  expect(bytesAt(at, 'mixed.txt').toString()).toBe('a\r\nb\nnew\r\nc\r\nd\n');
});

test('R13: a byte order mark is kept, with or without one in the new text', async () => {
  for (const content of ['one\ntwo\nthree\n', '\ufeffone\ntwo\nthree\n']) {
    const at = await change(base, { path: 'mark.txt', content });
    expect(bytesAt(at, 'mark.txt').toString()).toBe('\ufeffone\r\ntwo\r\nthree\r\n');
  }
});

test('R13: a 755 file that is deleted and written again steps later keeps its mode, unless the change gives another', async () => {
  const deletion = await change(base, { path: 'run.sh', content: null });
  const rewrite = await change(deletion, { path: 'run.sh', content: '#!/bin/sh\nexit 0\n' });
  expect(lstatSync(join(await checkOut(rewrite), 'run.sh')).mode & 0o777).toBe(0o755);
  const plainRewrite = await change(deletion, { path: 'run.sh', content: '#!/bin/sh\n', executable: false });
  expect(lstatSync(join(await checkOut(plainRewrite), 'run.sh')).mode & 0o777).toBe(0o644);
});

test('R13: a new script is executable only if the change says so', async () => {
  const script = '#!/bin/sh\n';
  const at = await change(
    base,
    { path: 'bin/run.sh', content: script, executable: true },
    { path: 'bin/other.sh', content: script },
  );
  const folder = await checkOut(at);
  expect(lstatSync(join(folder, 'bin/run.sh')).mode & 0o777).toBe(0o755);
  expect(lstatSync(join(folder, 'bin/other.sh')).mode & 0o777).toBe(0o644);
});

test('B.5: a binary file given as base64 is written with its exact bytes', async () => {
  const bytes = Buffer.from([0, 255, 13, 10, 239, 187, 191]);
  const at = await change(base, { path: 'logo.png', content: null, base64: bytes.toString('base64') });
  expect(readFileSync(join(await checkOut(at), 'logo.png'))).toEqual(bytes);
});

test.each([
  [{ content: 'x', base64: 'eA==' }, 'both content and base64'],
  [{ content: null, base64: 'eA=' }, 'not valid'],
  [{ content: null, base64: 'e A==' }, 'not valid'],
  [{ content: null, executable: true }, 'is deleted'],
])('B.5: the change %j is refused with the reason', async (changedContent, reason) => {
  await expect(change(base, { path: 'run.sh', ...changedContent })).rejects.toThrow(reason);
});

test('M12: a text with half a character is refused with its position, and so is such a path', async () => {
  const refusal = change(base, { path: 'x.txt', content: 'one\ntwo \udc00\n' });
  await expect(refusal).rejects.toMatchObject({ type: 'Workspace.PathRefused' });
  await expect(refusal).rejects.toThrow(/half a character \(a lone surrogate\) at line 2, character 5/);
  await expect(change(base, { path: 'x\ud83d.txt', content: '' })).rejects.toThrow(/not valid Unicode/);
  expect(await place.workspace.list({ ...base })).not.toContainEqual(expect.objectContaining({ path: 'x.txt' }));
});
