/**
 * Measures what processes and folders use at this moment: memory, descriptors, bytes and files.
 *
 * It follows no links and trusts no names, because sandboxed commands may have made them.
 */
import { readdirSync, readFileSync, readlinkSync, statfsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { startProgram } from './processes/start';

export interface DiskUsage {
  bytes: number;
  files: number;
}

/** For this time a process of another namespace is not checked again. After it, a new process may have the same pid. */
const RECHECK_MS = 250;

/**
 * Returns a function that lists the processes of a PID namespace, by their pids outside of it. It is synchronous, because `/proc` answers
 * in microseconds and the thread pool does not. A process never changes its namespace, so processes of other namespaces are checked
 * only once in a while.
 */
export function processesOf(namespace: number): () => string[] {
  const wantedNamespace = `pid:[${namespace}]`;
  let otherPids = new Set<string>();
  let recheckAt = 0;
  return () => {
    if (performance.now() >= recheckAt) [otherPids, recheckAt] = [new Set(), performance.now() + RECHECK_MS];
    return readdirSync('/proc').filter((name) => {
      if (otherPids.has(name) || !/^\d+$/.test(name)) return false;
      const ownNamespace = namespaceOf(name);
      if (ownNamespace !== undefined && ownNamespace !== wantedNamespace) otherPids.add(name);
      return ownNamespace === wantedNamespace;
    });
  };
}

/** Returns undefined for a process that has ended or that this user may not inspect. */
function namespaceOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined;
  }
}

export interface ProcessUse {
  /** Memory of these processes, without files. Pages that processes share after a fork count for each of them. */
  memoryBytes: number;
  /** Size of the descriptor tables beyond their initial size. The number of open descriptors is not larger. */
  descriptors: number;
}
/** Initial size of a process's descriptor table. */
const INITIAL_DESCRIPTORS = 64;

export function processUse(pids: string[]): ProcessUse {
  const use = { memoryBytes: 0, descriptors: 0 };
  for (const pid of pids) {
    const { status } = findLivingThread(pid);
    const kilobytes = [...status.matchAll(/^(?:RssAnon|RssShmem|VmPTE|VmSwap):\s+(\d+) kB$/gm)];
    use.memoryBytes += kilobytes.reduce((sum, match) => sum + Number(match[1]), 0) * 1024;
    const tableSize = Number(/^FDSize:\s+(\d+)$/m.exec(status)?.[1] ?? 0);
    use.descriptors += Math.max(0, tableSize - INITIAL_DESCRIPTORS);
  }
  return use;
}

/**
 * Reads the status of a process. If its first thread has ended, only the other threads report memory, so the status of one of them is
 * returned.
 */
function findLivingThread(pid: string): { path: string; status: string } {
  const path = `/proc/${pid}`;
  const status = readProcFile(`${path}/status`);
  if (!/^State:\s+Z/m.test(status)) return { path, status };
  const threadPaths = threadsOf(pid).map((thread) => `${path}/task/${thread}`);
  const threads = threadPaths.map((thread) => ({ path: thread, status: readProcFile(`${thread}/status`) }));
  return threads.find((thread) => /^RssAnon:/m.test(thread.status)) ?? { path, status };
}

function threadsOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** Reads a file of `/proc`; empty if the process has ended. */
export function readProcFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Returns the available memory of the machine, in bytes; Infinity if the kernel does not report it. */
export function freeMemory(): number {
  const available = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
  return available === undefined ? Infinity : Number(available) * 1024;
}

/**
 * Measures the whole file system of a folder, with one system call. It includes what other processes write. It is synchronous, because the
 * kernel answers in microseconds and a turn through the thread pool takes ten times that.
 */
export function fileSystemUse(folder: string): DiskUsage & { freeBytes: number } {
  const { bsize, blocks, bfree, files, ffree } = statfsSync(folder);
  return { bytes: (blocks - bfree) * bsize, files: files - ffree, freeBytes: bfree * bsize };
}

/**
 * Counts bytes and files of a folder, and stops soon after a limit is passed. It uses `find` in a process of its own, because a folder may
 * have any number of names at any depth. A file with two hard links counts twice. Throws if `find` cannot be started.
 */
export async function folderUse(folder: string, limit: DiskUsage): Promise<DiskUsage> {
  const counter = createCounter();
  const program = startProgram({
    ...{ file: '/usr/bin/find', args: [folder, '-xdev', '-mindepth', '1', '-printf', '%y%b\\n'], env: { LC_ALL: 'C' } },
    outputs: {
      1: (chunk) => {
        counter.add(chunk);
        if (counter.use.bytes > limit.bytes || counter.use.files > limit.files) program.kill();
      },
    },
  });
  await program.closed;
  return counter.use;
}

/** Counts the lines of `find`: a letter for the kind, `f` for a file, and the number of blocks of 512 bytes. */
function createCounter() {
  const use = { bytes: 0, files: 0 };
  let blocks = 0;
  let isFile = false;
  return {
    use,
    add(chunk: Buffer): void {
      for (const byte of chunk) {
        if (byte === 0x0a) {
          use.files += 1;
          use.bytes += isFile ? blocks * 512 : 0;
          blocks = 0;
        } else if (byte >= 0x30 && byte <= 0x39) blocks = blocks * 10 + byte - 0x30;
        else isFile = byte === 0x66;
      }
    },
  };
}

/** Returns the bytes of deleted files that the processes still hold open. No walk over folders finds them. */
export async function namelessBytes(pids: string[]): Promise<number> {
  const bytesByFile = new Map<string, number>();
  for (const pid of pids) {
    const { path } = findLivingThread(pid);
    const descriptors = await readdir(`${path}/fd`).catch(() => []);
    for (const number of descriptors) {
      const file = await stat(`${path}/fd/${number}`).catch(() => undefined);
      if (file?.isFile() && file.nlink === 0) bytesByFile.set(`${file.dev}:${file.ino}`, file.blocks * 512);
    }
  }
  return [...bytesByFile.values()].reduce((sum, bytes) => sum + bytes, 0);
}
