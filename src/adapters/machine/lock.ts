/**
 * One at a time across processes: a file that only one can create, and that names the process that holds it.
 *
 * The lock of a process that has died here is broken at once, one of another machine or container when nobody has touched it for `STALE_MS`.
 */
import { randomBytes } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { link, mkdir, readFile, rename, stat, unlink, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createWhole } from './write-whole';
import { isCode } from './errno';
import { isRunning, ownMark } from './process-mark';
import type { ProcessMark } from './process-mark';

const STALE_MS = 15_000;
const TOUCH_MS = 3_000;

export interface LockOptions {
  file: string;
  /** How long other processes may hold it before this one gives up. */
  waitMs: number;
  signal?: AbortSignal | undefined;
  /** What is done under it can tell a late hand from the right one, so a process that stands still loses it here too. */
  isFenced?: boolean;
}

interface Holder extends ProcessMark {
  token: string;
  /** Where the pid means something: two containers count theirs apart. */
  place: string;
}

/** Those of this process stand in line, so that only the first of them asks the file again and again. */
export function withLock<T>(options: LockOptions, use: () => Promise<T>): Promise<T> {
  const { file, signal } = options;
  const before = lines.get(file) ?? Promise.resolve();
  const mine = (signal === undefined ? before : orAborted(before, signal)).then(() => holdFile(options, use));
  // A waiter that gave up does not shorten the wait of those behind it.
  const line: Promise<void> = Promise.allSettled([before, mine]).then(() => {
    if (lines.get(file) === line) lines.delete(file);
  });
  lines.set(file, line);
  return mine;
}

const lines = new Map<string, Promise<void>>();

async function orAborted(wait: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
  });
  await Promise.race([wait, aborted]).finally(() => signal.removeEventListener('abort', abort));
}

async function holdFile<T>(options: LockOptions, use: () => Promise<T>): Promise<T> {
  const { file, waitMs, signal } = options;
  const startedAt = Date.now();
  let leave = await tryLock(options);
  while (leave === undefined) {
    if (Date.now() - startedAt > waitMs) {
      throw new Error(`${file} is held by another process for more than ${waitMs} ms; remove it if none is running`);
    }
    await delay(2 + Math.random() * 10, undefined, { signal });
    leave = await tryLock(options);
  }
  try {
    return await use();
  } finally {
    await leave();
  }
}

/** Gives what sets it free; undefined, at once, where another holds it. */
export async function tryLock({
  file,
  isFenced = false,
}: Pick<LockOptions, 'file' | 'isFenced'>): Promise<(() => Promise<void>) | undefined> {
  await mkdir(dirname(file), { recursive: true });
  const there = await textOf(file);
  if (there !== undefined && !(await breakStale(file, there, isFenced))) return undefined;
  const holder: Holder = { ...ownMark(), token: randomBytes(12).toString('hex'), place: placeOfPids() };
  const text = JSON.stringify(holder);
  if (!(await createWhole(file, Buffer.from(text)))) return undefined;
  const touch = setInterval(() => void touchOwn(file, text), TOUCH_MS).unref();
  return async () => {
    clearInterval(touch);
    // Ours was broken if this process stood still too long; another one's is left alone.
    if ((await textOf(file)) === text) await unlink(file);
  };
}

/** True where the file may be free now. */
async function breakStale(file: string, stale: string, isFenced: boolean): Promise<boolean> {
  if (!(await isStale(file, stale, isFenced))) return false;
  const aside = `${file}.${randomBytes(6).toString('hex')}.stale`;
  try {
    await rename(file, aside);
    // Another process broke the stale lock and took it in between: give it back.
    if ((await textOf(aside)) !== stale) await link(aside, file);
    await unlink(aside);
  } catch (error) {
    if (!isCode(error, 'ENOENT', 'EEXIST')) throw error;
  }
  return true;
}

async function isStale(file: string, text: string, isFenced: boolean): Promise<boolean> {
  const holder = readHolder(text);
  if (holder?.place === placeOfPids()) {
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

function placeOfPids(): string {
  try {
    // The mark's start time names the boot, so that equal numbers on two machines are not taken for one.
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

async function touchOwn(file: string, text: string): Promise<void> {
  const now = new Date();
  if ((await textOf(file)) === text) await utimes(file, now, now).catch(() => undefined);
}

async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  });
}
