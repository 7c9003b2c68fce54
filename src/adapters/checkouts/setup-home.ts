/**
 * The folder of files for the home of install steps (SETUP_HOME). Kubernetes lays secrets there as links to a folder beside
 * them, so links are followed as long as they lead to something in the folder; others are left out.
 */
import { chmod, copyFile, mkdir, readFile, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../domain/failures';
import { sha256 } from '../../inspect/digest';

interface HomeFile {
  /** In the folder. */
  path: string;
  /** Where its content is. */
  from: string;
}

/** Files in place of the links that lead to them. */
export async function copyHome(folder: string, to: string): Promise<void> {
  for (const { path, from } of await homeFiles(folder)) {
    await mkdir(join(to, path, '..'), { recursive: true });
    await copyFile(from, join(to, path));
    // ssh takes no key that others may read, and Kubernetes lays files that they may.
    await chmod(join(to, path), (await stat(from)).mode & 0o700);
  }
}

/** What lies in the folder, by name and content. */
export async function homeDigests(folder: string | undefined): Promise<string[]> {
  if (folder === undefined) return [];
  const found = (await homeFiles(folder)).map(async ({ path, from }) => [path, sha256(await readFile(from))]);
  return (await Promise.all(found)).flat();
}

async function homeFiles(folder: string): Promise<HomeFile[]> {
  try {
    const root = await realpath(folder);
    return await filesIn(root, { folder: root, below: '', through: [root] });
  } catch (error) {
    throw new Failure('Environment.SetupFailed', `SETUP_HOME cannot be read: ${(error as Error).message}`);
  }
}

/** `through`: the folders on the way, so that a link to one of them ends the way. */
async function filesIn(
  root: string,
  { folder, below, through }: { folder: string; below: string; through: string[] },
): Promise<HomeFile[]> {
  const found: HomeFile[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const path = join(below, name);
    const from = await realpath(join(folder, name)).catch(() => undefined);
    if (from?.startsWith(`${root}/`) !== true || through.includes(from)) continue;
    const what = await stat(from);
    if (what.isDirectory()) {
      found.push(...(await filesIn(root, { folder: from, below: path, through: [...through, from] })));
    } else if (what.isFile()) found.push({ path, from });
  }
  return found;
}
