/**
 * Whether the worker has a program of its own: one that is no stand-in which would fetch the real one.
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

/** corepack's programs fetch a package manager; pyenv's shims may name one that only another Python has. */
async function isStandIn(path: string): Promise<boolean> {
  if (/corepack|\/(shims)\//.test(`${path}\n${await realpath(path)}`)) return true;
  const head = (await readFile(path, 'utf8').catch(() => '')).slice(0, 400);
  return head.startsWith('#!') && head.includes('corepack');
}
