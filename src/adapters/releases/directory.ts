/**
 * Releases to a local folder: numbered folders, and a link `current` to the live one.
 *
 * One system call replaces the link, so at every moment exactly one release is live.
 */
import { randomBytes } from 'node:crypto';
import { readlink, rename, symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { DocumentStore } from '../../ports/documents';
import type { ReleaseTarget } from '../../ports/release-target';
import { Failure } from '../../domain/failures';
import { flushFolder } from '../machine/write-whole';
import { isCode } from '../machine/errno';
import { STALE_MS } from '../machine/leftovers';
import type { Leftovers } from '../machine/leftovers';
import { isFolder } from './project-folder';
import type { ProjectFolder } from './project-folder';
import type { Position } from '../../ports/release-documents';
import type { Checkpoint, Production } from './production';
import { createReleaseTarget } from './release-target';

export function createDirectoryReleases(options: {
  root: string;
  documents: DocumentStore;
  checkpoint?: Checkpoint | undefined;
}): ReleaseTarget {
  const productionOf = (_: string, project: ProjectFolder, checkpoint: Checkpoint): Production =>
    directoryProduction(project, checkpoint);
  return createReleaseTarget({ ...options, productionOf });
}

function directoryProduction(project: ProjectFolder, checkpoint: Checkpoint): Production {
  return {
    name: 'directory',
    // The move is one rename, which takes no time that others would have to wait for.
    maxMoveMs: 0,
    read: () => readCurrent(project),
    prepare: async () => undefined,
    positionOf: ({ number }) => positionOf(number),
    move: async ({ to, from }) => {
      if (to !== null && !(await isFolder(join(project.folder, to.at)))) {
        const stays = from === null ? 'nothing is live' : `release ${from.number} stays live`;
        throw new Failure('Release.RestoreFailed', `release ${to.number} is gone from disk; ${stays}`);
      }
      await swap(project, to, checkpoint);
    },
    details: () => ({}),
  };
}

async function swap(project: ProjectFolder, to: Position | null, checkpoint: Checkpoint): Promise<void> {
  if (to === null) {
    await unlink(project.current);
  } else {
    const temporary = join(project.folder, `.current.${randomBytes(6).toString('hex')}`);
    await symlink(to.at, temporary);
    checkpoint('link-made');
    await rename(temporary, project.current);
  }
  checkpoint('link-swapped');
  await flushFolder(project.folder);
}

/** Describes the temporary links that a killed process leaves behind. `root` is the folder of all projects. */
export function linkLeftovers(root: string): Leftovers[] {
  return [{ folder: root, below: ['*'], name: /^\.current\.[0-9a-f]{12}$/, afterMs: STALE_MS }];
}

async function readCurrent(project: ProjectFolder): Promise<Position | null> {
  try {
    const target = await readlink(project.current);
    const number = /^releases\/([1-9]\d*)$/.exec(target)?.[1];
    if (number === undefined) throw new Error(`${project.current} leads to ${target}, which is no release.`);
    return positionOf(Number(number));
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw error;
  }
}

function positionOf(number: number): Position {
  return { number, at: `releases/${number}`, settled: true };
}
