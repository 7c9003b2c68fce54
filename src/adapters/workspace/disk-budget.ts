/**
 * Limits the size of a project's repository on disk: git itself accepts whatever amount the other side sends.
 */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../domain/failures';
import { STALE_MS } from '../machine/leftovers';
import type { Leftovers } from '../machine/leftovers';
import { folderUse } from '../machine/usage';

export const MAX_REPOSITORY_BYTES = 4 * 1024 ** 3;
const CHECK_INTERVAL_MS = 100;

/** Runs `fetch` and ends it by its signal when the repository outgrows the limit. Throws Failure `Workspace.TooLarge`. */
export async function withinBudget<T>(
  folder: string,
  limitBytes: number,
  fetch: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = { bytes: limitBytes, files: Infinity };
  const exceedsLimit = async (): Promise<boolean> => (await folderUse(folder, limit)).bytes > limitBytes;
  if (await exceedsLimit()) throw tooLarge(limitBytes);
  const abort = new AbortController();
  let pendingCheck = Promise.resolve();
  const timer = setInterval(() => {
    pendingCheck = pendingCheck.then(async () => {
      if (!abort.signal.aborted && (await exceedsLimit())) abort.abort();
    });
  }, CHECK_INTERVAL_MS);
  try {
    const result = await fetch(abort.signal);
    if (await exceedsLimit()) abort.abort();
    abort.signal.throwIfAborted();
    return result;
  } catch (error) {
    if (!abort.signal.aborted) throw error;
    await removePartialPacks(folder);
    throw tooLarge(limitBytes);
  } finally {
    clearInterval(timer);
  }
}

/** Removes what a killed fetch leaves. A fetch that runs in the same repository at this moment fails and is tried again. */
async function removePartialPacks(folder: string): Promise<void> {
  const packs = join(folder, 'objects/pack');
  const names = (await readdir(packs)).filter((name) => name.startsWith('tmp_'));
  await Promise.all(names.map((name) => rm(join(packs, name), { force: true })));
}

/** Describes the partial packs that stay if this process is killed, too. `root` is the folder of all repositories. */
export function packLeftovers(root: string): Leftovers[] {
  return [
    { folder: root, below: ['*', 'objects', 'pack'], name: /^tmp_(pack|idx|rev)_\w+$/, afterMs: STALE_MS },
    // git keeps the objects of a push in a folder of their own until the push is complete.
    { folder: root, below: ['*', 'objects'], name: /^(tmp_objdir-)?incoming-\w+$/, afterMs: STALE_MS },
  ];
}

function tooLarge(limitBytes: number): Failure {
  const wayOut = 'Give a smaller repository, or a branch with less history';
  return new Failure('Workspace.TooLarge', `The repository takes more than ${limitBytes} bytes on disk. ${wayOut}.`);
}
