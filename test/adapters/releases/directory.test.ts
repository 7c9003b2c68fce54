/** Tests releases to real folders: numbers, the live link, crashes, concurrent deploys. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DocumentStore } from '../../../src/ports/documents';
import { createFileDocuments } from '../../../src/adapters/artifacts/documents';
import { createDirectoryReleases } from '../../../src/adapters/releases/directory';

let place: string;
beforeEach(() => (place = mkdtempSync(join(tmpdir(), 'q-releases-'))));
afterEach(() => rmSync(place, { recursive: true, force: true }));

const root = () => join(place, 'releases');
const documents = () => createFileDocuments(join(place, 'documents'));
const target = (store: DocumentStore = documents()) => createDirectoryReleases({ root: root(), documents: store });
const commitOf = (name: string) => name.padStart(40, '0');

function folderWith(name: string): string {
  const folder = join(place, `built-${name}`);
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), name);
  return folder;
}
const makeOrder = (name: string, changes: { buildId?: string; turn?: number } = {}) => ({
  ...{ projectId: 'shop', buildId: `build-${name}`, turn: 5, id: name, folder: folderWith(name) },
  ...{ commit: commitOf(name), ...changes },
});
const deploy = (name: string, at = target()) => at.deploy(makeOrder(name));
const restore = (id: string, at = target()) => at.restore({ projectId: 'shop', id });
const readPage = () => readFileSync(join(root(), 'shop/current/index.html'), 'utf8');

/** Makes a store that fails at the first write into the collection, as if the process died there. */
function createDyingStore(collection: string): DocumentStore {
  const real = documents();
  const die = (name: string): void => {
    if (name === collection) throw new Error('killed');
  };
  return {
    ...real,
    keepFirst: (name, key, value) => (die(name), real.keepFirst(name, key, value)),
    replace: (name, key, value) => (die(name), real.replace(name, key, value)),
  };
}

test('releases are numbered from 1, the link is relative, and the live release is read from it', async () => {
  expect(await target().live('shop')).toBeNull();
  const first = await deploy('a');
  expect(first).toEqual({
    number: 1,
    id: 'a',
    commit: commitOf('a'),
    folder: join(root(), 'shop/releases/1'),
    previous: null,
    target: 'directory',
    details: {},
  });
  const second = await deploy('b');
  expect(second).toMatchObject({ number: 2, previous: 1 });
  expect(readlinkSync(join(root(), 'shop/current'))).toBe('releases/2');
  expect(await target().live('shop')).toEqual({ release: second, says: 'release 2' });
  expect(readPage()).toBe('b');
});

test('a deploy with the same id returns the first release, also after another release went live', async () => {
  const first = await deploy('a');
  expect(await deploy('a')).toEqual(first);
  await deploy('b');
  expect(await deploy('a')).toEqual(first);
  expect(readPage()).toBe('b');
});

test('ten concurrent deploys get ten numbers, and each names a predecessor that was live', async () => {
  const names = Array.from({ length: 10 }, (_, n) => `n${n}`);
  const releases = await Promise.all(names.map((name) => deploy(name)));
  expect(releases.map(({ number }) => number).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(new Set(releases.map(({ previous }) => previous)).size).toBe(10);
  const live = await target().live('shop');
  expect(releases.map(({ previous }) => previous)).not.toContain(live?.release?.number);
});

test('ten concurrent deploys with the same id make one release', async () => {
  const releases = await Promise.all(Array.from({ length: 10 }, () => deploy('a')));
  expect(new Set(releases.map(({ number }) => number))).toEqual(new Set([1]));
  expect(readdirSync(join(root(), 'shop/releases'))).toEqual(['1']);
});

test.each(['release-numbers', 'releases', 'release-previous', 'release-live'])(
  'a deploy that died before it wrote %s is completed by the retry, with the same number',
  async (collection) => {
    await deploy('a');
    await expect(deploy('b', target(createDyingStore(collection)))).rejects.toThrow('killed');
    expect(['a', 'b']).toContain(readPage());
    expect(await deploy('b')).toMatchObject({ number: 2, previous: 1 });
    expect(readPage()).toBe('b');
    expect(await deploy('c')).toMatchObject({ number: 3, previous: 2 });
  },
);

test('the retry of a deploy that died after the swap does not replace a newer live release', async () => {
  await expect(deploy('a', target(createDyingStore('release-live')))).rejects.toThrow('killed');
  await deploy('b');
  expect(await deploy('a')).toMatchObject({ number: 1, previous: null });
  expect(readPage()).toBe('b');
});

test('a restore makes the previous release live, or removes the link if there is none, and may be repeated', async () => {
  await deploy('a');
  await deploy('b');
  for (let n = 0; n < 2; n += 1) await restore('b');
  expect(readPage()).toBe('a');
  for (let n = 0; n < 2; n += 1) await restore('a');
  expect(await target().live('shop')).toBeNull();
  expect(existsSync(join(root(), 'shop/releases/2/index.html'))).toBe(true);
});

test('a late restore does not undo a newer release, and an undone release never goes live again', async () => {
  await deploy('a');
  await deploy('b');
  await deploy('c');
  await restore('b');
  expect(readPage()).toBe('c');
  await restore('c');
  expect(readPage()).toBe('a');
});

test('a restore to a release that is missing on disk names it and keeps the live release', async () => {
  const first = await deploy('a');
  await deploy('b');
  rmSync(first.folder, { recursive: true });
  await expect(restore('b')).rejects.toMatchObject({
    type: 'Release.RestoreFailed',
    message: 'release 1 is gone from disk; release 2 stays live',
  });
  expect(readPage()).toBe('b');
});

test('links to outside, pipes and a git directory are not released; links inside are', async () => {
  const folder = folderWith('a');
  symlinkSync('/etc/passwd', join(folder, 'out'));
  symlinkSync('../../index.html', join(folder, 'assets/out'));
  symlinkSync('../index.html', join(folder, 'assets/in'));
  mkdirSync(join(folder, '.git'));
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  const { folder: releaseFolder } = await target().deploy({ ...makeOrder('a'), folder });
  expect(readdirSync(releaseFolder).sort()).toEqual(['assets', 'index.html']);
  expect(readdirSync(join(releaseFolder, 'assets'))).toEqual(['in']);
});

test('a lock that was not renewed for a long time is taken over', async () => {
  mkdirSync(join(root(), 'shop'), { recursive: true });
  const lock = join(root(), 'shop/.lock');
  writeFileSync(lock, 'somebody');
  const past = new Date(Date.now() - 60_000);
  utimesSync(lock, past, past);
  expect(await Promise.all([deploy('a'), deploy('b')])).toHaveLength(2);
  expect(existsSync(lock)).toBe(false);
});

test('a deploy whose turn is over never goes live, however late it continues', async () => {
  await deploy('a');
  const revoke = () => target().revoke({ projectId: 'shop', buildId: 'late', turn: 9 });
  expect(await revoke()).toBeNull();
  await expect(target().deploy(makeOrder('b', { buildId: 'late', turn: 8 }))).rejects.toMatchObject({
    type: 'Release.Void',
  });
  expect(readPage()).toBe('a');
  await target().deploy(makeOrder('c', { buildId: 'late', turn: 9 }));
  expect(readPage()).toBe('c');
});

test('a deploy that was suspended before the swap and revoked meanwhile undoes itself', async () => {
  await deploy('a');
  let markSuspended = () => {};
  const suspended = new Promise<void>((resolve) => (markSuspended = resolve));
  // The undo takes over a lock that looks abandoned, and runs while the suspended deploy still believes to have it.
  const suspendedTarget = createDirectoryReleases({
    ...{ root: root(), documents: documents() },
    checkpoint: (name) => {
      if (name !== 'link-made') return;
      const fence = join(place, 'documents/release-fences');
      mkdirSync(fence, { recursive: true });
      writeFileSync(join(fence, 'shop.late.json'), JSON.stringify({ turn: 9 }));
      markSuspended();
    },
  });
  const lateDeploy = suspendedTarget.deploy(makeOrder('b', { buildId: 'late', turn: 8 }));
  await expect(lateDeploy).rejects.toMatchObject({ type: 'Release.Void' });
  await suspended;
  expect(readPage()).toBe('a');
});

test('undoing a build undoes only its own release', async () => {
  await deploy('a');
  await target().deploy(makeOrder('b', { buildId: 'mine', turn: 3 }));
  expect(await target().revoke({ projectId: 'shop', buildId: 'other', turn: 9 })).toBeNull();
  expect(readPage()).toBe('b');
  expect(await target().revoke({ projectId: 'shop', buildId: 'mine', turn: 4 })).toMatchObject({ number: 2 });
  expect(readPage()).toBe('a');
  expect(await target().revoke({ projectId: 'shop', buildId: 'mine', turn: 4 })).toBeNull();
});

test.each(['', '..', 'a/b', 'a.b'])('the project id %j is refused', async (projectId) => {
  await expect(target().live(projectId)).rejects.toThrow('not a project id');
});

test('a claim that died before it was stored keeps its number, also if later numbers were claimed', async () => {
  await deploy('a');
  await expect(deploy('b', target(createDyingStore('releases')))).rejects.toThrow('killed');
  expect(await deploy('c')).toMatchObject({ number: 3 });
  expect(await deploy('d')).toMatchObject({ number: 4 });
  expect(await deploy('b')).toMatchObject({ number: 2 });
});
