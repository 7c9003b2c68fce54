/**
 * Removes folders in which commands have worked, by `rm` in a process of its own, so that the JavaScript thread is not blocked. `rm`
 * works by descriptor, so deep folders and long paths do not matter. Links are removed and never followed.
 */
import { randomBytes } from 'node:crypto';
import { channel } from 'node:diagnostics_channel';
import { chmod, lchown, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Leftovers } from './leftovers';
import { startProgram } from './processes/start';

/** A diagnostics channel with a `LeftBehind` message for each folder that could not be removed. */
export const leftBehind = channel('q-orchestrator:left-behind');
export interface LeftBehind {
  /** The folder's current path. */
  folder: string;
  why: string;
}

const MAX_TRIES = 3;
/** Ends the removal of a folder to which a command writes faster than `rm` empties it. */
const REMOVAL_TIMEOUT_MS = 600_000;

/** Removes a folder, a file or a link. Throws if it cannot be removed. */
export async function removeFolder(folder: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    // Content of another file system is not the command's own, so `rm` stays on this one.
    const why = await failureOf('/bin/rm', ['-rf', '--one-file-system', '--', folder]);
    if (why === undefined) return;
    if (attempt === MAX_TRIES) throw new Error(`${folder} cannot be removed: ${why}`);
    // The command may have removed its own permission to enter a folder: as the owner, this process can give it back. Or the command
    // still writes there, and the next attempt finds the new files.
    await failureOf('/bin/chmod', ['-R', 'u+rwX', '--', folder]);
  }
}

/** Never throws: a folder that cannot be removed is renamed, so that the next sweep finds it, and published on `leftBehind`. */
export async function discardFolder(folder: string): Promise<void> {
  try {
    await removeFolder(folder);
  } catch (error) {
    const leftName = join(dirname(folder), `q-left-${randomBytes(6).toString('hex')}`);
    const isRenamed = await succeeds(rename(folder, leftName));
    const path = isRenamed ? leftName : folder;
    // A later command may run as the same user, and must not reach the folder.
    if (process.getuid?.() === 0) await succeeds(lchown(path, 0, 0));
    await succeeds(chmod(path, 0o700));
    const message: LeftBehind = { folder: path, why: error instanceof Error ? error.message : String(error) };
    leftBehind.publish(message);
  }
}

/** The leftovers that `discardFolder` has renamed in `folder`. Each sweep tries again to remove them. */
export function setAsideLeftovers(folder: string, isOwner?: (uid: number) => boolean): Leftovers[] {
  return [{ folder, name: /^q-left-[0-9a-f]{12}$/, afterMs: 0, ...(isOwner && { isOwner }) }];
}

/** Runs a program. Returns undefined if it ends with 0, else the last line of its stderr. */
async function failureOf(file: string, args: string[]): Promise<string | undefined> {
  let stderr = '';
  const appendStderr = (chunk: Buffer): void => void (stderr = (stderr + chunk.toString('utf8')).slice(-1_000));
  const program = startProgram({ file, args, env: { LC_ALL: 'C' }, outputs: { 2: appendStderr } });
  const timer = setTimeout(program.kill, REMOVAL_TIMEOUT_MS);
  const code = await program.closed.finally(() => clearTimeout(timer));
  if (code === 0) return undefined;
  return (stderr.trim().split('\n').at(-1) ?? '') || `${file} ended with ${code ?? 'a signal'}`;
}

function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}
