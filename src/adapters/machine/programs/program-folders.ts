/**
 * Lists the folders in which the orchestrator looks for installed programs: the folders of PATH, then those of the system.
 */
import { execFile } from 'node:child_process';
import { delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { isExecutable } from './find-program';

const SYSTEM_FOLDERS = ['/usr/local/bin', '/usr/bin', '/bin'];

/** Asks a shell for PATH, because only the program's settings may read the environment directly. */
export async function programFolders(): Promise<string[]> {
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', 'printf %s "$PATH"']);
  return [...new Set([...stdout.split(delimiter).filter((folder) => isAbsolute(folder)), ...SYSTEM_FOLDERS])];
}

/** Returns the first executable of that name for which `fits` returns true. */
export async function findInFolders(
  name: string,
  folders: readonly string[],
  isWanted: (path: string) => Promise<boolean> = async () => true,
): Promise<string | undefined> {
  for (const folder of folders) {
    const path = join(folder, name);
    if ((await isExecutable(path)) && (await isWanted(path))) return path;
  }
  return undefined;
}
