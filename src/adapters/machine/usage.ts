/**
 * What processes and folders take at this moment: memory, bytes and files.
 *
 * Nothing here follows a link or trusts a name that was made inside.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { lstat, readdir, stat, statfs } from 'node:fs/promises';

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

/** Memory that only these processes hold. Pages shared after a fork count for each: too much rather than too little. */
export function memoryOf(pids: string[]): number {
  const sizes = pids.map((pid) => {
    const kilobytes = [...livingThread(pid).status.matchAll(/^(?:RssAnon|RssShmem|VmPTE|VmSwap):\s+(\d+) kB$/gm)];
    return kilobytes.reduce((sum, match) => sum + Number(match[1]), 0) * 1024;
  });
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
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
function textOf(path: string): string {
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

/** One system call, however full: of the whole file system, so other writers are in it too. */
export async function fileSystemUse(folder: string): Promise<DiskUse & { freeBytes: number }> {
  const { bsize, blocks, bfree, files, ffree } = await statfs(folder);
  return { bytes: (blocks - bfree) * bsize, files: files - ffree, freeBytes: bfree * bsize };
}

/** Counts until a limit is passed, and no further. Two names of one file count twice. Names may be any bytes. */
export async function folderUse(folder: string, limit: DiskUse): Promise<DiskUse> {
  const use = { bytes: 0, files: 0 };
  const open: Buffer[] = [Buffer.from(folder)];
  for (let at = open.pop(); at !== undefined && use.bytes <= limit.bytes && use.files <= limit.files; at = open.pop()) {
    const below = at;
    const entries = await readdir(at, { withFileTypes: true, encoding: 'buffer' }).catch(
      (): Array<Dirent<Buffer>> => [],
    );
    const pathOf = (entry: Dirent<Buffer>): Buffer => Buffer.concat([below, Buffer.from('/'), entry.name]);
    use.files += entries.length;
    open.push(...entries.filter((each) => each.isDirectory()).map(pathOf));
    const sizes = await Promise.all(entries.filter((each) => each.isFile()).map((each) => blocksOf(pathOf(each))));
    use.bytes += sizes.reduce((sum, bytes) => sum + bytes, 0);
  }
  return use;
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

async function blocksOf(path: Buffer): Promise<number> {
  const file = await lstat(path).catch(() => undefined);
  return file === undefined ? 0 : file.blocks * 512;
}
