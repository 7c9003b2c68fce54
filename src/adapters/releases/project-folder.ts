/**
 * Stores the files of each release in a numbered folder of its project, for every kind of target.
 *
 * It copies into a temporary folder and renames it, so that a numbered folder is always complete.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isId } from '../../domain/ids';
import { flushFolder } from '../machine/write-whole';
import { isCode } from '../machine/errno';
import { STALE_MS } from '../machine/leftovers';
import type { Leftovers } from '../machine/leftovers';
import { copyTree } from '../machine/copy-tree';
import type { Checkpoint } from './production';

export interface ProjectFolder {
  folder: string;
  /** Path of the link to the live release. */
  current: string;
  lock: string;
  release(number: number): string;
}

export function projectFolder(root: string, id: string): ProjectFolder {
  if (!isId(id)) throw new Error(`${JSON.stringify(id)} is not a project id.`);
  const folder = join(root, id);
  const release = (number: number): string => join(folder, 'releases', String(number));
  return { folder, current: join(folder, 'current'), lock: join(folder, '.lock'), release };
}

export async function storeFiles(
  project: ProjectFolder,
  input: { number: number; from: string },
  checkpoint: Checkpoint,
): Promise<void> {
  const folder = project.release(input.number);
  if (await isFolder(folder)) return;
  const releases = join(project.folder, 'releases');
  await mkdir(releases, { recursive: true });
  const temporary = join(releases, `.${input.number}.${randomBytes(6).toString('hex')}.partial`);
  try {
    checkpoint('copy');
    await copyTree(input.from, temporary);
    checkpoint('copied');
    await rename(temporary, folder);
    checkpoint('renamed');
    await flushFolder(releases);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    // Another attempt stored the same release at the same time.
    if (!isCode(error, 'ENOTEMPTY', 'EEXIST')) throw error;
  }
}

/** Describes the incomplete copies that a killed process leaves behind. `root` is the folder of all projects. */
export function copyLeftovers(root: string): Leftovers[] {
  return [{ folder: root, below: ['*', 'releases'], name: /^\.\d+\.[0-9a-f]{12}\.partial$/, afterMs: STALE_MS }];
}

export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false;
    throw error;
  }
}
