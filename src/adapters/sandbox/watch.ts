/**
 * Measures a running sandbox every few milliseconds and has it killed when it exceeds a limit.
 *
 * It enforces limits for which the kernel would need privileges that the worker does not have: the memory of all processes
 * together, the kernel's memory for them, and the disk.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { SandboxLimits } from './limits';
import { fileSystemUse, folderUse, namelessBytes, processesOf } from '../machine/usage';
import type { OnExcess } from './run-group';
import { numberIn } from './status';
import { createMemoryWatch } from './watch-memory';

const INTERVAL_MS = 25;
/** The files of the folder are counted at least so often; counting takes at most a tenth of the time. */
const COUNT_INTERVAL_MS = 2_000;
/** The same for file systems that report no number of files: there, many small files are only found by counting. */
const SHORT_COUNT_INTERVAL_MS = 150;
/** If the machine has less free disk space, the run is ended. */
const RESERVE_DISK_BYTES = 256 * 1024 ** 2;

export interface Watched {
  folder: string;
  limits: SandboxLimits;
  /** Returns bubblewrap's report so far. */
  status: () => string;
  /** Folders of the sandbox that are file systems in memory. */
  memoryFolders: string[];
  /** Ends the run; it is called at most once. */
  onExcess: OnExcess;
}
export interface Excess {
  /** The exceeded limit, as a clause. */
  what: string;
  by: 'command' | 'machine';
}

/** Starts the watch; returns the function that stops it. */
export function watch(watched: Watched): () => void {
  const disk = createDiskWatch(watched);
  const memory = createMemoryWatch(watched);
  let list: (() => string[]) | undefined;
  return repeatCheck(watched, disk.begin, async () => {
    const namespace = numberIn(watched.status(), 'pid-namespace');
    if (namespace === undefined) return undefined;
    list ??= processesOf(namespace);
    const pids = list();
    return memory(pids) ?? (await disk.excess(pids));
  });
}

/** Starts a watch of the disk only, for sandboxes in which docker limits the memory. */
export function watchDisk(watched: Pick<Watched, 'folder' | 'limits' | 'onExcess'>): () => void {
  const disk = createDiskWatch(watched);
  return repeatCheck(watched, disk.begin, () => disk.excess([]));
}

function repeatCheck(
  { onExcess }: Pick<Watched, 'onExcess'>,
  begin: () => void,
  check: () => Promise<Excess | undefined>,
): () => void {
  const end = new AbortController();
  const loop = async (): Promise<void> => {
    begin();
    while (!end.signal.aborted) {
      await delay(INTERVAL_MS, undefined, { signal: end.signal }).catch(() => undefined);
      const excess = end.signal.aborted ? undefined : await check();
      if (excess === undefined || end.signal.aborted) continue;
      onExcess(excess.what, excess.by);
      return;
    }
  };
  loop().catch(() => {
    // A watch that fails enforces no limit, so the run is ended.
    if (!end.signal.aborted) onExcess('it could not be watched any more', 'machine');
  });
  return () => end.abort();
}

/** Asks the file system for its use each time, which is cheap; counts the folder's files if that use has grown, and at intervals. */
function createDiskWatch({ folder, limits }: Pick<Watched, 'folder' | 'limits'>) {
  const limit = { bytes: limits.diskBytes, files: limits.diskFiles };
  let base = { bytes: 0, files: 0, freeBytes: 0 };
  let freeBytesAtStart = 0;
  let countAt = 0;
  let countIntervalMs = COUNT_INTERVAL_MS;
  const full = async (): Promise<Excess> => {
    const { bytes } = await folderUse(folder, { bytes: freeBytesAtStart, files: Infinity });
    const isOwn = bytes > freeBytesAtStart / 2;
    return { what: 'the disk of the machine is full', by: isOwn ? 'command' : 'machine' };
  };
  const byCommand = (what: string): Excess => ({ what, by: 'command' });
  return {
    begin(): void {
      base = fileSystemUse(folder);
      freeBytesAtStart = base.freeBytes;
      if (base.files === 0) countIntervalMs = SHORT_COUNT_INTERVAL_MS;
      countAt = performance.now() + countIntervalMs;
    },
    async excess(pids: string[]): Promise<Excess | undefined> {
      const now = fileSystemUse(folder);
      if (now.freeBytes < RESERVE_DISK_BYTES) return full();
      const grew = now.bytes - base.bytes > limit.bytes / 4 || now.files - base.files > limit.files / 4;
      if (!grew && performance.now() < countAt) return undefined;
      const startedAt = performance.now();
      const use = await folderUse(folder, limit);
      // Growth is measured from here on, so that a folder that has stopped growing is not counted again each time.
      if (grew && use.bytes < limit.bytes / 2 && use.files < limit.files / 2) base = now;
      countAt = performance.now() + Math.max(countIntervalMs, 10 * (performance.now() - startedAt));
      if (use.files > limit.files) return byCommand(`it made more than ${limit.files} files`);
      const bytes = use.bytes + (grew ? await namelessBytes(pids) : 0);
      return bytes > limit.bytes ? byCommand(`it wrote more than ${limit.bytes} bytes to disk`) : undefined;
    },
  };
}
