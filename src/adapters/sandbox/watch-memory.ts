/**
 * Measures the memory of a sandbox: that of its processes, and that of the kernel for them.
 *
 * Only a control group could measure the kernel's memory for one run. Without one, this estimates it from above by things that
 * can be counted (sockets of the sandbox's own network, open descriptors, files in memory) times the maximum for each.
 */
import { statfsSync } from 'node:fs';
import type { StatsFs } from 'node:fs';
import { freeMemory, processUse, readProcFile } from '../machine/usage';
import { numberIn } from './status';
import type { Excess, WatchInput } from './watch';

/** If the machine has less free memory, the run is ended. */
const RESERVE_MEMORY_BYTES = 128 * 1024 ** 2;
/** Number of sockets that do not count: tests of servers need them. */
const UNCOUNTED_SOCKETS = 1_000;
/** The data that one socket can buffer, if the machine does not report its own value. */
const DEFAULT_SOCKET_BYTES = 212_992;
/** Half of the buffer of a pipe (a pipe has two descriptors), for a user with very many pipes. */
const DESCRIPTOR_BYTES = 4_096;
const TMPFS = 0x01021994;

type MemoryWatchInput = Pick<WatchInput, 'limits' | 'status' | 'memoryFolders'>;

/** Returns a function that checks the memory of the sandbox's processes, which it gets by their ids outside. */
export function createMemoryWatch({ limits, status, memoryFolders }: MemoryWatchInput) {
  const freeBytesAtStart = freeMemory();
  let socketBytes: number | undefined;
  const byCommand = (what: string): Excess => ({ what, by: 'command' });
  return (pids: string[]): Excess | undefined => {
    const firstPid = numberIn(status(), 'child-pid');
    const { memoryBytes, descriptors } = processUse(pids);
    if (memoryBytes > limits.memoryBytes)
      return byCommand(`its processes took more than ${limits.memoryBytes} bytes of memory`);
    const fileCount = firstPid === undefined ? 0 : filesInMemory(firstPid, memoryFolders, limits);
    if (fileCount > limits.diskFiles)
      return byCommand(`it made more than ${limits.diskFiles} files in memory, such as in /tmp`);
    if (freeMemory() < RESERVE_MEMORY_BYTES)
      return { what: 'the machine ran out of memory', by: memoryBytes > freeBytesAtStart / 2 ? 'command' : 'machine' };
    if (firstPid === undefined) return undefined;
    socketBytes ??= readSocketBytes();
    const sockets = Math.max(0, countSockets(firstPid) - UNCOUNTED_SOCKETS);
    const kernelBytes = sockets * socketBytes + descriptors * DESCRIPTOR_BYTES;
    const isOver = memoryBytes + kernelBytes > limits.memoryBytes;
    return isOver
      ? byCommand(`its sockets, pipes and processes may take more than ${limits.memoryBytes} bytes of memory`)
      : undefined;
  };
}

/** Counts files in memory through the root of the sandbox. Before that root exists, the folders are the machine's own: not counted. */
function filesInMemory(firstPid: number, folders: string[], { tmpBytes }: WatchInput['limits']): number {
  const counts = folders.map((place) => {
    const use = memoryUse(`/proc/${firstPid}/root${place}`);
    const isSandboxFolder = use?.type === TMPFS && use.blocks * use.bsize <= tmpBytes + use.bsize;
    return isSandboxFolder ? use.files - use.ffree : 0;
  });
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Returns the use of a file system in memory; undefined if it is gone. Synchronous, as it needs no disk: see `fileSystemUse`. */
function memoryUse(place: string): StatsFs | undefined {
  try {
    return statfsSync(place);
  } catch {
    return undefined;
  }
}

/** Counts the sockets of the sandbox's network, also those whose descriptor is being sent through another socket. */
function countSockets(firstPid: number): number {
  const text = readProcFile(`/proc/${firstPid}/net/sockstat`);
  return Number(/^sockets: used (\d+)$/m.exec(text)?.[1] ?? 0);
}

function readSocketBytes(): number {
  return Number(readProcFile('/proc/sys/net/core/wmem_default')) || DEFAULT_SOCKET_BYTES;
}
