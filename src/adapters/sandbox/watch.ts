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
/** The longest time between two counts of the files of the folder; counting takes at most a tenth of the time. */
const COUNT_INTERVAL_MS = 2_000;
/** The same for file systems that report no number of files: there, many small files are only found by counting. */
const SHORT_COUNT_INTERVAL_MS = 150;
/** If the machine has less free disk space, the run is ended. */
const RESERVE_DISK_BYTES = 256 * 1024 ** 2;

export interface WatchInput {
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
export function watch(input: WatchInput): () => void {
  const disk = createDiskWatch(input);
  const memory = createMemoryWatch(input);
  let listPids: (() => string[]) | undefined;
  return repeatCheck(input, disk.begin, async () => {
    const namespace = numberIn(input.status(), 'pid-namespace');
    if (namespace === undefined) return undefined;
    listPids ??= processesOf(namespace);
    const pids = listPids();
    return memory(pids) ?? (await disk.excess(pids));
  });
}

/** Starts a watch of the disk only, for sandboxes in which docker limits the memory. */
export function watchDisk(watched: Pick<WatchInput, 'folder' | 'limits' | 'onExcess'>): () => void {
  const disk = createDiskWatch(watched);
  return repeatCheck(watched, disk.begin, () => disk.excess([]));
}

function repeatCheck(
  { onExcess }: Pick<WatchInput, 'onExcess'>,
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
function createDiskWatch({ folder, limits }: Pick<WatchInput, 'folder' | 'limits'>) {
  const limit = { bytes: limits.diskBytes, files: limits.diskFiles };
  let lastUse = { bytes: 0, files: 0, freeBytes: 0 };
  let freeBytesAtStart = 0;
  let nextCountAt = 0;
  let countIntervalMs = COUNT_INTERVAL_MS;
  const describeFullDisk = async (): Promise<Excess> => {
    const { bytes } = await folderUse(folder, { bytes: freeBytesAtStart, files: Infinity });
    const isByCommand = bytes > freeBytesAtStart / 2;
    return { what: 'the disk of the machine is full', by: isByCommand ? 'command' : 'machine' };
  };
  const byCommand = (what: string): Excess => ({ what, by: 'command' });
  return {
    begin(): void {
      lastUse = fileSystemUse(folder);
      freeBytesAtStart = lastUse.freeBytes;
      if (lastUse.files === 0) countIntervalMs = SHORT_COUNT_INTERVAL_MS;
      nextCountAt = performance.now() + countIntervalMs;
    },
    async excess(pids: string[]): Promise<Excess | undefined> {
      const currentUse = fileSystemUse(folder);
      if (currentUse.freeBytes < RESERVE_DISK_BYTES) return describeFullDisk();
      const hasGrown =
        currentUse.bytes - lastUse.bytes > limit.bytes / 4 || currentUse.files - lastUse.files > limit.files / 4;
      if (!hasGrown && performance.now() < nextCountAt) return undefined;
      const startedAt = performance.now();
      const use = await folderUse(folder, limit);
      // Growth is measured from here on, so that a folder that has stopped growing is not counted again each time.
      if (hasGrown && use.bytes < limit.bytes / 2 && use.files < limit.files / 2) lastUse = currentUse;
      nextCountAt = performance.now() + Math.max(countIntervalMs, 10 * (performance.now() - startedAt));
      if (use.files > limit.files) return byCommand(`it made more than ${limit.files} files`);
      const bytes = use.bytes + (hasGrown ? await namelessBytes(pids) : 0);
      return bytes > limit.bytes ? byCommand(`it wrote more than ${limit.bytes} bytes to disk`) : undefined;
    },
  };
}
