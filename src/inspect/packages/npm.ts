/**
 * The package manager npm, with readers for the three versions of package-lock.json. Pure.
 */
import type { LockEntry } from '../manifests/lock-entry';
import type { InstallPlan, ProjectTree } from './install';
import { javascriptPlan, javascriptProject } from './javascript';
import type { PackageManager } from './manager';

export const npm = {
  name: 'npm',
  ecosystem: 'npm',
  programs: ['npm'],
  setup: [/^package\.json$/, /^\.npmrc$/],
  manifests: [{ files: /(^|\/)package\.json$/ }],
  locks: { 'package-lock.json': readPackageLock, 'npm-shrinkwrap.json': readPackageLock },
  installed: ['node_modules'],
  install: { language: 'javascript', plan },
} satisfies PackageManager;

interface NpmEntry {
  name?: unknown;
  version?: unknown;
  integrity?: unknown;
  resolved?: unknown;
  link?: unknown;
  inBundle?: unknown;
  dependencies?: unknown;
}

/** Returns undefined if the text is no lock file of npm. */
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

/** Reads the nested `dependencies` of the first version of the format. */
function fromFirstVersion(dependencies: Record<string, NpmEntry>, above: string): LockEntry[] {
  return Object.entries(dependencies).flatMap(([name, entry]) => {
    const place = `${above}node_modules/${name}`;
    const nested = (entry.dependencies ?? {}) as Record<string, NpmEntry>;
    return [...toEntry(place, entry), ...fromFirstVersion(nested, `${place}/`)];
  });
}

function toEntry(place: string, { name, version, integrity, resolved, link, inBundle }: NpmEntry): LockEntry[] {
  const nameOfFolder = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const realName = typeof name === 'string' ? name : nameOfFolder;
  // The integrity of another package's archive covers the packages inside it.
  if (inBundle === true) return [];
  if (link === true) return [{ name: realName, version: '', integrity: null, source: 'local', place }];
  const address = typeof resolved === 'string' ? resolved : '';
  const isElsewhere = /^(git|github:|file:)/.test(address) || !/^(https?:.*|)$/.test(address);
  return [
    {
      name: realName,
      version: typeof version === 'string' ? version : '',
      integrity: typeof integrity === 'string' && integrity !== '' ? integrity : null,
      source: isElsewhere ? 'other' : 'registry',
      place,
    },
  ];
}

/** The worker removes the step's tree afterwards, so no attempt changes the project's lock file. */
function plan(project: ProjectTree): InstallPlan | undefined {
  const found = javascriptProject(project);
  if (found?.manager !== 'npm') return undefined;
  const noScripts = project.allowsScripts ? [] : ['--ignore-scripts'];
  const options = [...noScripts, '--include=dev', '--no-audit', '--no-fund'];
  const install = ['npm', 'install', '--no-package-lock', ...options];
  const withLegacyPeers = {
    commands: [[...install, '--legacy-peer-deps']],
    when: /ERESOLVE/,
    note: 'npm finds peer dependencies that exclude each other; installed with --legacy-peer-deps',
  };
  const withoutLock = {
    commands: [['npm', 'install', ...options]],
    when: /EUSAGE|can only install (?:packages )?when|package\.json and package-lock\.json/,
    note: `${found.lock} does not fit package.json; installed with npm install`,
  };
  const attempts =
    found.lock === null
      ? [{ commands: [install] }, withLegacyPeers]
      : [{ commands: [['npm', 'ci', ...options]] }, withoutLock, withLegacyPeers];
  return javascriptPlan(project, { attempts, env: {}, lock: found.lock });
}
