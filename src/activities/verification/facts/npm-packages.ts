/**
 * npm packages that a change adds or moves: from its manifests, and from its lock files where no manifest names them.
 */
import type { LockEntry } from '../../../inspect/manifests/lock-entry';
import { NPM_LOCKS } from '../../../inspect/manifests/npm-lock';
import { readNpmSpec, readPackageJson } from '../../../inspect/manifests/package-json';
import type { LockFact } from '../../../domain/packages/facts';
import { foldersAbove } from './change';
import type { Change } from './change';
import { lockedAnew } from './packages';
import type { FoundPackages, PackageFact } from './packages';

export function npmPackages(change: Change): FoundPackages {
  const found: FoundPackages = { packages: [], unreadable: [] };
  for (const { path, status } of change.files) {
    if (status === 'deleted' || nameOf(path) !== 'package.json' || !change.paths.includes(path)) continue;
    const manifest = readPackageJson(change.after.get(path) ?? '');
    if (manifest === undefined) {
      found.unreadable.push({ path, why: 'it is not a package.json as npm takes it' });
      continue;
    }
    const before = readPackageJson(change.before.get(path) ?? '{}')?.declared;
    const moved = [...manifest.declared].filter(([name, spec]) => before?.get(name) !== spec);
    const lock = moved.length === 0 ? null : nearestLock(change, path);
    found.packages.push(...moved.map(([name, spec]) => declaredPackage(path, name, spec, lock)));
  }
  return lockedAnew(change, NPM_LOCKS, 'npm', found);
}

interface Lock {
  folder: string;
  /** Undefined where it cannot be read. */
  entries: LockEntry[] | undefined;
}

function nearestLock({ paths, after }: Change, manifest: string): Lock | null {
  for (const folder of foldersAbove(manifest)) {
    const name = Object.keys(NPM_LOCKS).find((lock) => paths.includes(`${folder}${lock}`));
    if (name !== undefined) return { folder, entries: NPM_LOCKS[name]?.(after.get(`${folder}${name}`) ?? '') };
  }
  return null;
}

function declaredPackage(path: string, declared: string, spec: string, lock: Lock | null): PackageFact {
  const asked = readNpmSpec(declared, spec);
  const entry = lock === null ? undefined : entryOf(lock, path, declared, asked);
  const fact: LockFact =
    lock === null
      ? { state: 'no_lock' }
      : entry === undefined
        ? { state: 'unlisted' }
        : { state: 'listed', integrity: entry.integrity };
  // The lock may lead elsewhere than the manifest reads, never the other way round.
  const source = entry?.source === 'other' ? 'other' : asked.source;
  return {
    ...{ ecosystem: 'npm', name: asked.name, path, direct: true, source, spec, lock: fact },
    version: entry?.version || asked.version,
  };
}

/** Where npm puts it for this manifest: beside it, or above it. Formats without places have it by name. */
function entryOf(
  { folder, entries = [] }: Lock,
  manifest: string,
  declared: string,
  asked: { name: string; version: string | null },
): LockEntry | undefined {
  const below = manifest.slice(folder.length, manifest.length - 'package.json'.length);
  const places = foldersAbove(below).map((above) => `${above}node_modules/${declared}`);
  const placed = places.map((place) => entries.find((entry) => entry.place === place)).find(Boolean);
  if (placed !== undefined) return placed.name === asked.name ? placed : undefined;
  const named = entries.filter((entry) => entry.place === '' && entry.name === asked.name);
  return named.find(({ version }) => version === asked.version) ?? named.at(-1);
}

function nameOf(path: string): string {
  return path.split('/').at(-1) ?? path;
}
