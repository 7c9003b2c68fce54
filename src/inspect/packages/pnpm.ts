/**
 * pnpm: its workspace file and its lock. Pure.
 */
import type { LockEntry } from '../manifests/lock-entry';
import type { PackageManager } from './manager';

export const pnpm = {
  name: 'pnpm',
  ecosystem: 'npm',
  programs: ['pnpm'],
  setup: [/^pnpm-workspace\.yaml$/],
  manifests: [],
  locks: { 'pnpm-lock.yaml': readPnpmLock },
  installed: ['node_modules'],
} satisfies PackageManager;

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
