/**
 * Scratch folders: made for one use, owned by the user that may write there, removed whatever happens.
 */
import { chmod, chown, lchown, readdir } from 'node:fs/promises';
import { runProgram } from '../machine/processes/run-program';
import { discardFolder } from '../machine/remove-folder';
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
    await discardFolder(folder);
  }
}

/** Gives the folder and all in it to the user. Links are changed themselves, never followed. */
export async function giveTo(folder: string, { uid, gid }: Owner): Promise<void> {
  await lchown(folder, uid, gid);
  if ((await readdir(folder)).length === 0) return;
  await runProgram('/bin/chown', ['-R', '-h', '-P', `${uid}:${gid}`, '--', folder]);
}

/** Ours from now on, and for everybody to read only. Links are left as they are. */
export async function seal(folder: string): Promise<void> {
  const owner = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
  await runProgram('/bin/chown', ['-R', '-h', '-P', owner, '--', folder]);
  await runProgram('/bin/chmod', ['-R', 'a+rX,u+w,go-w,ug-s', '--', folder]);
}
