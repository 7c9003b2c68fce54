/**
 * Finds npm packages that a change adds or updates: in its manifests, and in its lock files those that no manifest names. Pure.
 */
import type { LockEntry } from '../manifests/lock-entry';
import { readNpmSpec, readPackageJson } from '../manifests/package-json';
import { locksOf } from '../packages/managers';
import type { LockFact } from '../../domain/packages/facts';
import { foldersAbove } from './change-texts';
import type { ChangeTexts } from './change-texts';
import { LOCK_ADDRESS, addLockedPackages, lockFactWithoutLock } from './packages';
import type { FoundPackages, PackageFact } from './packages';

const LOCKS = locksOf('npm');

export function npmPackages(change: ChangeTexts): FoundPackages {
  const found: FoundPackages = { packages: [], unreadable: [] };
  for (const { path, status } of change.files) {
    if (status === 'deleted' || nameOf(path) !== 'package.json' || !change.paths.includes(path)) continue;
    const manifest = readPackageJson(change.after.get(path) ?? '');
    if (manifest === undefined) {
      found.unreadable.push({ path, why: 'it is not a package.json as npm takes it' });
      continue;
    }
    const before = readPackageJson(change.before.get(path) ?? '{}')?.declared;
    const newSpecs = [...manifest.declared].filter(([name, spec]) => before?.get(name) !== spec);
    const lock = newSpecs.length === 0 ? null : nearestLock(change, path);
    found.packages.push(...newSpecs.map(([name, spec]) => declaredPackage(change, { path, name, spec }, lock)));
  }
  return addLockedPackages(change, 'npm', found);
}

interface Lock {
  folder: string;
  /** Undefined if the lock file cannot be read. */
  entries: LockEntry[] | undefined;
}

function nearestLock({ paths, after }: ChangeTexts, manifest: string): Lock | null {
  for (const folder of foldersAbove(manifest)) {
    const found = [...LOCKS].find(([name]) => paths.includes(`${folder}${name}`));
    if (found === undefined) continue;
    const [name, read] = found;
    return { folder, entries: read(after.get(`${folder}${name}`) ?? '') };
  }
  return null;
}

/** A dependency declared in a manifest. */
interface DeclaredDependency {
  path: string;
  name: string;
  spec: string;
}

function declaredPackage(change: ChangeTexts, declared: DeclaredDependency, lock: Lock | null): PackageFact {
  const { path, spec } = declared;
  const npmSpec = readNpmSpec(declared.name, spec);
  const entry = lock === null ? undefined : entryOf(lock, declared, npmSpec);
  const fact: LockFact =
    lock === null
      ? lockFactWithoutLock(change, path, LOCKS.keys())
      : entry === undefined
        ? { state: 'unlisted' }
        : { state: 'listed', integrity: entry.integrity };
  // A lock file may name another source than the manifest, but it cannot make a foreign source trusted.
  const isRedirected = entry?.source === 'other' && npmSpec.source !== 'other';
  const source = isRedirected ? 'other' : npmSpec.source;
  return {
    ...{ ecosystem: 'npm', name: npmSpec.name, path, direct: true, source, lock: fact },
    spec: isRedirected ? LOCK_ADDRESS : spec,
    version: entry?.version || npmSpec.version,
  };
}

/** Finds the entry that npm would use for this manifest: in its folder or above. In lock formats without places it is found by name. */
function entryOf(
  { folder, entries = [] }: Lock,
  declared: DeclaredDependency,
  npmSpec: { name: string; version: string | null },
): LockEntry | undefined {
  const below = declared.path.slice(folder.length, declared.path.length - 'package.json'.length);
  const places = foldersAbove(below).map((above) => `${above}node_modules/${declared.name}`);
  const nearest = places.map((place) => entries.find((entry) => entry.place === place)).find(Boolean);
  if (nearest !== undefined) return nearest.name === npmSpec.name ? nearest : undefined;
  const ofThisName = entries.filter((entry) => entry.place === '' && entry.name === npmSpec.name);
  return ofThisName.find(({ version }) => version === npmSpec.version) ?? ofThisName.at(-1);
}

function nameOf(path: string): string {
  return path.split('/').at(-1) ?? path;
}
