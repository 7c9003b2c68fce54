/**
 * Finds packages that a change adds or updates, from its manifests and lock files. Pure.
 */
import type { DependencyFact, Ecosystem, LockFact } from '../../domain/packages/facts';
import type { LockEntry } from '../manifests/lock-entry';
import { locksOf } from '../packages/managers';
import { foldersAbove } from './change-texts';
import type { ChangeTexts } from './change-texts';

export type PackageFact = Omit<DependencyFact, 'registry'>;
export interface FoundPackages {
  packages: PackageFact[];
  unreadable: Array<{ path: string; why: string }>;
}

/** The spec of a package that the lock file fetches from another source than the registry. */
export const LOCK_ADDRESS = 'an address in the lock file';

/** Adds packages that only the changed lock file would install, unless a manifest names them. */
export function addLockedPackages(change: ChangeTexts, ecosystem: Ecosystem, found: FoundPackages): FoundPackages {
  const locks = locksOf(ecosystem);
  const named = new Set(found.packages.map(({ name, version }) => `${name} ${version}`));
  for (const { path, status } of change.files) {
    const read = locks.get(path.split('/').at(-1) ?? path);
    if (read === undefined || status === 'deleted' || !change.paths.includes(path)) continue;
    const entries = read(change.after.get(path) ?? '');
    if (entries === undefined) {
      found.unreadable.push({ path, why: 'it is not a lock file of a kind that is known here, or too long' });
      continue;
    }
    const before = new Set((read(change.before.get(path) ?? '') ?? []).map(keyOf));
    const newEntries = entries.filter(
      (entry) => !before.has(keyOf(entry)) && !named.has(`${entry.name} ${entry.version}`),
    );
    const unique = new Map(newEntries.map((entry) => [keyOf(entry), entry]));
    found.packages.push(...[...unique.values()].map((entry) => lockedPackage(entry, path, ecosystem)));
  }
  return found;
}

function keyOf({ name, version, integrity, source }: LockEntry): string {
  return [name, version, integrity, source].join(' ');
}

function lockedPackage(
  { name, version, integrity, source }: LockEntry,
  path: string,
  ecosystem: Ecosystem,
): PackageFact {
  const spec = source === 'other' ? LOCK_ADDRESS : '';
  return { ecosystem, name, path, direct: false, source, spec, version, lock: { state: 'listed', integrity } };
}

/** Returns the lock fact of a manifest without a lock file. `unkept`: the project had no lock file before either, so none is required. */
export function lockFactWithoutLock({ before }: ChangeTexts, manifest: string, names: Iterable<string>): LockFact {
  const locks = [...names];
  const hadLock = foldersAbove(manifest).some((folder) => locks.some((name) => before.has(`${folder}${name}`)));
  return { state: before.has(manifest) && !hadLock ? 'unkept' : 'no_lock' };
}
