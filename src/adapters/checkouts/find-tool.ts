/**
 * Tells whether the worker has a program. A stand-in that would download the real program does not count.
 */
import { access, constants, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';

export function createToolFinder(env: Readonly<Record<string, string>>): (name: string) => Promise<boolean> {
  const folders = (env['PATH'] ?? '').split(':').filter((folder) => folder.startsWith('/'));
  return async (name) => {
    for (const folder of folders) {
      const path = join(folder, name);
      const isThere = await access(path, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (isThere) return !(await isStandIn(path));
    }
    return false;
  };
}

/** True for corepack's programs, which download a package manager, and pyenv's shims, whose program another Python may have. */
async function isStandIn(path: string): Promise<boolean> {
  if (/corepack|\/(shims)\//.test(`${path}\n${await realpath(path)}`)) return true;
  const head = (await readFile(path, 'utf8').catch(() => '')).slice(0, 400);
  return head.startsWith('#!') && head.includes('corepack');
}
