/**
 * Keeps the contents of git LFS files: copied from a local repository, or fetched from the server of a remote one. A checkout
 * gets them in place of the pointers.
 *
 * A content counts only if it has the pointer's digest. A file whose content the local repository lacks stays a pointer, as
 * in a checkout there, and the repository report names it.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { findLfsPointers } from '../../inspect/lfs';
import type { LfsPointer } from '../../inspect/lfs';
import { pathFromBytes } from '../../inspect/path-bytes';
import { readBlobs } from './blobs';
import type { FetchOptions } from './fetch';
import { fetchLfsObjects } from './lfs-fetch';
import { checkCommit } from './repository';
import type { ProjectGit } from './repository';
import { lfsObjectOf } from './source';
import type { Source } from './source';
import { readTree } from './tree';

const SPEC_LINES = ['git-lfs.github.com', 'hawser.github.com'].map((host) => `version https://${host}/spec/v1`);

/** Lists the LFS pointers in the tree of the commit. */
export async function listPointers(git: ProjectGit, commit: string): Promise<Array<LfsPointer & { path: string }>> {
  const patterns = SPEC_LINES.flatMap((line) => ['-e', line]);
  const flags = ['-I', '-l', '-z', '-F', '-r', '--full-name', '--no-color', '--no-textconv', '--max-count=1'];
  const { stdout } = await git(['grep', ...flags, ...patterns, checkCommit(commit)], { allowExit: [1] });
  if (stdout.length === 0) return [];
  const prefix = `${commit}:`.length;
  const paths = new Set(splitAtNul(stdout).map((name) => pathFromBytes(name.subarray(prefix))));
  const entries = (await readTree(git, commit)).filter(({ path, mode }) => mode.startsWith('100') && paths.has(path));
  const contents = await readBlobs(git, entries);
  return findLfsPointers(entries.map(({ path }, index) => [path, contents[index] ?? Buffer.alloc(0)]));
}

export async function keepLfsObjects(
  git: ProjectGit,
  { commit, source: { gitFolder, place } }: { commit: string; source: Pick<Source, 'gitFolder' | 'place'> },
  options: FetchOptions,
): Promise<void> {
  const absentPointers: Array<LfsPointer & { path: string }> = [];
  for (const pointer of await listPointers(git, commit)) {
    const keptPath = lfsObjectOf(git.folder, pointer.oid);
    if (await isComplete(keptPath, pointer)) {
      // Unused objects are removed by age: this one is in use again.
      await utimes(keptPath, new Date(), new Date());
      continue;
    }
    if (gitFolder === null) absentPointers.push(pointer);
    else await copyChecked(lfsObjectOf(gitFolder, pointer.oid), keptPath, pointer);
  }
  if (absentPointers.length > 0) await fetchLfsObjects(git, { commit, place, pointers: absentPointers }, options);
}

/** Returns the content of an LFS file; undefined if the project's repository does not have it. */
export async function readLfsObject(git: ProjectGit, pointer: LfsPointer): Promise<Buffer | undefined> {
  const keptPath = lfsObjectOf(git.folder, pointer.oid);
  return (await isComplete(keptPath, pointer)) ? readFile(keptPath) : undefined;
}

export async function hasLfsObject(git: ProjectGit, pointer: LfsPointer): Promise<boolean> {
  return isComplete(lfsObjectOf(git.folder, pointer.oid), pointer);
}

async function isComplete(path: string, { bytes }: LfsPointer): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile() && found.size === bytes,
    () => false,
  );
}

async function copyChecked(from: string, to: string, pointer: LfsPointer): Promise<void> {
  if (!(await isComplete(from, pointer))) return;
  await mkdir(dirname(to), { recursive: true });
  const temporary = `${to}.${randomBytes(6).toString('hex')}`;
  try {
    await copyFile(from, temporary);
    const hash = createHash('sha256');
    await pipeline(createReadStream(temporary), hash);
    if (hash.digest('hex') === pointer.oid) await rename(temporary, to);
  } finally {
    await rm(temporary, { force: true });
  }
}

function splitAtNul(output: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let start = 0, end = output.indexOf(0); end !== -1; start = end + 1, end = output.indexOf(0, start)) {
    parts.push(output.subarray(start, end));
  }
  return parts;
}
