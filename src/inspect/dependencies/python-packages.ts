/**
 * Finds Python packages that a change adds or updates: in requirements files, pyproject.toml and their lock files. Pure.
 */
import type { LockEntry } from '../manifests/lock-entry';
import type { PythonRequirement } from '../manifests/python';
import type { Manifest } from '../packages/manager';
import { locksOf, manifestsOf } from '../packages/managers';
import type { LockFact } from '../../domain/packages/facts';
import { foldersAbove } from './change-texts';
import type { ChangeTexts } from './change-texts';
import { LOCK_ADDRESS, addLockedPackages, lockFactWithoutLock } from './packages';
import type { FoundPackages, PackageFact } from './packages';

const LOCKS = locksOf('pypi');
const MANIFESTS = manifestsOf('pypi');

export function pythonPackages(change: ChangeTexts): FoundPackages {
  const found: FoundPackages = { packages: [], unreadable: [] };
  for (const { path, status } of change.files) {
    const text = change.after.get(path);
    if (status === 'deleted' || text === undefined || readerOf(path) === undefined) continue;
    const before = new Set(requirementsOf(path, change.before.get(path) ?? '').map(keyOf));
    const newRequirements = requirementsOf(path, text).filter((requirement) => !before.has(keyOf(requirement)));
    found.packages.push(...newRequirements.map((requirement) => factOf(change, path, requirement)));
  }
  return addLockedPackages(change, 'pypi', found);
}

/** Returns the normalized names of all packages that the manifests declare. */
export function declaredInPython({ after }: ChangeTexts): Set<string> {
  return new Set([...after].flatMap(([path, text]) => requirementsOf(path, text).map(({ name }) => name)));
}

/** True for a Python manifest of a kind that has no reader here. */
export function hasNoReader(path: string): boolean {
  return MANIFESTS.some(({ files, read }) => read === undefined && files.test(path));
}

function requirementsOf(path: string, text: string): PythonRequirement[] {
  return readerOf(path)?.(text) ?? [];
}

function readerOf(path: string): Manifest['read'] {
  return MANIFESTS.find(({ files, read }) => read !== undefined && files.test(path))?.read;
}

function keyOf({ name, spec, hashes }: PythonRequirement): string {
  return [name, spec, ...hashes].join(' ');
}

function factOf(change: ChangeTexts, path: string, requirement: PythonRequirement): PackageFact {
  const { name, spec, source } = requirement;
  const { lock, version, isRedirected } = lockedVersionOf(change, path, requirement);
  const origin =
    isRedirected && source !== 'other' ? { source: 'other' as const, spec: LOCK_ADDRESS } : { source, spec };
  return { ecosystem: 'pypi', name, path, direct: true, ...origin, version, lock };
}

function lockedVersionOf(
  change: ChangeTexts,
  path: string,
  requirement: PythonRequirement,
): { lock: LockFact; version: string | null; isRedirected?: boolean } {
  const { name, version, hashes, isBuildTool } = requirement;
  if (isBuildTool) return { lock: { state: 'pinned' }, version };
  if (hashes.length > 0) return { lock: { state: 'listed', integrity: hashes.join(' ') }, version };
  const entries = nearestLock(change, path);
  if (entries === undefined) {
    const lock: LockFact = version === null ? lockFactWithoutLock(change, path, LOCKS.keys()) : { state: 'pinned' };
    return { lock, version };
  }
  const entry = entries.find((one) => one.name === name);
  if (entry === undefined) return { lock: { state: 'unlisted' }, version };
  const isRedirected = entry.source === 'other';
  return { lock: { state: 'listed', integrity: entry.integrity }, version: entry.version, isRedirected };
}

function nearestLock({ paths, after }: ChangeTexts, manifest: string): LockEntry[] | undefined {
  const candidates = foldersAbove(manifest).flatMap((folder) =>
    [...LOCKS].map(([name, read]) => ({ path: `${folder}${name}`, read })),
  );
  const lock = candidates.find(({ path }) => paths.includes(path));
  return lock?.read(after.get(lock.path) ?? '');
}
