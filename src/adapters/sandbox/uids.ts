/**
 * A user id for each run: processes of two runs share no count of processes and may not signal each other.
 *
 * Held against other workers of this machine by a socket name that the kernel frees when its holder dies.
 */
import { createServer } from 'node:net';
import { Failure } from '../../domain/failures';
import { isCode } from '../machine/errno';

export interface Uids {
  /** Throws Failure `Sandbox.Unavailable` where all are taken. */
  lease<T>(use: (uid: number) => Promise<T>): Promise<T>;
}

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
  let next = first;
  const take = async (): Promise<number> => {
    const kept = free.pop();
    if (kept !== undefined) return kept;
    while (next < first + count) {
      const uid = next;
      next += 1;
      if (await hold(uid)) return uid;
    }
    throw new Failure('Sandbox.Unavailable', `All ${count} user ids of sandboxes are in use.`);
  };
  return {
    async lease(use) {
      const uid = await take();
      try {
        return await use(uid);
      } finally {
        free.push(uid);
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
