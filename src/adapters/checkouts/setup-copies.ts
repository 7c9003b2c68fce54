/**
 * Gives `commands.setup` writable copies of the derived steps' results. The copies that the command changed become part of its own
 * result and replace the folders of the derived steps. The derived steps' results are never written, because other builds share them.
 */
import { lstat, mkdir, readdir, readlink, rename } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { TOOLS } from '../../inspect/packages/install';
import { runProgram } from '../machine/processes/run-program';
import { removeFolder } from '../machine/remove-folder';
import type { CachedResult, ResultRecord } from './package-cache';
import type { StepSandbox } from './step-sandbox';
import { copyIntoTree } from './build-cache';

export interface SetupCopies {
  folders: FolderCopy[];
  /** Folders whose files are copied into the tree. */
  carried: string[];
}
interface FolderCopy {
  from: string;
  /** Path in the sandbox, absolute or in the tree. */
  to: string;
  /** True: each run gets a copy of the folder. */
  isCopied: boolean;
}

export function copiesOf(results: CachedResult[]): SetupCopies {
  const copiesIn = ({ folder, record }: CachedResult): FolderCopy[] => [
    ...record.mounts.map(({ name, to }) => ({ from: join(folder, name), to, isCopied: false })),
    // A folder within a mount is copied together with the mount.
    ...record.lends
      .filter(({ to }) => !isInsideMount(to, record))
      .map(({ name, to }) => ({ from: join(folder, name), to, isCopied: true })),
  ];
  return {
    folders: results.flatMap(copiesIn).filter(({ to }) => !isToolFolder(to)),
    carried: results.flatMap(({ folder, record: { carried } }) => (carried === null ? [] : [join(folder, carried)])),
  };
}

/** True for the folder of an installed tool. A tool is no part of the project and stays read-only. */
export function isToolFolder(to: string): boolean {
  return to.startsWith(`${TOOLS}/`);
}

export async function placeCopies(stepSandbox: StepSandbox, { folders, carried }: SetupCopies): Promise<void> {
  for (const { from, to } of folders) {
    const place = await hostPathOf(stepSandbox, to);
    await mkdir(dirname(place), { recursive: true });
    await runProgram('/bin/cp', ['-aT', '--reflink=auto', '--no-preserve=ownership', from, place]);
  }
  for (const from of carried) await copyIntoTree(from, stepSandbox.tree);
}

/**
 * Removes unchanged copies from the tree; `collect` then takes the changed ones from the tree. Moves changed copies of other places to
 * the result's folder `resultFolder`.
 */
export async function collectChanged(
  stepSandbox: StepSandbox,
  { folders }: SetupCopies,
  resultFolder: string,
): Promise<Pick<ResultRecord, 'mounts' | 'lends'>> {
  const [mounts, lends]: [ResultRecord['mounts'], ResultRecord['lends']] = [[], []];
  for (const [index, { from, to, isCopied }] of folders.entries()) {
    const place = await hostPathOf(stepSandbox, to);
    const isChanged = !(await isSame(from, place));
    if (!isAbsolute(to) && !isCopied) {
      if (!isChanged) await removeFolder(place);
      continue;
    }
    if (!isChanged) continue;
    const name = `copy-${index}`;
    await rename(place, join(resultFolder, name));
    if (isCopied) lends.push({ name, to });
    else mounts.push({ name, to, scratch: [] });
  }
  return { mounts, lends };
}

/** Removes from the derived steps' results the folders that `commandResult`, the result of `commands.setup`, replaces. */
export function removeReplacedFolders(derived: CachedResult[], commandResult: CachedResult): CachedResult[] {
  const replacedPaths = new Set([...commandResult.record.mounts, ...commandResult.record.lends].map(({ to }) => to));
  return derived.map(({ folder, record }) => {
    const removedMounts = { mounts: record.mounts.filter(({ to }) => replacedPaths.has(to)) };
    const mounts = record.mounts.filter(({ to }) => !replacedPaths.has(to));
    const lends = record.lends.filter(({ to }) => !replacedPaths.has(to) && !isInsideMount(to, removedMounts));
    return { folder, record: { ...record, mounts, lends } };
  });
}

export function isInsideMount(to: string, { mounts }: Pick<ResultRecord, 'mounts'>): boolean {
  return mounts.some((mount) => to.startsWith(`${mount.to}/`));
}

async function hostPathOf(stepSandbox: StepSandbox, to: string): Promise<string> {
  return isAbsolute(to) ? stepSandbox.folderFor(to) : join(stepSandbox.tree, to);
}

/** Number of entries that are compared in parallel; a tree may have hundreds of thousands. */
const MAX_PARALLEL = 32;

/** Compares names, sizes, times and modes. A copy has the same as its original. */
async function isSame(original: string, copy: string): Promise<boolean> {
  const pending = ['.'];
  while (pending.length > 0) {
    const batch = pending.splice(-MAX_PARALLEL);
    const found = await Promise.all(batch.map((below) => namesIfSame(join(original, below), join(copy, below))));
    for (const [index, names] of found.entries()) {
      if (names === null) return false;
      for (const name of names) pending.push(join(batch[index] ?? '', name));
    }
  }
  return true;
}

/** Returns the names in the folder; empty for another kind of entry; null if the two entries differ. */
async function namesIfSame(original: string, copy: string): Promise<string[] | null> {
  const [a, b] = await Promise.all([original, copy].map((path) => lstat(path).catch(() => undefined)));
  if (a === undefined || b === undefined || a.mode !== b.mode || a.mtimeMs !== b.mtimeMs) return null;
  if (a.isSymbolicLink()) return (await readlink(original)) === (await readlink(copy)) ? [] : null;
  if (!a.isDirectory()) return a.size === b.size ? [] : null;
  const [names, copiedNames] = await Promise.all([readdir(original), readdir(copy)]);
  return names.length === copiedNames.length ? names : null;
}
