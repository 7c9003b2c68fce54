/**
 * A user id for each run: processes of two runs share no count of processes and may not signal each other.
 *
 * Held against other workers of this machine by a socket name that the kernel frees when its holder dies. An id is given out only while
 * no process has it: a run that was killed, or whose worker was, may take a moment to end.
 */
import { createServer } from 'node:net';
import { Failure } from '../../domain/failures';
import { isCode } from '../machine/errno';
import { becomesFree, hasProcesses } from './user-processes';

export interface Uids {
  /** Throws Failure `Sandbox.Unavailable` where all are taken. */
  lease<T>(use: (uid: number) => Promise<T>): Promise<T>;
}

/** A busy machine takes its time to end the processes of a fork bomb. */
const WITHIN_MS = 30_000;

const pools = new Map<string, Uids>();

/** The same ids for everybody in this process. */
export function sharedUids(first: number, count: number): Uids {
  const key = `${first}+${count}`;
  const pool = pools.get(key) ?? createUids(first, count);
  pools.set(key, pool);
  return pool;
}

function createUids(first: number, count: number): Uids {
  const free: number[] = [];
  /** Ids of ours that processes have which do not end. */
  const busy: number[] = [];
  const returning = new Set<Promise<void>>();
  let next = first;
  const take = async (): Promise<number> => {
    const kept = free.pop();
    if (kept !== undefined) return kept;
    while (next < first + count) {
      const uid = next;
      next += 1;
      if (!(await hold(uid))) continue;
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
  /** Nobody waits for it: the next run gets another id. */
  const giveBack = (uid: number): void => {
    const ended = becomesFree(uid, WITHIN_MS)
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

/** False where another process has it. Kept until this process ends. */
function hold(uid: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy()).unref();
    server.once('error', (error) => (isCode(error, 'EADDRINUSE') ? resolve(false) : reject(error)));
    server.listen(`\0q-orchestrator-sandbox-uid-${uid}`, () => resolve(true));
  });
}
