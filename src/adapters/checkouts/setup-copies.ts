/**
 * What the derived steps made, as copies that `commands.setup` may write; what it changed is kept with its own result, and
 * takes the place of what a derived step made there. The derived step's own result, which other builds share, is never written.
 */
import { lstat, mkdir, readdir, readlink, rename } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { TOOLS } from '../../inspect/packages/install';
import { runProgram } from '../machine/processes/run-program';
import { removeFolder } from '../machine/remove-folder';
import type { Kept, KeptRecord } from './package-cache';
import type { Room } from './setup-room';
import { carry } from './warm';

export interface SetupCopies {
  folders: Copy[];
  /** Folders whose files are copied into the tree. */
  carried: string[];
}
interface Copy {
  from: string;
  /** In the tree, or absolute. */
  to: string;
  /** True: runs get copies of it. */
  isLent: boolean;
}

export function copiesOf(kept: Kept[]): SetupCopies {
  const of = ({ folder, record }: Kept): Copy[] => [
    ...record.mounts.map(({ name, to }) => ({ from: join(folder, name), to, isLent: false })),
    // What is lent in a shown folder is copied with that folder.
    ...record.lends
      .filter(({ to }) => !isBelow(to, record))
      .map(({ name, to }) => ({ from: join(folder, name), to, isLent: true })),
  ];
  return {
    folders: kept.flatMap(of).filter(({ to }) => !isTool(to)),
    carried: kept.flatMap(({ folder, record: { carried } }) => (carried === null ? [] : [join(folder, carried)])),
  };
}

/** A brought program is no part of the project: it stays read-only. */
export function isTool(to: string): boolean {
  return to.startsWith(`${TOOLS}/`);
}

export async function layCopies(room: Room, { folders, carried }: SetupCopies): Promise<void> {
  for (const { from, to } of folders) {
    const place = await placeOf(room, to);
    await mkdir(dirname(place), { recursive: true });
    await runProgram('/bin/cp', ['-aT', '--reflink=auto', '--no-preserve=ownership', from, place]);
  }
  for (const from of carried) await carry(from, room.tree);
}

/** Removes unchanged copies from the tree; changed ones stay there, to be collected. Changed ones elsewhere go aside. */
export async function takeChanged(
  room: Room,
  { folders }: SetupCopies,
  aside: string,
): Promise<Pick<KeptRecord, 'mounts' | 'lends'>> {
  const [mounts, lends]: [KeptRecord['mounts'], KeptRecord['lends']] = [[], []];
  for (const [index, { from, to, isLent }] of folders.entries()) {
    const place = await placeOf(room, to);
    const isChanged = !(await isSame(from, place));
    if (!isAbsolute(to) && !isLent) {
      if (!isChanged) await removeFolder(place);
      continue;
    }
    if (!isChanged) continue;
    const name = `copy-${index}`;
    await rename(place, join(aside, name));
    if (isLent) lends.push({ name, to });
    else mounts.push({ name, to, scratch: [] });
  }
  return { mounts, lends };
}

/** The results of derived steps without what `own` has in their place. */
export function withoutReplaced(derived: Kept[], own: Kept): Kept[] {
  const replaced = new Set([...own.record.mounts, ...own.record.lends].map(({ to }) => to));
  return derived.map(({ folder, record }) => {
    const gone = { mounts: record.mounts.filter(({ to }) => replaced.has(to)) };
    const mounts = record.mounts.filter(({ to }) => !replaced.has(to));
    const lends = record.lends.filter(({ to }) => !replaced.has(to) && !isBelow(to, gone));
    return { folder, record: { ...record, mounts, lends } };
  });
}

export function isBelow(to: string, { mounts }: Pick<KeptRecord, 'mounts'>): boolean {
  return mounts.some((mount) => to.startsWith(`${mount.to}/`));
}

async function placeOf(room: Room, to: string): Promise<string> {
  return isAbsolute(to) ? room.place(to) : join(room.tree, to);
}

/** A tree may have hundreds of thousands of files: no more than these are asked for at once. */
const AT_ONCE = 32;

/** By names, sizes, times and modes: a copy has those of what it was made from. */
async function isSame(one: string, other: string): Promise<boolean> {
  const left = ['.'];
  while (left.length > 0) {
    const some = left.splice(-AT_ONCE);
    const found = await Promise.all(some.map((below) => namesIfSame(join(one, below), join(other, below))));
    for (const [at, names] of found.entries()) {
      if (names === null) return false;
      for (const name of names) left.push(join(some[at] ?? '', name));
    }
  }
  return true;
}

/** Names below a folder; none for anything else. Null where the two are not the same. */
async function namesIfSame(one: string, other: string): Promise<string[] | null> {
  const [a, b] = await Promise.all([one, other].map((path) => lstat(path).catch(() => undefined)));
  if (a === undefined || b === undefined || a.mode !== b.mode || a.mtimeMs !== b.mtimeMs) return null;
  if (a.isSymbolicLink()) return (await readlink(one)) === (await readlink(other)) ? [] : null;
  if (!a.isDirectory()) return a.size === b.size ? [] : null;
  const [names, others] = await Promise.all([readdir(one), readdir(other)]);
  return names.length === others.length ? names : null;
}
