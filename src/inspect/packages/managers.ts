/**
 * The list of the package managers, and functions over it. Each manager has a file of its own and one line here. Pure.
 */
import type { Ecosystem } from '../../domain/packages/facts';
import { bun } from './bun';
import { bundler } from './bundler';
import { cargo } from './cargo';
import { composer } from './composer';
import { conda } from './conda';
import { go } from './go';
import { gradle } from './gradle';
import type { InstallPlan, Language, ProjectTree } from './install';
import type { LockReader, Manifest, PackageManager } from './manager';
import { maven } from './maven';
import { npm } from './npm';
import { pdm } from './pdm';
import { pip } from './pip';
import { pipenv } from './pipenv';
import { pnpm } from './pnpm';
import { poetry } from './poetry';
import { uv } from './uv';
import { yarn } from './yarn';

/** If a folder has lock files of two managers of one ecosystem, the earlier manager in this list counts. */
const MANAGERS: readonly PackageManager[] = [
  npm,
  pnpm,
  yarn,
  bun,
  uv,
  poetry,
  pdm,
  pip,
  pipenv,
  conda,
  go,
  cargo,
  maven,
  gradle,
  bundler,
  composer,
];

/** Programs that run a script of package.json. */
export const SCRIPT_PROGRAMS: readonly string[] = MANAGERS.flatMap(({ programs }) => programs);

/** Names of folders that hold installed packages. */
export const INSTALLED_FOLDERS: ReadonlySet<string> = new Set(MANAGERS.flatMap(({ installed }) => installed));

const SETUP_MANAGERS = MANAGERS.filter(({ onlyGates }) => !onlyGates);
const SETUP_FILES = SETUP_MANAGERS.flatMap(({ setup }) => setup);
const SETUP_LOCKS = new Set(SETUP_MANAGERS.flatMap(({ locks }) => Object.keys(locks)));
const MANIFESTS = MANAGERS.flatMap(({ manifests }) => manifests);
const LOCKS = new Set(MANAGERS.flatMap(({ locks }) => Object.keys(locks)));

interface FoundPlan {
  manager: string;
  language: Language;
  folder: string;
  plan: InstallPlan;
}

/**
 * Returns the install steps of a project: at most one for each language, by the first manager of the list that has a plan.
 * `projectOf` returns the tree from which a language's packages are installed.
 */
export function installPlans(projectOf: (language: Language) => ProjectTree): FoundPlan[] {
  const found = new Map<Language, FoundPlan>();
  for (const { name, install } of MANAGERS) {
    if (install === undefined || found.has(install.language)) continue;
    const { language } = install;
    const project = projectOf(language);
    const plan = install.plan(project);
    if (plan !== undefined) found.set(language, { manager: name, language, folder: project.folder, plan });
  }
  return [...found.values()];
}

/** True for a file that a set-up command depends on: if it differs from the one of the base, the command runs again. */
export function isSetupFile(path: string): boolean {
  const name = nameOf(path);
  return SETUP_LOCKS.has(name) || SETUP_FILES.some((pattern) => pattern.test(name));
}

/** True for a lock file, whose lines no person writes. */
export function isWrittenLock(path: string): boolean {
  return SETUP_LOCKS.has(nameOf(path));
}

/** True for a manifest or lock file that the gates read. */
export function isRead(path: string): boolean {
  return LOCKS.has(nameOf(path)) || MANIFESTS.some(({ files }) => files.test(path));
}

/** Returns the readers of one ecosystem's lock files by file name. If a folder has several, the first one counts. */
export function locksOf(ecosystem: Ecosystem): ReadonlyMap<string, LockReader> {
  return new Map(membersOf(ecosystem).flatMap(({ locks }) => Object.entries(locks)));
}

export function manifestsOf(ecosystem: Ecosystem): Manifest[] {
  return membersOf(ecosystem).flatMap(({ manifests }) => manifests);
}

function membersOf(ecosystem: Ecosystem): PackageManager[] {
  return MANAGERS.filter((manager) => manager.ecosystem === ecosystem);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
