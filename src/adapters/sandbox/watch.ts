/**
 * Looks at a running sandbox every few milliseconds and has it killed when it takes more than it may.
 *
 * For what no kernel limit holds without rights we do not have: the memory of all processes together, what the kernel keeps for them,
 * and the disk.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { SandboxLimits } from './limits';
import { fileSystemUse, folderUse, namelessBytes, processesOf } from '../machine/usage';
import type { OnExcess } from './run-group';
import { numberIn } from './status';
import { createMemoryWatch } from './watch-memory';

const EVERY_MS = 25;
/** A whole count of the folder, where nothing suggests one. It then takes at most a tenth of the time. */
const COUNT_EVERY_MS = 2_000;
/** File systems that have no count of files show a flood of small ones only to a whole count. */
const COUNT_BLIND_EVERY_MS = 150;
/** Below this, whatever runs in a sandbox is ended before the machine suffers. */
const RESERVE_DISK_BYTES = 256 * 1024 ** 2;

export interface Watched {
  folder: string;
  limits: SandboxLimits;
  /** What bubblewrap has reported so far. */
  status: () => string;
  /** Places in the sandbox that are file systems in memory. */
  memoryFolders: string[];
  /** Called once. */
  onExcess: OnExcess;
}
export interface Excess {
  /** What was wrong, as a clause. */
  what: string;
  by: 'command' | 'machine';
}

/** Gives the function that ends the watch. */
export function watch(watched: Watched): () => void {
  const disk = createDiskWatch(watched);
  const memory = createMemoryWatch(watched);
  let list: (() => string[]) | undefined;
  return keepLooking(watched, disk.begin, async () => {
    const namespace = numberIn(watched.status(), 'pid-namespace');
    if (namespace === undefined) return undefined;
    list ??= processesOf(namespace);
    const pids = list();
    return memory(pids) ?? (await disk.excess(pids));
  });
}

/** Where something else holds the memory. */
export function watchDisk(watched: Pick<Watched, 'folder' | 'limits' | 'onExcess'>): () => void {
  const disk = createDiskWatch(watched);
  return keepLooking(watched, disk.begin, () => disk.excess([]));
}

function keepLooking(
  { onExcess }: Pick<Watched, 'onExcess'>,
  begin: () => void,
  look: () => Promise<Excess | undefined>,
): () => void {
  const end = new AbortController();
  const loop = async (): Promise<void> => {
    begin();
    while (!end.signal.aborted) {
      await delay(EVERY_MS, undefined, { signal: end.signal }).catch(() => undefined);
      const excess = end.signal.aborted ? undefined : await look();
      if (excess === undefined || end.signal.aborted) continue;
      onExcess(excess.what, excess.by);
      return;
    }
  };
  loop().catch(() => {
    // A watch that cannot look holds nothing.
    if (!end.signal.aborted) onExcess('it could not be watched any more', 'machine');
  });
  return () => end.abort();
}

/** One cheap look at the whole file system each time; the folder is counted where that has grown, and now and then. */
function createDiskWatch({ folder, limits }: Pick<Watched, 'folder' | 'limits'>) {
  const limit = { bytes: limits.diskBytes, files: limits.diskFiles };
  let base = { bytes: 0, files: 0, freeBytes: 0 };
  let freeAtFirst = 0;
  let countAt = 0;
  let countEveryMs = COUNT_EVERY_MS;
  const full = async (): Promise<Excess> => {
    const { bytes } = await folderUse(folder, { bytes: freeAtFirst, files: Infinity });
    const isOwn = bytes > freeAtFirst / 2;
    return { what: 'the disk of the machine is full', by: isOwn ? 'command' : 'machine' };
  };
  const byCommand = (what: string): Excess => ({ what, by: 'command' });
  return {
    begin(): void {
      base = fileSystemUse(folder);
      freeAtFirst = base.freeBytes;
      if (base.files === 0) countEveryMs = COUNT_BLIND_EVERY_MS;
      countAt = performance.now() + countEveryMs;
    },
    async excess(pids: string[]): Promise<Excess | undefined> {
      const now = fileSystemUse(folder);
      if (now.freeBytes < RESERVE_DISK_BYTES) return full();
      const grew = now.bytes - base.bytes > limit.bytes / 4 || now.files - base.files > limit.files / 4;
      if (!grew && performance.now() < countAt) return undefined;
      const startedAt = performance.now();
      const use = await folderUse(folder, limit);
      // Measured from here on, so that a folder that has stopped growing is not counted again each time.
      if (grew && use.bytes < limit.bytes / 2 && use.files < limit.files / 2) base = now;
      countAt = performance.now() + Math.max(countEveryMs, 10 * (performance.now() - startedAt));
      if (use.files > limit.files) return byCommand(`it made more than ${limit.files} files`);
      const bytes = use.bytes + (grew ? await namelessBytes(pids) : 0);
      return bytes > limit.bytes ? byCommand(`it wrote more than ${limit.bytes} bytes to disk`) : undefined;
    },
  };
}
