/**
 * Releases on local disk: numbered folders, and a link `current` that is swapped in one system call.
 *
 * Deploy and restore are safe to repeat at every step, and a release is never taken down in the name of another.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readlink, rename, rm, stat, symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { DocumentStore, Release, ReleaseTarget } from '../../activities/deps';
import { Failure } from '../../domain/failures';
import { flushFolder, isCode } from '../artifacts/write-whole';
import { copyTree } from './copy-tree';
import { createLedger } from './ledger';
import type { Ledger } from './ledger';
import { withLock } from './lock';

export function createDirectoryReleases(options: { root: string; documents: DocumentStore }): ReleaseTarget {
  const ledger = createLedger(options.documents);
  const projectOf = (projectId: string): ProjectFolder => projectFolder(options.root, projectId);
  return {
    async deploy({ projectId, id, folder, commit }) {
      const project = projectOf(projectId);
      const { number } = await ledger.claim(projectId, id, commit);
      await placeFolder(project, number, folder);
      await withLock(project.lock, () => goLive(ledger, project, number));
      return describe(ledger, project, number);
    },
    async live(projectId) {
      const project = projectOf(projectId);
      const number = await readCurrent(project);
      return number === null ? null : describe(ledger, project, number);
    },
    async restore({ projectId, previous, undo }) {
      const project = projectOf(projectId);
      await withLock(project.lock, () => goBack(ledger, project, previous?.number ?? null, undo?.number));
    },
  };
}

interface ProjectFolder {
  id: string;
  folder: string;
  current: string;
  lock: string;
  release(number: number): string;
}

function projectFolder(root: string, id: string): ProjectFolder {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(id)) throw new Error(`${JSON.stringify(id)} is not a project id.`);
  const folder = join(root, id);
  const release = (number: number): string => join(folder, 'releases', String(number));
  return { id, folder, current: join(folder, 'current'), lock: join(folder, '.lock'), release };
}

async function describe(ledger: Ledger, project: ProjectFolder, number: number): Promise<Release> {
  const intent = await ledger.intentOf(project.id, number);
  if (intent === undefined)
    throw new Error(`Release ${number} of ${project.id} is live, but nothing is known about it.`);
  const previous = await ledger.previousOf(project.id, number);
  return { ...intent, folder: project.release(number), previous };
}

/** Copied aside and renamed: a numbered folder is always whole. */
async function placeFolder(project: ProjectFolder, number: number, from: string): Promise<void> {
  const place = project.release(number);
  if (await exists(place)) return;
  const releases = join(project.folder, 'releases');
  await mkdir(releases, { recursive: true });
  const aside = join(releases, `.${number}.${randomBytes(6).toString('hex')}.partial`);
  try {
    await copyTree(from, aside);
    await rename(aside, place);
    await flushFolder(releases);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    // The same release, by another attempt at the same time.
    if (!isCode(error, 'ENOTEMPTY', 'EEXIST')) throw error;
  }
}

/** Under the lock. A release that was live once is not put live again by a late retry: another may have followed it. */
async function goLive(ledger: Ledger, project: ProjectFolder, number: number): Promise<void> {
  const current = await readCurrent(project);
  // Whoever died between swap and note left this undone.
  if (current !== null) await ledger.noteLive(project.id, current);
  if (await ledger.wentLive(project.id, number)) return;
  await ledger.notePrevious(project.id, number, current);
  await swap(project, number);
  await ledger.noteLive(project.id, number);
}

/** Under the lock. Goes past releases that were themselves undone, so that a failed one never comes back. */
async function goBack(ledger: Ledger, project: ProjectFolder, target: number | null, undo?: number): Promise<void> {
  if (undo !== undefined) await ledger.noteUndone(project.id, undo);
  const current = await readCurrent(project);
  if (undo !== undefined && current !== undo) return;
  let to = target;
  while (to !== null && (await ledger.wasUndone(project.id, to))) to = await ledger.previousOf(project.id, to);
  if (to === current) return;
  if (to !== null && !(await exists(project.release(to)))) {
    throw new Failure(
      'Release.RestoreFailed',
      `Release ${to} of ${project.id} is gone from disk; ${current ?? 'none'} stays live.`,
    );
  }
  await swap(project, to);
}

async function swap(project: ProjectFolder, to: number | null): Promise<void> {
  if (to === null) {
    await unlink(project.current);
  } else {
    const aside = join(project.folder, `.current.${randomBytes(6).toString('hex')}`);
    await symlink(join('releases', String(to)), aside);
    await rename(aside, project.current);
  }
  await flushFolder(project.folder);
}

async function readCurrent(project: ProjectFolder): Promise<number | null> {
  try {
    const target = await readlink(project.current);
    const number = /^releases\/([1-9]\d*)$/.exec(target)?.[1];
    if (number === undefined) throw new Error(`${project.current} leads to ${target}, which is no release.`);
    return Number(number);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false;
    throw error;
  }
}
