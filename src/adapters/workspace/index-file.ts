/**
 * Provides temporary index files: each call has its own, so concurrent calls cannot disturb each other.
 */
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToBytes } from '../../inspect/path-bytes';
import { makeTemporary } from '../machine/temporaries';
import { checkCommit } from './repository';
import type { ProjectGit } from './repository';

export async function withIndex<T>(use: (env: Record<string, string>) => Promise<T>): Promise<T> {
  const folder = await makeTemporary(tmpdir(), 'index');
  try {
    return await use({ GIT_INDEX_FILE: join(folder, 'index') });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Builds one line of `update-index -z --index-info`; the mode `0` removes the path. */
export function indexLine(mode: string, oid: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(`${mode} ${oid}\t`), pathToBytes(path), Buffer.from([0])]);
}

/**
 * Writes the tree of the commit with the lines applied, and returns its id. Removals come first, as a removed file may give its
 * name to a folder.
 */
export function treeWith(git: ProjectGit, commit: string, lines: Buffer[]): Promise<string> {
  return withIndex(async (env) => {
    await git(['read-tree', checkCommit(commit)], { env });
    await git(['update-index', '-z', '--index-info'], { env, stdin: Buffer.concat(lines) });
    return (await git(['write-tree'], { env })).stdout.toString('utf8').trim();
  });
}
