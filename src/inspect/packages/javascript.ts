/**
 * Shared parts of the JavaScript package managers: which of them a project uses, the files that they read, and the install
 * plan. Pure.
 */
import { readPackageJson } from '../manifests/package-json';
import { pnpmPackages } from '../manifests/pnpm-lock';
import { isObject } from '../../domain/json';
import { isInside, placeAt } from '../places';
import type { InstallPlan, ProjectTree, Tool } from './install';

export type JavascriptManager = 'npm' | 'pnpm' | 'yarn' | 'bun';

/** Lock files by manager. If a folder has several, the first one in this order counts. */
const JAVASCRIPT_LOCKS: ReadonlyArray<[JavascriptManager, string[]]> = [
  ['npm', ['package-lock.json', 'npm-shrinkwrap.json']],
  ['pnpm', ['pnpm-lock.yaml']],
  ['yarn', ['yarn.lock']],
  ['bun', ['bun.lock', 'bun.lockb']],
];

export interface JavascriptProject {
  manager: JavascriptManager;
  /** The version in the member `packageManager` of package.json. */
  version: string | undefined;
  lock: string | null;
}

/** Undefined if the folder has no package.json, or needs npm only and has no packages to install. */
export function javascriptProject(project: ProjectTree): JavascriptProject | undefined {
  const manifest = parse(project.read('package.json'));
  if (manifest === undefined) return undefined;
  const found = managerOf(project, manifest);
  // Without any package there is nothing to install, but a run may still need the manager's program.
  return needsPackages(project) || found.manager !== 'npm' || callsBun(project) ? found : undefined;
}

/** Finds the package manager of a folder from its manifest and files. The same manager installs the packages and runs the scripts. */
export function managerOf(
  { has }: Pick<ProjectTree, 'has'>,
  manifest: { packageManager?: unknown } = {},
): JavascriptProject {
  const lockOf = (manager: JavascriptManager): string | null => {
    const [, locks] = JAVASCRIPT_LOCKS.find(([name]) => name === manager) ?? [];
    return locks?.find(has) ?? null;
  };
  const declared = /^(npm|pnpm|yarn|bun)@([^+\s]+)/.exec(String(manifest.packageManager ?? ''));
  if (declared !== null) {
    const manager = declared[1] as JavascriptManager;
    return { manager, version: declared[2], lock: lockOf(manager) };
  }
  const [managerByLock] = JAVASCRIPT_LOCKS.find(([, locks]) => locks.some(has)) ?? [];
  const manager = managerByLock ?? (has('pnpm-workspace.yaml') ? 'pnpm' : 'npm');
  return { manager, version: undefined, lock: lockOf(manager) };
}

/** Makes the install plan of one manager. `parts`: the parts that differ between managers. */
export function javascriptPlan(
  project: ProjectTree,
  parts: Pick<InstallPlan, 'attempts' | 'env' | 'lock'> & {
    tool?: Tool;
    notes?: string[];
    runEnv?: Record<string, string>;
  },
): InstallPlan {
  const { env, lock, tool, notes = [], runEnv = {} } = parts;
  const attempts = needsPackages(project) ? parts.attempts : [{ commands: [] }];
  const localFolders = localPackages(project);
  const tools = [...(tool === undefined ? [] : [tool]), ...(tool?.name !== 'bun' && callsBun(project) ? [BUN] : [])];
  return {
    ...{ command: parts.attempts[0]?.commands[0] ?? [], attempts, env, lock, tools, sharedFolders: [] },
    reads: (path) => isReadFile(path) || isInside(localFolders, path),
    readsOutside: (path) => isInside(localFolders, path),
    isProducedFile: (path) => /^(\.pnp\.[a-z.]+|\.yarn\/(install-state\.gz|build-state\.yml))$/.test(path),
    ...(project.allowsScripts ? { wholeTree: true } : {}),
    runs: { env: runEnv, path: [], ...(tools.some(({ name }) => name === 'bun') ? { reservesMemory: true } : {}) },
    notes: [...notes, ...scriptNotes(project)],
  };
}

/** The package `bun` needs an install script to fetch its program, so the package of the program is used instead. */
export const BUN: Tool = {
  ...{ name: 'bun', by: 'npm', onPath: true },
  packages: [`@oven/bun-linux-${process.arch === 'arm64' ? 'aarch64' : 'x64'}`],
};

/** True if a script calls bun: a project of another manager may run its tests with it. */
function callsBun(project: ProjectTree): boolean {
  const scripts = parse(project.read('package.json'))?.['scripts'];
  return isObject(scripts) && Object.values(scripts).some((script) => /(^|[\s;&|])bunx?\s/.test(String(script)));
}

/** Files that the managers read. */
const READ_FILES =
  /(^|\/)(package\.json|package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|pnpm-workspace\.yaml|yarn\.lock|bun\.lockb?|bunfig\.toml|lerna\.json|\.npmrc|\.yarnrc|\.yarnrc\.yml|\.pnpmfile\.c?js|\.nvmrc|\.node-version|\.tool-versions|[^/]+\.tgz|[^/]+\.patch)$/;

function isReadFile(path: string): boolean {
  if (/(^|\/)node_modules\//.test(path)) return false;
  return READ_FILES.test(path) || /(^|\/)(patches|\.yarn)\//.test(path) || /(^|\/)\.pnp\.[a-z.]+$/.test(path);
}

/** Returns the folders that a manifest names by `file:` or `portal:`. Some managers copy them; a `link:` is only a symbolic link. */
function localPackages(project: ProjectTree): string[] {
  return manifestsOf(project).flatMap(([path, text]) => {
    const folder = path.slice(0, -'package.json'.length);
    const specs = [...(readPackageJson(text)?.declared.values() ?? [])];
    return specs.flatMap((spec) => {
      const target = /^(?:file|portal):(.*)$/.exec(spec)?.[1];
      return target === undefined
        ? []
        : [placeAt(folder, target)].filter((place) => place !== '' && !/^[./]+$/.test(place));
    });
  });
}

function needsPackages(project: ProjectTree): boolean {
  return manifestsOf(project).some(([, text]) => {
    const manifest = parse(text);
    const declared = readPackageJson(text)?.declared.size ?? 0;
    return declared > 0 || manifest?.['workspaces'] !== undefined;
  });
}

function manifestsOf(project: ProjectTree): Array<[string, string]> {
  return project.paths
    .filter((path) => /(^|\/)package\.json$/.test(path) && !path.includes('node_modules/'))
    .flatMap((path): Array<[string, string]> => {
      const text = project.read(path);
      return text === undefined ? [] : [[path, text]];
    });
}

/** Names the packages with an install script, so that a person can allow these. Most packages work without it. */
function scriptNotes(project: ProjectTree): string[] {
  if (project.allowsScripts) return [];
  const lock = parse(project.read('package-lock.json') ?? project.read('npm-shrinkwrap.json'));
  const packages = isObject(lock?.['packages']) ? Object.entries(lock['packages']) : [];
  const byNpm = packages
    .filter(([, entry]) => isObject(entry) && entry['hasInstallScript'] === true)
    .map(([place]) => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length))
    .filter((name) => name !== '');
  const byPnpm = (pnpmPackages(project.read('pnpm-lock.yaml') ?? '') ?? [])
    .filter(({ entry }) => entry['requiresBuild'] === 'true')
    .map(({ name }) => name);
  const names = [...new Set([...byNpm, ...byPnpm])].sort();
  const projectScripts = projectScriptsOf(project);
  return [
    ...(names.length === 0 ? [] : [`install scripts stay off (${names.join(', ')}); INSTALL_SCRIPTS=1 allows them`]),
    ...(projectScripts.length === 0
      ? []
      : [
          `install scripts of the project itself stay off (${projectScripts.join(', ')}); INSTALL_SCRIPTS=1 or commands.setup runs them`,
        ]),
  ];
}

/** Scripts that the managers run after an installation. */
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall'];
const NAMED_SCRIPTS_LIMIT = 5;

/** Returns texts such as `docs/package.json: postinstall "nuxt prepare"`. */
function projectScriptsOf(project: ProjectTree): string[] {
  const found = manifestsOf(project).flatMap(([path, text]) => {
    const scripts = parse(text)?.['scripts'];
    if (!isObject(scripts)) return [];
    return INSTALL_SCRIPTS.filter((name) => typeof scripts[name] === 'string').map(
      (name) => `${path}: ${name} "${String(scripts[name]).slice(0, 80)}"`,
    );
  });
  const hiddenCount = found.length - NAMED_SCRIPTS_LIMIT;
  return hiddenCount > 0 ? [...found.slice(0, NAMED_SCRIPTS_LIMIT), `${hiddenCount} more`] : found;
}

function parse(text: string | undefined): Record<string, unknown> | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
