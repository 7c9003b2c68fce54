/**
 * Leases a user id to each run: the kernel then counts the processes of each run separately, and runs cannot signal each other.
 *
 * A socket name claims an id against other workers of this machine; the kernel frees the name when the worker dies. An id is
 * leased only while no process has it, as the processes of a killed run or worker may take a moment to end.
 */
import { createServer } from 'node:net';
import { Failure } from '../../domain/failures';
import { isCode } from '../machine/errno';
import { becomesFree, hasProcesses } from './user-processes';

export interface Uids {
  /** Calls `use` with an id that no other run has. Throws Failure `Sandbox.Unavailable` if all ids are in use. */
  lease<T>(use: (uid: number) => Promise<T>): Promise<T>;
}

/** Long, as a busy machine needs time to end the processes of a fork bomb. */
const TIMEOUT_MS = 30_000;

const pools = new Map<string, Uids>();

/** Returns the one pool of these ids in this process. */
export function sharedUids(first: number, count: number): Uids {
  const key = `${first}+${count}`;
  const pool = pools.get(key) ?? createUids(first, count);
  pools.set(key, pool);
  return pool;
}

function createUids(first: number, count: number): Uids {
  const free: number[] = [];
  /** Ids of this worker whose processes did not end in time. */
  const busy: number[] = [];
  const returning = new Set<Promise<void>>();
  let next = first;
  const take = async (): Promise<number> => {
    const kept = free.pop();
    if (kept !== undefined) return kept;
    while (next < first + count) {
      const uid = next;
      next += 1;
      if (!(await claim(uid))) continue;
      if (!(await hasProcesses(uid))) return uid;
      giveBack(uid);
    }
    if (returning.size > 0) {
      await Promise.race(returning);
      return take();
    }
    for (const uid of busy.splice(0)) {
      if (await hasProcesses(uid)) busy.push(uid);
      else free.push(uid);
    }
    if (free.length > 0) return take();
    throw new Failure('Sandbox.Unavailable', `All ${count} user ids of sandboxes are in use.`);
  };
  /** Frees an id in the background: the next run gets another id meanwhile. */
  const giveBack = (uid: number): void => {
    const ended = becomesFree(uid, TIMEOUT_MS)
      .catch(() => false)
      .then((isFree) => void (isFree ? free : busy).push(uid))
      .finally(() => returning.delete(ended));
    returning.add(ended);
  };
  return {
    async lease(use) {
      const uid = await take();
      try {
        return await use(uid);
      } finally {
        giveBack(uid);
      }
    },
  };
}

/** Claims an id until this process ends. False if another process has it. */
function claim(uid: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy()).unref();
    server.once('error', (error) => (isCode(error, 'EADDRINUSE') ? resolve(false) : reject(error)));
    server.listen(`\0q-orchestrator-sandbox-uid-${uid}`, () => resolve(true));
  });
}
