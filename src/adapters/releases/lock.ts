/**
 * A lock between processes around what is live: a file that only one can create, and that names its process.
 *
 * The lock of a process that has died here is broken at once, one of another machine when nobody has touched it for `STALE_MS`.
 */
import { randomBytes } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { link, mkdir, readFile, rename, stat, unlink, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createWhole, isCode } from '../artifacts/write-whole';
import { isRunning, ownMark } from '../temporal/process-mark';
import type { ProcessMark } from '../temporal/process-mark';

const STALE_MS = 15_000;
const TOUCH_MS = 3_000;
const GIVE_UP_MS = 60_000;

interface Holder extends ProcessMark {
  token: string;
  /** Where the pid means something: two containers count theirs apart. */
  place: string;
}

/** `waitMs`: how long others may hold it before this one gives up. */
export async function withLock<T>(path: string, use: () => Promise<T>, waitMs = GIVE_UP_MS): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const token = randomBytes(12).toString('hex');
  const holder = JSON.stringify({ ...ownMark(), token, place: placeOfPids() } satisfies Holder);
  const startedAt = Date.now();
  while (!(await createWhole(path, Buffer.from(holder)))) {
    if (Date.now() - startedAt > waitMs) throw new Error(`The lock ${path} is held for more than ${waitMs} ms.`);
    await breakStale(path);
    await delay(2 + Math.random() * 8);
  }
  const touch = setInterval(() => void touchOwn(path, holder), TOUCH_MS);
  try {
    return await use();
  } finally {
    clearInterval(touch);
    // Ours was broken if this process stood still too long; another one's is left alone.
    if ((await textOf(path)) === holder) await unlink(path);
  }
}

async function breakStale(path: string): Promise<void> {
  const stale = await textOf(path);
  if (stale === undefined || !(await isStale(path, stale))) return;
  const aside = `${path}.${randomBytes(6).toString('hex')}.stale`;
  try {
    await rename(path, aside);
    // Somebody else broke the stale one and took the lock in between: give it back.
    if ((await textOf(aside)) !== stale) await link(aside, path);
    await unlink(aside);
  } catch (error) {
    if (!isCode(error, 'ENOENT', 'EEXIST')) throw error;
  }
}

async function isStale(path: string, text: string): Promise<boolean> {
  const holder = readHolder(text);
  if (holder !== undefined && holder.place === placeOfPids() && !isRunning(holder)) return true;
  const age = await stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
  return age >= STALE_MS;
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

async function touchOwn(path: string, holder: string): Promise<void> {
  const now = new Date();
  if ((await textOf(path)) === holder) await utimes(path, now, now).catch(() => undefined);
}

async function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  });
}
