/**
 * Copies the folder SETUP_HOME into the home folder of setup steps.
 *
 * Links are followed if they lead to a file in the folder, because Kubernetes mounts secrets as such links. Other links are ignored.
 */
import { chmod, copyFile, mkdir, readFile, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../domain/failures';
import { sha256 } from '../../inspect/digest';

interface HomeFile {
  /** Path in the folder. */
  path: string;
  /** Real path of the file, links resolved. */
  from: string;
}

/** Copies the files. A link becomes a copy of its file. */
export async function copyHome(folder: string, to: string): Promise<void> {
  for (const { path, from } of await homeFiles(folder)) {
    await mkdir(join(to, path, '..'), { recursive: true });
    await copyFile(from, join(to, path));
    // ssh refuses a key that other users can read, and Kubernetes mounts such files.
    await chmod(join(to, path), (await stat(from)).mode & 0o700);
  }
}

/** Lists the path and the content's digest of each file in the folder. */
export async function homeDigests(folder: string | undefined): Promise<string[]> {
  if (folder === undefined) return [];
  const digests = (await homeFiles(folder)).map(async ({ path, from }) => [path, sha256(await readFile(from))]);
  return (await Promise.all(digests)).flat();
}

async function homeFiles(folder: string): Promise<HomeFile[]> {
  try {
    const root = await realpath(folder);
    return await filesIn(root, { folder: root, below: '', ancestors: [root] });
  } catch (error) {
    throw new Failure('Environment.SetupFailed', `SETUP_HOME cannot be read: ${(error as Error).message}`);
  }
}

/** `ancestors`: the real paths of the folders above, to stop at a link that leads back to one of them. */
async function filesIn(
  root: string,
  { folder, below, ancestors }: { folder: string; below: string; ancestors: string[] },
): Promise<HomeFile[]> {
  const found: HomeFile[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const path = join(below, name);
    const from = await realpath(join(folder, name)).catch(() => undefined);
    if (from?.startsWith(`${root}/`) !== true || ancestors.includes(from)) continue;
    const stats = await stat(from);
    if (stats.isDirectory()) {
      found.push(...(await filesIn(root, { folder: from, below: path, ancestors: [...ancestors, from] })));
    } else if (stats.isFile()) found.push({ path, from });
  }
  return found;
}
