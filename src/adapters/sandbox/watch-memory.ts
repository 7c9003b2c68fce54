/**
 * What a sandbox takes of the machine's memory: its processes, and what the kernel keeps for them.
 *
 * No one but a control group counts the kernel's part by run. It is bounded by what can be counted: sockets of the sandbox's own
 * network, open descriptors (each pipe has two), files in memory, each with the most that the kernel keeps for one.
 */
import { statfsSync } from 'node:fs';
import type { StatsFs } from 'node:fs';
import { freeMemory, processUse, textOf } from '../machine/usage';
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
  let socketBytes: number | undefined;
  const byCommand = (what: string): Excess => ({ what, by: 'command' });
  return (pids: string[]): Excess | undefined => {
    const first = numberIn(status(), 'child-pid');
    const { memoryBytes, descriptors } = processUse(pids);
    if (memoryBytes > limits.memoryBytes)
      return byCommand(`its processes took more than ${limits.memoryBytes} bytes of memory`);
    const files = first === undefined ? 0 : filesInMemory(first, memoryFolders, limits);
    if (files > limits.diskFiles)
      return byCommand(`it made more than ${limits.diskFiles} files in memory, such as in /tmp`);
    if (freeMemory() < RESERVE_MEMORY_BYTES)
      return { what: 'the machine ran out of memory', by: memoryBytes > freeAtFirst / 2 ? 'command' : 'machine' };
    if (first === undefined) return undefined;
    socketBytes ??= readSocketBytes();
    const sockets = Math.max(0, countSockets(first) - FREE_SOCKETS);
    const kernelBytes = sockets * socketBytes + descriptors * DESCRIPTOR_BYTES;
    const isOver = memoryBytes + kernelBytes > limits.memoryBytes;
    return isOver
      ? byCommand(`its sockets, pipes and processes may take more than ${limits.memoryBytes} bytes of memory`)
      : undefined;
  };
}

/** Asked through the sandbox's own root; before that is set up, its places are those of this machine. */
function filesInMemory(first: number, folders: string[], { tmpBytes }: Watched['limits']): number {
  const counts = folders.map((place) => {
    const use = memoryUse(`/proc/${first}/root${place}`);
    const isOurs = use?.type === TMPFS && use.blocks * use.bsize <= tmpBytes + use.bsize;
    return isOurs ? use.files - use.ffree : 0;
  });
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Undefined where it is gone. Synchronous, since it is in memory: see `fileSystemUse`. */
function memoryUse(place: string): StatsFs | undefined {
  try {
    return statfsSync(place);
  } catch {
    return undefined;
  }
}

/** In the network that this process sees: also those of which the descriptors are on their way through another. */
function countSockets(first: number): number {
  const text = textOf(`/proc/${first}/net/sockstat`);
  return Number(/^sockets: used (\d+)$/m.exec(text)?.[1] ?? 0);
}

function readSocketBytes(): number {
  return Number(textOf('/proc/sys/net/core/wmem_default')) || SOCKET_BYTES;
}
