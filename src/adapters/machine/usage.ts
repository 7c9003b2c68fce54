/**
 * What processes and folders take at this moment: memory, bytes and files.
 *
 * Nothing here follows a link or trusts a name that was made inside.
 */
import { readdirSync, readFileSync, readlinkSync, statfsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { startProgram } from './processes/start';

export interface DiskUse {
  bytes: number;
  files: number;
}

/** How long a process that was seen in another namespace is not asked again: a new one may be given its number by then. */
const OTHERS_MS = 250;

/**
 * Gives a function that lists the processes of a process-id namespace, by their ids here. It waits for each answer: `/proc` gives
 * them in microseconds, a thread does not. A process never changes its namespace, so those of others are asked once in a while.
 */
export function processesOf(namespace: number): () => string[] {
  const wanted = `pid:[${namespace}]`;
  let others = new Set<string>();
  let forgetAt = 0;
  return () => {
    if (performance.now() >= forgetAt) [others, forgetAt] = [new Set(), performance.now() + OTHERS_MS];
    return readdirSync('/proc').filter((name) => {
      if (others.has(name) || !/^\d+$/.test(name)) return false;
      const found = namespaceOf(name);
      if (found !== undefined && found !== wanted) others.add(name);
      return found === wanted;
    });
  };
}

/** Undefined for a process that has ended, or that this user may not look at. */
function namespaceOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined;
  }
}

export interface ProcessUse {
  /** Memory that only these processes hold. Pages shared after a fork count for each: too much rather than too little. */
  memoryBytes: number;
  /** Room for open descriptors beyond what each process begins with: at least as many as are open there. */
  descriptors: number;
}
/** What a process's table of descriptors holds at first. */
const FIRST_DESCRIPTORS = 64;

export function processUse(pids: string[]): ProcessUse {
  const use = { memoryBytes: 0, descriptors: 0 };
  for (const pid of pids) {
    const { status } = livingThread(pid);
    const kilobytes = [...status.matchAll(/^(?:RssAnon|RssShmem|VmPTE|VmSwap):\s+(\d+) kB$/gm)];
    use.memoryBytes += kilobytes.reduce((sum, match) => sum + Number(match[1]), 0) * 1024;
    const room = Number(/^FDSize:\s+(\d+)$/m.exec(status)?.[1] ?? 0);
    use.descriptors += Math.max(0, room - FIRST_DESCRIPTORS);
  }
  return use;
}

/** What is said of a process. Its first thread may have ended while others live on; what they hold is then said of them alone. */
function livingThread(pid: string): { path: string; status: string } {
  const path = `/proc/${pid}`;
  const status = textOf(`${path}/status`);
  if (!/^State:\s+Z/m.test(status)) return { path, status };
  const others = threadsOf(pid).map((thread) => `${path}/task/${thread}`);
  const found = others.map((at) => ({ path: at, status: textOf(`${at}/status`) }));
  return found.find((thread) => /^RssAnon:/m.test(thread.status)) ?? { path, status };
}

function threadsOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** Empty for what has ended. */
export function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Memory that the machine can still give. */
export function freeMemory(): number {
  const available = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
  return available === undefined ? Infinity : Number(available) * 1024;
}

/**
 * One system call, however full: of the whole file system, so other writers are in it too. Synchronous: the kernel answers from memory in
 * microseconds, and a turn through the thread pool costs the main thread ten times that.
 */
export function fileSystemUse(folder: string): DiskUse & { freeBytes: number } {
  const { bsize, blocks, bfree, files, ffree } = statfsSync(folder);
  return { bytes: (blocks - bfree) * bsize, files: files - ffree, freeBytes: bfree * bsize };
}

/**
 * Counts until a limit is passed, and not much further; by `find`, outside of this process and by descriptor: a folder may hold any number
 * of names, at any depth. Two names of one file count twice. Throws where it cannot be counted.
 */
export async function folderUse(folder: string, limit: DiskUse): Promise<DiskUse> {
  const counted = createCounter();
  const running = startProgram({
    ...{ file: '/usr/bin/find', args: [folder, '-xdev', '-mindepth', '1', '-printf', '%y%b\\n'], env: { LC_ALL: 'C' } },
    outputs: {
      1: (chunk) => {
        counted.add(chunk);
        if (counted.use.bytes > limit.bytes || counted.use.files > limit.files) running.kill();
      },
    },
  });
  await running.closed;
  return counted.use;
}

/** Of lines with a letter for the kind, `f` for a file, and a number of blocks of 512 bytes. */
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

/** Files that have no name any more and live on in a descriptor: no walk over folders finds them. */
export async function namelessBytes(pids: string[]): Promise<number> {
  const seen = new Map<string, number>();
  for (const pid of pids) {
    const { path } = livingThread(pid);
    const descriptors = await readdir(`${path}/fd`).catch(() => []);
    for (const number of descriptors) {
      const file = await stat(`${path}/fd/${number}`).catch(() => undefined);
      if (file?.isFile() && file.nlink === 0) seen.set(`${file.dev}:${file.ino}`, file.blocks * 512);
    }
  }
  return [...seen.values()].reduce((sum, bytes) => sum + bytes, 0);
}
