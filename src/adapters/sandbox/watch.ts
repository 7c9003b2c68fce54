/**
 * Looks at a running sandbox every few milliseconds and has it killed when it takes more than it may.
 *
 * For what no kernel limit holds without rights we do not have: the memory of all processes together, and the disk.
 */
import { statfs } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { SandboxLimits } from './limits';
import { fileSystemUse, folderUse, freeMemory, memoryOf, namelessBytes, processesOf } from '../machine/usage';
import { numberIn } from './status';

const EVERY_MS = 25;
/** A whole count of the folder, where nothing suggests one. It then takes at most a tenth of the time. */
const COUNT_EVERY_MS = 2_000;
/** File systems that have no count of files show a flood of small ones only to a whole count. */
const COUNT_BLIND_EVERY_MS = 150;
/** Below these, whatever runs in a sandbox is ended before the machine suffers. */
const RESERVE_MEMORY_BYTES = 128 * 1024 ** 2;
const RESERVE_DISK_BYTES = 256 * 1024 ** 2;

export interface Watched {
  folder: string;
  limits: SandboxLimits;
  /** What bubblewrap has reported so far. */
  status: () => string;
  /** Called once, with what was wrong as a clause. */
  onExcess: (what: string) => void;
}

/** Gives the function that ends the watch. */
export function watch(watched: Watched): () => void {
  const disk = createDiskWatch(watched);
  let list: (() => string[]) | undefined;
  return keepLooking(watched, disk.begin, async () => {
    const namespace = numberIn(watched.status(), 'pid-namespace');
    if (namespace === undefined) return undefined;
    list ??= processesOf(namespace);
    const pids = list();
    return memoryExcess(pids, watched.limits) ?? (await disk.excess(pids));
  });
}

/** Where something else holds the memory. */
export function watchDisk(watched: Omit<Watched, 'status'>): () => void {
  const disk = createDiskWatch({ ...watched, status: () => '' });
  return keepLooking(watched, disk.begin, () => disk.excess([]));
}

function keepLooking(
  { onExcess }: Pick<Watched, 'onExcess'>,
  begin: () => Promise<void>,
  look: () => Promise<string | undefined>,
): () => void {
  const end = new AbortController();
  const loop = async (): Promise<void> => {
    await begin();
    while (!end.signal.aborted) {
      await delay(EVERY_MS, undefined, { signal: end.signal }).catch(() => undefined);
      const excess = end.signal.aborted ? undefined : await look();
      if (excess === undefined || end.signal.aborted) continue;
      onExcess(excess);
      return;
    }
  };
  loop().catch(() => {
    // A watch that cannot look holds nothing.
    if (!end.signal.aborted) onExcess('it could not be watched any more');
  });
  return () => end.abort();
}

function memoryExcess(pids: string[], { memoryBytes }: SandboxLimits): string | undefined {
  if (memoryOf(pids) > memoryBytes) return `its processes took more than ${memoryBytes} bytes of memory`;
  return freeMemory() < RESERVE_MEMORY_BYTES ? 'the machine ran out of memory' : undefined;
}

/** One cheap look at the whole file system each time; the folder is counted where that has grown, and now and then. */
function createDiskWatch({ folder, limits, status }: Watched) {
  const limit = { bytes: limits.diskBytes, files: limits.diskFiles };
  let base = { bytes: 0, files: 0 };
  let countAt = 0;
  let countEveryMs = COUNT_EVERY_MS;
  return {
    async begin(): Promise<void> {
      base = await fileSystemUse(folder);
      if (base.files === 0) countEveryMs = COUNT_BLIND_EVERY_MS;
      countAt = performance.now() + countEveryMs;
    },
    async excess(pids: string[]): Promise<string | undefined> {
      const now = await fileSystemUse(folder);
      if (now.freeBytes < RESERVE_DISK_BYTES) return 'the disk of the machine is full';
      if (await tooManyInTmp(status(), limits)) return `it made more than ${limits.diskFiles} files in /tmp`;
      const grew = now.bytes - base.bytes > limit.bytes / 4 || now.files - base.files > limit.files / 4;
      if (!grew && performance.now() < countAt) return undefined;
      const startedAt = performance.now();
      const use = await folderUse(folder, limit);
      // Measured from here on, so that a folder that has stopped growing is not counted again each time.
      if (grew && use.bytes < limit.bytes / 2 && use.files < limit.files / 2) base = now;
      countAt = performance.now() + Math.max(countEveryMs, 10 * (performance.now() - startedAt));
      if (use.files > limit.files) return `it made more than ${limit.files} files`;
      const bytes = use.bytes + (grew ? await namelessBytes(pids) : 0);
      return bytes > limit.bytes ? `it wrote more than ${limit.bytes} bytes to disk` : undefined;
    },
  };
}

/** Asked through the sandbox's own root; before that is set up, `/tmp` is still the one of this machine. */
async function tooManyInTmp(status: string, limits: SandboxLimits): Promise<boolean> {
  const TMPFS = 0x01021994;
  const use = await statfs(`/proc/${numberIn(status, 'child-pid')}/root/tmp`).catch(() => undefined);
  const isOurs = use?.type === TMPFS && use.blocks * use.bsize <= limits.tmpBytes + use.bsize;
  return isOurs && use.files - use.ffree > limits.diskFiles;
}
