/**
 * Leases a user id to each run: the kernel then counts the processes of each run separately, and runs cannot signal each other.
 *
 * A socket name claims an id against other workers of this machine; the kernel frees the name when the worker dies. An id is
 * leased only while no process has it, as the processes of a killed run or worker may take a moment to end.
 */
import { createServer } from 'node:net';
import { Failure } from '../../domain/failures';
import { isCode } from '../machine/errno';
import { waitUntilFree, hasProcesses } from './user-processes';

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
  const freeUids: number[] = [];
  /** Ids of this worker whose processes did not end in time. */
  const busyUids: number[] = [];
  const pendingReturns = new Set<Promise<void>>();
  let next = first;
  const takeUid = async (): Promise<number> => {
    const freeUid = freeUids.pop();
    if (freeUid !== undefined) return freeUid;
    while (next < first + count) {
      const uid = next;
      next += 1;
      if (!(await claim(uid))) continue;
      if (!(await hasProcesses(uid))) return uid;
      giveBack(uid);
    }
    if (pendingReturns.size > 0) {
      await Promise.race(pendingReturns);
      return takeUid();
    }
    for (const uid of busyUids.splice(0)) {
      if (await hasProcesses(uid)) busyUids.push(uid);
      else freeUids.push(uid);
    }
    if (freeUids.length > 0) return takeUid();
    throw new Failure('Sandbox.Unavailable', `All ${count} user ids of sandboxes are in use.`);
  };
  /** Frees an id in the background: the next run gets another id meanwhile. */
  const giveBack = (uid: number): void => {
    const ended = waitUntilFree(uid, TIMEOUT_MS)
      .catch(() => false)
      .then((isFree) => void (isFree ? freeUids : busyUids).push(uid))
      .finally(() => pendingReturns.delete(ended));
    pendingReturns.add(ended);
  };
  return {
    async lease(use) {
      const uid = await takeUid();
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
