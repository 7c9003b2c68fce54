/**
 * What a sandbox takes of the machine's memory: its processes, and what the kernel keeps for them.
 *
 * No one but a control group counts the kernel's part by run. It is bounded by what can be counted: sockets of the sandbox's own
 * network, open descriptors (each pipe has two), files in memory, each with the most that the kernel keeps for one.
 */
import { readFile, statfs } from 'node:fs/promises';
import { freeMemory, processUse } from '../machine/usage';
import { numberIn } from './status';
import type { Excess, Watched } from './watch';

/** Below this, whatever runs in a sandbox is ended before the machine suffers. */
const RESERVE_MEMORY_BYTES = 128 * 1024 ** 2;
/** A test of a server may have these for nothing. */
const FREE_SOCKETS = 1_000;
/** Data on the way through one, where the machine does not say. */
const SOCKET_BYTES = 212_992;
/** Half of what a pipe holds where its user has very many. */
const DESCRIPTOR_BYTES = 4_096;
const TMPFS = 0x01021994;

type Watching = Pick<Watched, 'limits' | 'status' | 'memoryFolders'>;

/** Gives the look, at the processes of the sandbox by their ids here. */
export function createMemoryWatch({ limits, status, memoryFolders }: Watching) {
  const freeAtFirst = freeMemory();
  let socketBytes: Promise<number> | undefined;
  const byCommand = (what: string): Excess => ({ what, by: 'command' });
  return async (pids: string[]): Promise<Excess | undefined> => {
    const first = numberIn(status(), 'child-pid');
    const { memoryBytes, descriptors } = processUse(pids);
    if (memoryBytes > limits.memoryBytes)
      return byCommand(`its processes took more than ${limits.memoryBytes} bytes of memory`);
    const files = first === undefined ? 0 : await filesInMemory(first, memoryFolders, limits);
    if (files > limits.diskFiles)
      return byCommand(`it made more than ${limits.diskFiles} files in memory, such as in /tmp`);
    if (freeMemory() < RESERVE_MEMORY_BYTES)
      return { what: 'the machine ran out of memory', by: memoryBytes > freeAtFirst / 2 ? 'command' : 'machine' };
    if (first === undefined) return undefined;
    socketBytes ??= readSocketBytes();
    const sockets = Math.max(0, (await countSockets(first)) - FREE_SOCKETS);
    const kernelBytes = sockets * (await socketBytes) + descriptors * DESCRIPTOR_BYTES;
    const isOver = memoryBytes + kernelBytes > limits.memoryBytes;
    return isOver
      ? byCommand(`its sockets, pipes and processes may take more than ${limits.memoryBytes} bytes of memory`)
      : undefined;
  };
}

/** Asked through the sandbox's own root; before that is set up, its places are those of this machine. */
async function filesInMemory(first: number, folders: string[], { tmpBytes }: Watched['limits']): Promise<number> {
  const counts = folders.map(async (place) => {
    const use = await statfs(`/proc/${first}/root${place}`).catch(() => undefined);
    const isOurs = use?.type === TMPFS && use.blocks * use.bsize <= tmpBytes + use.bsize;
    return isOurs ? use.files - use.ffree : 0;
  });
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}

/** In the network that this process sees: also those of which the descriptors are on their way through another. */
async function countSockets(first: number): Promise<number> {
  const text = await readFile(`/proc/${first}/net/sockstat`, 'utf8').catch(() => '');
  return Number(/^sockets: used (\d+)$/m.exec(text)?.[1] ?? 0);
}

async function readSocketBytes(): Promise<number> {
  const text = await readFile('/proc/sys/net/core/wmem_default', 'utf8').catch(() => '');
  return Number(text) || SOCKET_BYTES;
}
