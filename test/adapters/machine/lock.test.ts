/** Tests the lock between processes, such as two programs on one data folder or two releases of one project. */
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
const writeLock = (mark: object, place: string) => writeFile(file, JSON.stringify({ ...mark, token: 't', place }));
const ageLockFile = async (seconds: number) => {
  const past = new Date(Date.now() - seconds * 1_000);
  await utimes(file, past, past);
};
const canLock = async (isFenced = false) => {
  const release = await tryLock({ file, isFenced });
  await release?.();
  return release !== undefined;
};

test('concurrent callers hold the lock one after another, and no file is left', async () => {
  let holders = 0;
  let maxHolders = 0;
  const visit = () =>
    withLock({ file, waitMs: 20_000 }, async () => {
      maxHolders = Math.max(maxHolders, ++holders);
      await readdir(folder);
      holders -= 1;
    });
  await Promise.all(Array.from({ length: 20 }, visit));
  expect(maxHolders).toBe(1);
  expect(await readdir(folder)).toEqual([]);
});

test('the lock of a process killed on this machine is free at once, also if another process has its pid now', async () => {
  const dead = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
  const mark = markOf(dead.pid as number);
  const exit = new Promise((resolve) => dead.on('exit', resolve));
  dead.kill('SIGKILL');
  await exit;
  await writeLock(mark ?? {}, HERE);
  expect(await canLock()).toBe(true);
  await writeLock({ pid: process.pid, started: 'before the crash' }, HERE);
  expect(await canLock()).toBe(true);
});

test('the lock of a running process of this machine is kept even if the process stalls, unless the lock is fenced', async () => {
  await writeLock(ownMark(), HERE);
  await ageLockFile(60);
  expect([await canLock(), await canLock(true)]).toEqual([false, true]);
});

test('the lock of another machine or container is kept while its file is touched, whatever its pid is on this machine', async () => {
  await writeLock({ pid: 1, started: 'there' }, ELSEWHERE);
  expect([await canLock(), await canLock(true)]).toEqual([false, false]);
  await ageLockFile(60);
  expect(await canLock()).toBe(true);
});

test('an unreadable lock file counts as a lock until it is old', async () => {
  await writeFile(file, 'half');
  expect(await canLock()).toBe(false);
  await ageLockFile(60);
  expect(await canLock()).toBe(true);
});

test('a process that lost its lock does not remove the lock of the next holder', async () => {
  const release = await tryLock({ file });
  await writeLock({ pid: 1, started: 'there' }, ELSEWHERE);
  await release?.();
  expect(await readFile(file, 'utf8')).toContain('another-machine');
});

test('a lock that is held too long fails with one clear line, and an aborted wait ends', async () => {
  await writeLock(ownMark(), HERE);
  const mustNotRun = () => Promise.reject(new Error('it was let in'));
  await expect(withLock({ file, waitMs: 30 }, mustNotRun)).rejects.toThrow(
    `${file} is held by another process for more than 30 ms; remove it if none is running`,
  );
  const waiting = withLock({ file, waitMs: 60_000, signal: AbortSignal.timeout(20) }, mustNotRun);
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
});

test('callers of one process take the lock in order, and a caller that gives up does not delay the others', async () => {
  const order: number[] = [];
  const controller = new AbortController();
  const enter = (n: number, signal?: AbortSignal) =>
    withLock({ file, waitMs: 5_000, signal }, async () => {
      order.push(n);
      if (n === 3) controller.abort(new Error('gave up'));
      await new Promise(setImmediate);
    });
  const all = Array.from({ length: 30 }, (_, n) => enter(n, n === 7 ? controller.signal : undefined));
  const ends = await Promise.allSettled(all);
  expect(order).toEqual(Array.from({ length: 30 }, (_, n) => n).filter((n) => n !== 7));
  expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(1);
});
