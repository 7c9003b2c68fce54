/**
 * Tests the stores on real disks that are full, read-only or owned by another user. bubblewrap makes the disks.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileArtifacts } from '../../../src/adapters/artifacts/file-store';
import { findBubblewrap } from '../../../src/adapters/sandbox/find-bubblewrap';
import { Failure } from '../../../src/domain/failures';
import { storageFailureOf } from '../../../src/domain/storage-failure';

const STORES = join(__dirname, '../../../src/adapters/artifacts');

let bwrap: string;
beforeAll(async () => ({ path: bwrap } = await findBubblewrap()));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'q-storage-'));
  mkdirSync(join(folder, 'data'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Stores 100 kB as an artifact and as a document in `data`, which `flags` mount. Returns the errors and the files that are left. */
function storeOnDisk(flags: string[]): { errors: object[]; leftFiles: string[] } {
  const program = `
    const { createFileArtifacts } = require('${STORES}/file-store');
    const { createFileDocuments } = require('${STORES}/documents');
    const { readdirSync } = require('node:fs');
    const [root] = process.argv.slice(1);
    const seen = ({ code, syscall, path }) => ({ code, syscall, path });
    const text = 'x'.repeat(100_000);
    const tries = [createFileArtifacts(root).put(text), createFileDocuments(root).keepFirst('calls', 'k', text)];
    Promise.allSettled(tries).then((results) => {
      const leftFiles = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      console.log(JSON.stringify({ errors: results.map(({ reason }) => seen(reason)), leftFiles: leftFiles.map((e) => e.name) }));
    });`;
  const bwrapFlags = ['--bind', '/', '/', '--dev', '/dev', '--unshare-user', '--uid', '1000', ...flags, '--'];
  const node = [process.execPath, '--require', require.resolve('tsx/cjs'), '-e', program, join(folder, 'data')];
  const output = execFileSync(bwrap, [...bwrapFlags, ...node], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  return JSON.parse(output) as { errors: object[]; leftFiles: string[] };
}

const dataFolder = () => join(folder, 'data');

test('a full disk is reported as such, and no incomplete file is left on it', () => {
  const { errors, leftFiles } = storeOnDisk(['--size', '65536', '--tmpfs', dataFolder()]);
  expect(errors.map((error) => storageFailureOf(error)?.type)).toEqual(['Storage.Full', 'Storage.Full']);
  expect(leftFiles).toEqual([]);
});

test('a read-only disk is reported as such', () => {
  const { errors } = storeOnDisk(['--ro-bind', dataFolder(), dataFolder()]);
  expect(errors.map((error) => storageFailureOf(error)?.message)).toEqual(
    Array(2).fill(expect.stringMatching(/^a file below DATA_DIR cannot be read or written \(EROFS\); give it/)),
  );
});

test('a folder that this user may not write is reported as such', () => {
  chmodSync(dataFolder(), 0o555);
  const { errors } = storeOnDisk([]);
  expect(errors.map((error) => storageFailureOf(error)?.message)).toEqual(
    Array(2).fill(expect.stringContaining('(EACCES)')),
  );
  expect(readdirSync(dataFolder())).toEqual([]);
});

test('a file with changed content is reported as damaged, with what to do', async () => {
  const store = createFileArtifacts(dataFolder());
  const { digest } = await store.put('precious');
  const path = join(dataFolder(), digest.slice(7, 9), digest.slice(7));
  chmodSync(path, 0o600);
  execFileSync('sh', ['-c', 'printf precioux > "$1"', 'sh', path]);
  const failure = await store.get(digest).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Failure);
  expect(failure).toMatchObject({ type: 'Storage.Damaged', message: expect.stringContaining('Restore the file') });
});
