/**
 * Locks across processes: a file that only one process can create, and that names the process that holds it.
 *
 * The lock of a dead process of this machine is broken at once. The lock of another machine or container is broken if its holder has not
 * touched the file for `STALE_MS`.
 */
import { randomBytes } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { link, mkdir, readFile, rename, stat, unlink, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createFile } from './write-whole';
import { isCode } from './errno';
import { isRunning, ownMark } from './process-mark';
import type { ProcessMark } from './process-mark';

const STALE_MS = 15_000;
const TOUCH_INTERVAL_MS = 3_000;

export interface LockOptions {
  file: string;
  /** The longest time to wait for the lock. */
  waitMs: number;
  signal?: AbortSignal | undefined;
  /** True: the protected operation itself refuses a late holder, so the lock of a stalled process of this machine is broken, too. */
  isFenced?: boolean;
}

interface Holder extends ProcessMark {
  token: string;
  /** Host name and PID namespace in which `pid` is valid: two containers may use the same pid. */
  place: string;
}

/** Callers in this process queue up, so that only the first of them polls the file. */
export function withLock<T>(options: LockOptions, use: () => Promise<T>): Promise<T> {
  const { file, signal } = options;
  const previous = queues.get(file) ?? Promise.resolve();
  const result = (signal === undefined ? previous : waitOrAbort(previous, signal)).then(() =>
    withFileLock(options, use),
  );
  // The next caller waits for both: this caller may give up while the previous one still holds the lock.
  const tail: Promise<void> = Promise.allSettled([previous, result]).then(() => {
    if (queues.get(file) === tail) queues.delete(file);
  });
  queues.set(file, tail);
  return result;
}

/** For each lock file: settles when all callers of this process are done. */
const queues = new Map<string, Promise<void>>();

async function waitOrAbort(wait: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  let abort = (): void => undefined;
  const abortion = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
  });
  await Promise.race([wait, abortion]).finally(() => signal.removeEventListener('abort', abort));
}

async function withFileLock<T>(options: LockOptions, use: () => Promise<T>): Promise<T> {
  const { file, waitMs, signal } = options;
  const startedAt = Date.now();
  let release = await tryLock(options);
  while (release === undefined) {
    if (Date.now() - startedAt > waitMs) {
      throw new Error(`${file} is held by another process for more than ${waitMs} ms; remove it if none is running`);
    }
    await delay(2 + Math.random() * 10, undefined, { signal });
    release = await tryLock(options);
  }
  try {
    return await use();
  } finally {
    await release();
  }
}

/** Takes the lock and returns the function that releases it. Returns undefined at once if another process holds the lock. */
export async function tryLock({
  file,
  isFenced = false,
}: Pick<LockOptions, 'file' | 'isFenced'>): Promise<(() => Promise<void>) | undefined> {
  await mkdir(dirname(file), { recursive: true });
  const current = await textOf(file);
  if (current !== undefined && !(await breakIfStale(file, current, isFenced))) return undefined;
  const holder: Holder = { ...ownMark(), token: randomBytes(12).toString('hex'), place: pidSpace() };
  const text = JSON.stringify(holder);
  if (!(await createFile(file, Buffer.from(text)))) return undefined;
  const touchTimer = setInterval(() => void touchIfOwn(file, text), TOUCH_INTERVAL_MS).unref();
  return async () => {
    clearInterval(touchTimer);
    // If this process stalled, another process may have broken the lock and taken it. Then the lock of that process must stay.
    if ((await textOf(file)) === text) await unlink(file);
  };
}

/** Removes the lock if it is stale. Returns true if the lock may be free now. */
async function breakIfStale(file: string, staleText: string, isFenced: boolean): Promise<boolean> {
  if (!(await isStale(file, staleText, isFenced))) return false;
  const brokenFile = `${file}.${randomBytes(6).toString('hex')}.stale`;
  try {
    await rename(file, brokenFile);
    // In between another process may have broken the stale lock and taken it. Then its lock was renamed: put it back.
    if ((await textOf(brokenFile)) !== staleText) await link(brokenFile, file);
    await unlink(brokenFile);
  } catch (error) {
    if (!isCode(error, 'ENOENT', 'EEXIST')) throw error;
  }
  return true;
}

async function isStale(file: string, text: string, isFenced: boolean): Promise<boolean> {
  const holder = readHolder(text);
  if (holder?.place === pidSpace()) {
    if (!isRunning(holder)) return true;
    if (!isFenced) return false;
  }
  const touchedAt = await stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => Date.now(),
  );
  return Date.now() - touchedAt >= STALE_MS;
}

function readHolder(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return undefined;
  }
}

function pidSpace(): string {
  try {
    // Two machines may have the same host name and namespace; `isRunning` tells them apart by the boot id in the start time.
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

async function touchIfOwn(file: string, text: string): Promise<void> {
  const now = new Date();
  if ((await textOf(file)) === text) await utimes(file, now, now).catch(() => undefined);
}

async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  });
}
