/**
 * Where installed programs are looked for: the folders of PATH, then those of the system, whatever PATH is.
 */
import { execFile } from 'node:child_process';
import { delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { mayRun } from './find-program';

const SYSTEM_FOLDERS = ['/usr/local/bin', '/usr/bin', '/bin'];

/** A shell says what this process's PATH is: only the settings are read from the environment directly. */
export async function programFolders(): Promise<string[]> {
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', 'printf %s "$PATH"']);
  return [...new Set([...stdout.split(delimiter).filter((folder) => isAbsolute(folder)), ...SYSTEM_FOLDERS])];
}

/** The first executable of that name that `fits`. */
export async function findInFolders(
  name: string,
  folders: readonly string[],
  fits: (path: string) => Promise<boolean> = async () => true,
): Promise<string | undefined> {
  for (const folder of folders) {
    const path = join(folder, name);
    if ((await mayRun(path)) && (await fits(path))) return path;
  }
  return undefined;
}
