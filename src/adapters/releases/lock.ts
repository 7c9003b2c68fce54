/**
 * A lock between processes for a few milliseconds of work: a file that only one can create.
 *
 * What it guards must be short and safe to repeat: a lock of a dead process is broken after `STALE_MS`.
 */
import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createWhole, isCode } from '../artifacts/write-whole';

const STALE_MS = 15_000;
const GIVE_UP_MS = 60_000;

export async function withLock<T>(path: string, use: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const token = randomBytes(12).toString('hex');
  const startedAt = Date.now();
  while (!(await createWhole(path, Buffer.from(token)))) {
    if (Date.now() - startedAt > GIVE_UP_MS)
      throw new Error(`The lock ${path} is held for more than ${GIVE_UP_MS} ms.`);
    await breakStale(path);
    await delay(2 + Math.random() * 8);
  }
  try {
    return await use();
  } finally {
    // Ours was broken if this process stood still too long; another one's is left alone.
    if ((await holderOf(path)) === token) await unlink(path);
  }
}

async function breakStale(path: string): Promise<void> {
  const age = await stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
  if (age < STALE_MS) return;
  const stale = await holderOf(path);
  const aside = `${path}.${randomBytes(6).toString('hex')}.stale`;
  try {
    await rename(path, aside);
    // Somebody else broke the stale one and took the lock in between: give it back.
    if ((await holderOf(aside)) !== stale) await link(aside, path);
    await unlink(aside);
  } catch (error) {
    if (!isCode(error, 'ENOENT', 'EEXIST')) throw error;
  }
}

async function holderOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  });
}
