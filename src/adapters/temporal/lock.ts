/**
 * One at a time across processes: a lock file that names the process that holds it.
 *
 * The file appears whole (written aside, then linked), so a lock is never read half written;
 * a lock whose process is gone is taken away.
 */
import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isRunning, ownMark, type ProcessMark } from './process-mark';

export async function withLock<T>(
  input: { file: string; waitMs: number; pollMs?: number; signal?: AbortSignal | undefined },
  use: () => Promise<T>,
): Promise<T> {
  await mkdir(dirname(input.file), { recursive: true });
  const deadline = Date.now() + input.waitMs;
  while (!(await take(input.file))) {
    if (Date.now() > deadline)
      throw new Error(`${input.file} is held by another start; remove it if no other start is running`);
    await delay(input.pollMs ?? 25, undefined, { signal: input.signal });
  }
  try {
    return await use();
  } finally {
    await rm(input.file, { force: true });
  }
}

/** Gives what sets it free; undefined, at once, where another holds it. */
export async function tryLock(file: string): Promise<(() => Promise<void>) | undefined> {
  await mkdir(dirname(file), { recursive: true });
  // The first look may only have taken a stale one away.
  const isTaken = (await take(file)) || (await take(file));
  return isTaken ? () => rm(file, { force: true }) : undefined;
}

async function take(file: string): Promise<boolean> {
  const aside = `${file}.${randomUUID()}`;
  await writeFile(aside, JSON.stringify(ownMark()));
  try {
    await link(aside, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    await removeIfStale(file);
    return false;
  } finally {
    await rm(aside, { force: true });
  }
}

async function removeIfStale(file: string): Promise<void> {
  if (await isHeld(file)) return;
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
    // Between the look and the rename another start may have replaced the stale lock by its own: give it back.
    if (await isHeld(aside)) await link(aside, file);
  } catch {
    // Somebody else was faster; the next round looks again.
  } finally {
    await rm(aside, { force: true });
  }
}

async function isHeld(file: string): Promise<boolean> {
  try {
    return isRunning(JSON.parse(await readFile(file, 'utf8')) as ProcessMark);
  } catch {
    return false;
  }
}
