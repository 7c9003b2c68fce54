/** The lock that keeps two starts apart. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withLock } from '../../../src/adapters/temporal/lock';
import { ownMark } from '../../../src/adapters/temporal/process-mark';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'q-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('many at once go one after another, and nothing is left', async () => {
  let inside = 0;
  let most = 0;
  const file = join(folder, 'lock');
  const visit = () =>
    withLock({ file, waitMs: 20_000, pollMs: 1 }, async () => {
      most = Math.max(most, ++inside);
      await readdir(folder);
      inside -= 1;
    });
  await Promise.all(Array.from({ length: 20 }, visit));
  expect(most).toBe(1);
  expect(await readdir(folder)).toEqual([]);
});

test('a lock whose process is gone is taken over, though its number is in use again', async () => {
  const file = join(folder, 'lock');
  await writeFile(file, JSON.stringify({ pid: process.pid, started: 'before the crash' }));
  await expect(withLock({ file, waitMs: 5_000 }, () => Promise.resolve('done'))).resolves.toBe('done');
});

test('a lock that is held for too long is one clear line', async () => {
  const file = join(folder, 'lock');
  await writeFile(file, JSON.stringify(ownMark()));
  await expect(withLock({ file, waitMs: 30, pollMs: 5 }, () => Promise.resolve())).rejects.toThrow(
    `${file} is held by another start; remove it if no other start is running`,
  );
});
