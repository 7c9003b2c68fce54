/**
 * Removes folders that commands have worked in, outside of this process: `rm` goes down by descriptor, so that depth, length and
 * number of names do not matter, and this process's one thread is free meanwhile. Links are removed themselves, never followed.
 */
import { randomBytes } from 'node:crypto';
import { channel } from 'node:diagnostics_channel';
import { chmod, lchown, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Leftovers } from './leftovers';
import { startProgram } from './processes/start';

/** Gets a `LeftBehind` for each folder that could not be removed. */
export const leftBehind = channel('q-orchestrator:left-behind');
export interface LeftBehind {
  /** Where it lies now. */
  folder: string;
  why: string;
}

const TRIES = 3;
/** A folder that is written to faster than it is emptied has no end. */
const WITHIN_MS = 600_000;

/** Also a file or link. Throws where it cannot be removed. */
export async function removeFolder(folder: string): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    // What another file system holds is not what the command made.
    const why = await ends('/bin/rm', ['-rf', '--one-file-system', '--', folder]);
    if (why === undefined) return;
    if (tried === TRIES) throw new Error(`${folder} cannot be removed: ${why}`);
    // A command may have taken away its own right to enter a folder, which is still its owner's; or it still writes there.
    await ends('/bin/chmod', ['-R', 'u+rwX', '--', folder]);
  }
}

/** Never throws: what cannot be removed is set aside under a name that `setAsideLeftovers` fits, and said on `leftBehind`. */
export async function discardFolder(folder: string): Promise<void> {
  try {
    await removeFolder(folder);
  } catch (error) {
    const aside = join(dirname(folder), `q-left-${randomBytes(6).toString('hex')}`);
    const isAside = await succeeds(rename(folder, aside));
    const place = isAside ? aside : folder;
    // The next command that is given its owner's user id must not reach it.
    if (process.getuid?.() === 0) await succeeds(lchown(place, 0, 0));
    await succeeds(chmod(place, 0o700));
    const said: LeftBehind = { folder: place, why: error instanceof Error ? error.message : String(error) };
    leftBehind.publish(said);
  }
}

/** What was set aside in `folder`: tried again by each sweep. */
export function setAsideLeftovers(folder: string, isOwner?: (uid: number) => boolean): Leftovers[] {
  return [{ folder, name: /^q-left-[0-9a-f]{12}$/, afterMs: 0, ...(isOwner && { isOwner }) }];
}

/** Undefined where the program ends with 0; else its last words. */
async function ends(file: string, args: string[]): Promise<string | undefined> {
  let words = '';
  const take = (chunk: Buffer): void => void (words = (words + chunk.toString('utf8')).slice(-1_000));
  const running = startProgram({ file, args, env: { LC_ALL: 'C' }, outputs: { 2: take } });
  const timer = setTimeout(running.kill, WITHIN_MS);
  const code = await running.closed.finally(() => clearTimeout(timer));
  return code === 0 ? undefined : (words.trim().split('\n').at(-1) ?? '') || `${file} ended with ${code ?? 'a signal'}`;
}

function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}
