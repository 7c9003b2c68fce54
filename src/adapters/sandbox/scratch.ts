/**
 * Scratch folders: made for one use, owned by the user that may write there, removed whatever happens.
 */
import { chmod, chown, lchown, readdir, rm } from 'node:fs/promises';
import { startProgram } from '../machine/processes/start';
import { makeTemporary } from '../machine/temporaries';

export interface Owner {
  uid: number;
  gid: number;
}

/** `owner` undefined: this process's own user. */
export async function withScratch<T>(
  root: string,
  owner: Owner | undefined,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await makeTemporary(root, 'scratch');
  try {
    await chmod(folder, 0o700);
    if (owner !== undefined) await chown(folder, owner.uid, owner.gid);
    return await use(folder);
  } finally {
    await removeScratch(folder);
  }
}

/** Gives the folder and all in it to the user. Links are changed themselves, never followed. */
export async function giveTo(folder: string, { uid, gid }: Owner): Promise<void> {
  await lchown(folder, uid, gid);
  if ((await readdir(folder)).length === 0) return;
  await succeed('/bin/chown', ['-R', '-h', '-P', `${uid}:${gid}`, '--', folder]);
}

/** Ours from now on, and for everybody to read only. Links are left as they are. */
export async function seal(folder: string): Promise<void> {
  const owner = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
  await succeed('/bin/chown', ['-R', '-h', '-P', owner, '--', folder]);
  await succeed('/bin/chmod', ['-R', 'a+rX,u+w,go-w,ug-s', '--', folder]);
}

export async function removeScratch(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // A command may have taken away its own right to enter a folder; it is still ours.
    await succeed('/bin/chmod', ['-R', 'u+rwX', '--', folder]);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function succeed(file: string, args: string[]): Promise<void> {
  const code = await startProgram({ file, args, env: {}, outputs: {} }).closed;
  if (code !== 0) throw new Error(`${file} ended with ${code} on ${args.at(-1)}.`);
}
