/** The lock that keeps processes apart: two starts on one data folder, two releases of one project. */
import { spawn } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { tryLock, withLock } from '../../../src/adapters/machine/lock';
import { markOf, ownMark } from '../../../src/adapters/machine/process-mark';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'q-lock-'));
  file = join(folder, 'lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const HERE = `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
const ELSEWHERE = 'another-machine pid:[1]';
const heldBy = (mark: object, place: string) => writeFile(file, JSON.stringify({ ...mark, token: 't', place }));
const untouchedFor = async (seconds: number) => {
  const past = new Date(Date.now() - seconds * 1_000);
  await utimes(file, past, past);
};
const isFree = async (isFenced = false) => {
  const leave = await tryLock({ file, isFenced });
  await leave?.();
  return leave !== undefined;
};

test('many at once go one after another, and nothing is left', async () => {
  let inside = 0;
  let most = 0;
  const visit = () =>
    withLock({ file, waitMs: 20_000 }, async () => {
      most = Math.max(most, ++inside);
      await readdir(folder);
      inside -= 1;
    });
  await Promise.all(Array.from({ length: 20 }, visit));
  expect(most).toBe(1);
  expect(await readdir(folder)).toEqual([]);
});

test('the lock of a process that was killed here is free at once, and so is one whose number is in use again', async () => {
  const dead = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
  const mark = markOf(dead.pid as number);
  const gone = new Promise((resolve) => dead.on('exit', resolve));
  dead.kill('SIGKILL');
  await gone;
  await heldBy(mark ?? {}, HERE);
  expect(await isFree()).toBe(true);
  await heldBy({ pid: process.pid, started: 'before the crash' }, HERE);
  expect(await isFree()).toBe(true);
});

test('the lock of a process that lives here is held, also where it stands still; unless a fence is behind it', async () => {
  await heldBy(ownMark(), HERE);
  await untouchedFor(60);
  expect([await isFree(), await isFree(true)]).toEqual([false, true]);
});

test('the lock of another machine or container is held while somebody touches it, whatever its number means here', async () => {
  await heldBy({ pid: 1, started: 'there' }, ELSEWHERE);
  expect([await isFree(), await isFree(true)]).toEqual([false, false]);
  await untouchedFor(60);
  expect(await isFree()).toBe(true);
});

test('a file that nobody can read as a lock is one until it is old', async () => {
  await writeFile(file, 'half');
  expect(await isFree()).toBe(false);
  await untouchedFor(60);
  expect(await isFree()).toBe(true);
});

test('whoever lost the lock leaves that of the next one alone', async () => {
  const leave = await tryLock({ file });
  await heldBy({ pid: 1, started: 'there' }, ELSEWHERE);
  await leave?.();
  expect(await readFile(file, 'utf8')).toContain('another-machine');
});

test('a lock that is held for too long is one clear line, and a wait that is broken off ends', async () => {
  await heldBy(ownMark(), HERE);
  const never = () => Promise.reject(new Error('it was let in'));
  await expect(withLock({ file, waitMs: 30 }, never)).rejects.toThrow(
    `${file} is held by another process for more than 30 ms; remove it if none is running`,
  );
  const waiting = withLock({ file, waitMs: 60_000, signal: AbortSignal.timeout(20) }, never);
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
});

test('those of one process take the lock in the order they came, and one who gives up holds up nobody', async () => {
  const order: number[] = [];
  const leaving = new AbortController();
  const enter = (n: number, signal?: AbortSignal) =>
    withLock({ file, waitMs: 5_000, signal }, async () => {
      order.push(n);
      if (n === 3) leaving.abort(new Error('gave up'));
      await new Promise(setImmediate);
    });
  const all = Array.from({ length: 30 }, (_, n) => enter(n, n === 7 ? leaving.signal : undefined));
  const ends = await Promise.allSettled(all);
  expect(order).toEqual(Array.from({ length: 30 }, (_, n) => n).filter((n) => n !== 7));
  expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(1);
});
