/**
 * Makes scratch folders for one use: owned by the user that may write there, and removed after the use, also after an error.
 */
import { chmod, chown, lchown, readdir } from 'node:fs/promises';
import { runProgram } from '../machine/processes/run-program';
import { discardFolder } from '../machine/remove-folder';
import { makeTemporary } from '../machine/temporaries';

export interface Owner {
  uid: number;
  gid: number;
}

/** Makes a scratch folder for `use`. Without an owner, it belongs to the worker's user. */
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

/** Gives the folder and everything in it to the user. The owner of links changes too; links are never followed. */
export async function giveTo(folder: string, { uid, gid }: Owner): Promise<void> {
  await lchown(folder, uid, gid);
  if ((await readdir(folder)).length === 0) return;
  await runProgram('/bin/chown', ['-R', '-h', '-P', `${uid}:${gid}`, '--', folder]);
}

/** Gives the folder to the worker's user, and lets all other users only read it. The mode of links is not changed. */
export async function seal(folder: string): Promise<void> {
  const owner = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
  await runProgram('/bin/chown', ['-R', '-h', '-P', owner, '--', folder]);
  await runProgram('/bin/chmod', ['-R', 'a+rX,u+w,go-w,ug-s', '--', folder]);
}
