/** Tests the artifact store on real files. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileArtifacts } from '../../../src/adapters/artifacts/file-store';

let root: string;
beforeEach(async () => (root = await mkdtemp(join(tmpdir(), 'q-artifacts-'))));
afterEach(() => rm(root, { recursive: true, force: true }));

test('get returns the content that was put, by the SHA-256 of the content', async () => {
  const store = createFileArtifacts(root);
  const ref = await store.put('abc');
  expect(ref).toEqual({ digest: 'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', bytes: 3 });
  expect((await store.get(ref.digest)).toString()).toBe('abc');
  const binary = await store.put(new Uint8Array([0, 255, 10]));
  expect([...(await store.get(binary.digest))]).toEqual([0, 255, 10]);
});

test('twenty writers of the same content leave one file and no temporary file', async () => {
  const store = createFileArtifacts(root);
  const refs = await Promise.all(Array.from({ length: 20 }, () => store.put('same')));
  const { digest } = refs[0]!;
  expect(new Set(refs.map((ref) => ref.digest)).size).toBe(1);
  expect(await readdir(join(root, digest.slice(7, 9)))).toEqual([digest.slice(7)]);
});

test('a damaged file fails with a message that says so, and putting the content again repairs a truncated file', async () => {
  const store = createFileArtifacts(root);
  const { digest } = await store.put('precious');
  const path = join(root, digest.slice(7, 9), digest.slice(7));
  await writeFile(path, 'precioux');
  await expect(store.get(digest)).rejects.toThrow('damaged on disk');
  await writeFile(path, 'prec');
  await store.put('precious');
  expect((await store.get(digest)).toString()).toBe('precious');
});

test.each([
  '',
  'sha256:',
  `sha256:${'a'.repeat(63)}`,
  `sha256:${'A'.repeat(64)}`,
  'sha256:../../etc/passwd',
  `md5:${'a'.repeat(64)}`,
])('get of the malformed digest %j fails with Artifact.Missing', async (digest) => {
  await expect(createFileArtifacts(root).get(digest)).rejects.toMatchObject({ type: 'Artifact.Missing' });
});

test('get of an unknown digest fails with Artifact.Missing', async () => {
  const digest = `sha256:${'0'.repeat(64)}`;
  await expect(createFileArtifacts(root).get(digest)).rejects.toMatchObject({ type: 'Artifact.Missing' });
});
