/**
 * The lock files of npm, yarn (classic) and pnpm, read for name, version and integrity. Pure.
 */
import type { LockEntry } from './lock-entry';

/** By file name, in the order in which they count beside each other. */
export const NPM_LOCKS: Record<string, (text: string) => LockEntry[] | undefined> = {
  'package-lock.json': readPackageLock,
  'npm-shrinkwrap.json': readPackageLock,
  'pnpm-lock.yaml': readPnpmLock,
  'yarn.lock': readYarnLock,
};

interface NpmEntry {
  name?: unknown;
  version?: unknown;
  integrity?: unknown;
  resolved?: unknown;
  link?: unknown;
  inBundle?: unknown;
  dependencies?: unknown;
}

/** Undefined where it is no lock file of npm. */
function readPackageLock(text: string): LockEntry[] | undefined {
  let lock: { packages?: Record<string, NpmEntry>; dependencies?: Record<string, NpmEntry> };
  try {
    lock = JSON.parse(text) as typeof lock;
  } catch {
    return undefined;
  }
  if (typeof lock?.packages === 'object' && lock.packages !== null) {
    const places = Object.entries(lock.packages).filter(([place]) => place.includes('node_modules/'));
    return places.flatMap(([place, entry]) => toEntry(place, entry));
  }
  return typeof lock?.dependencies === 'object' ? fromFirstVersion(lock.dependencies, '') : undefined;
}

function fromFirstVersion(dependencies: Record<string, NpmEntry>, above: string): LockEntry[] {
  return Object.entries(dependencies).flatMap(([name, entry]) => {
    const place = `${above}node_modules/${name}`;
    const nested = (entry.dependencies ?? {}) as Record<string, NpmEntry>;
    return [...toEntry(place, entry), ...fromFirstVersion(nested, `${place}/`)];
  });
}

function toEntry(place: string, { name, version, integrity, resolved, link, inBundle }: NpmEntry): LockEntry[] {
  const placed = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const real = typeof name === 'string' ? name : placed;
  // What another package's archive brings along is covered by that archive's integrity.
  if (inBundle === true) return [];
  if (link === true) return [{ name: real, version: '', integrity: null, source: 'local', place }];
  const from = typeof resolved === 'string' ? resolved : '';
  const isElsewhere = /^(git|github:|file:)/.test(from) || !/^(https?:.*|)$/.test(from);
  return [
    {
      name: real,
      version: typeof version === 'string' ? version : '',
      integrity: typeof integrity === 'string' && integrity !== '' ? integrity : null,
      source: isElsewhere ? 'other' : 'registry',
      place,
    },
  ];
}

/** Blocks of `name@spec, name@spec:` and indented `version`, `resolved`, `integrity`. */
function readYarnLock(text: string): LockEntry[] | undefined {
  if (/^__metadata:/m.test(text)) return undefined;
  return text.split(/\n(?=\S)/).flatMap((block) => {
    const name = /^"?((?:@[^/@\s]+\/)?[^@"\s]+)@/.exec(block)?.[1];
    const version = /^ {2}version "?([^"\n]+)"?$/m.exec(block)?.[1];
    if (name === undefined || version === undefined || block.startsWith('#')) return [];
    const integrity = /^ {2}integrity "?([^"\n]+)"?$/m.exec(block)?.[1] ?? null;
    const source = /^ {2}resolved "?(git|.*\.git#)/m.test(block) ? 'other' : 'registry';
    return [{ name, version, integrity, source, place: '' }];
  });
}

/** `name@version:` or `/name@version:` under `packages:`, each with its `resolution`. */
function readPnpmLock(text: string): LockEntry[] | undefined {
  const packages = /^packages:\n((?:[ \n].*\n?)*)/m.exec(text)?.[1];
  if (packages === undefined) return /^lockfileVersion:/m.test(text) ? [] : undefined;
  const pattern = /^ {2}'?\/?((?:@[^/@\s]+\/)?[^@'\s/]+)@([^:'(\s]+)[^:\n]*:\n((?: {4}.*\n?)*)/gm;
  return [...packages.matchAll(pattern)].map(([, name = '', version = '', body = '']) => ({
    name,
    version,
    integrity: /integrity: ([^\s,}]+)/.exec(body)?.[1] ?? null,
    source: /resolution: \{.*\b(tarball|repo|directory):/.test(body) ? 'other' : 'registry',
    place: '',
  }));
}
