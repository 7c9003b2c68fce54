/**
 * What the package managers of JavaScript have in common: which of them a project uses, and the files that they read. Pure.
 */
import { readPackageJson } from '../manifests/package-json';
import { pnpmPackages } from '../manifests/pnpm-lock';
import { isObject } from '../../domain/json';
import { isInside, placeAt } from '../places';
import type { InstallPlan, ProjectTree, Tool } from './install';

export type JavascriptManager = 'npm' | 'pnpm' | 'yarn' | 'bun';

/** Locks by manager, in the order in which they count where a folder has several. */
const JAVASCRIPT_LOCKS: ReadonlyArray<[JavascriptManager, string[]]> = [
  ['npm', ['package-lock.json', 'npm-shrinkwrap.json']],
  ['pnpm', ['pnpm-lock.yaml']],
  ['yarn', ['yarn.lock']],
  ['bun', ['bun.lock', 'bun.lockb']],
];

export interface JavascriptProject {
  manager: JavascriptManager;
  /** As `packageManager` names it. */
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
  const lockOf = (manager: JavascriptManager): string | null =>
    JAVASCRIPT_LOCKS.find(([name]) => name === manager)?.[1].find(has) ?? null;
  const named = /^(npm|pnpm|yarn|bun)@([^+\s]+)/.exec(String(manifest.packageManager ?? ''));
  if (named !== null) {
    const manager = named[1] as JavascriptManager;
    return { manager, version: named[2], lock: lockOf(manager) };
  }
  const locked = JAVASCRIPT_LOCKS.find(([, locks]) => locks.some(has))?.[0];
  const manager = locked ?? (has('pnpm-workspace.yaml') ? 'pnpm' : 'npm');
  return { manager, version: undefined, lock: lockOf(manager) };
}

/** Makes the install plan of one manager. `own`: the parts that differ between managers. */
export function javascriptPlan(
  project: ProjectTree,
  own: Pick<InstallPlan, 'attempts' | 'env' | 'lock'> & {
    tool?: Tool;
    notes?: string[];
    runEnv?: Record<string, string>;
  },
): InstallPlan {
  const { env, lock, tool, notes = [], runEnv = {} } = own;
  const attempts = needsPackages(project) ? own.attempts : [{ commands: [] }];
  const locals = localPackages(project);
  const tools = [...(tool === undefined ? [] : [tool]), ...(tool?.name !== 'bun' && callsBun(project) ? [BUN] : [])];
  return {
    ...{
      ...{ command: own.attempts[0]?.commands[0] ?? [], attempts, env, lock, tools, sharedFolders: [] },
    },
    reads: (path) => isReadFile(path) || isInside(locals, path),
    readsOutside: (path) => isInside(locals, path),
    isProducedFile: (path) => /^(\.pnp\.[a-z.]+|\.yarn\/(install-state\.gz|build-state\.yml))$/.test(path),
    ...(project.allowsScripts ? { wholeTree: true } : {}),
    runs: { env: runEnv, path: [], ...(tools.some(({ name }) => name === 'bun') ? { reservesMemory: true } : {}) },
    notes: [...notes, ...scriptNotes(project)],
  };
}

/** The package `bun` fetches its program by an install script; the package of the program itself has none. */
export const BUN: Tool = {
  ...{ name: 'bun', by: 'npm', onPath: true },
  packages: [`@oven/bun-linux-${process.arch === 'arm64' ? 'aarch64' : 'x64'}`],
};

/** A project of another manager may run its tests by bun. */
function callsBun(project: ProjectTree): boolean {
  const scripts = parse(project.read('package.json'))?.['scripts'];
  return isObject(scripts) && Object.values(scripts).some((script) => /(^|[\s;&|])bunx?\s/.test(String(script)));
}

const FILES =
  /(^|\/)(package\.json|package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|pnpm-workspace\.yaml|yarn\.lock|bun\.lockb?|bunfig\.toml|lerna\.json|\.npmrc|\.yarnrc|\.yarnrc\.yml|\.pnpmfile\.c?js|\.nvmrc|\.node-version|\.tool-versions|[^/]+\.tgz|[^/]+\.patch)$/;

function isReadFile(path: string): boolean {
  if (/(^|\/)node_modules\//.test(path)) return false;
  return FILES.test(path) || /(^|\/)(patches|\.yarn)\//.test(path) || /(^|\/)\.pnp\.[a-z.]+$/.test(path);
}

/** Folders that a manifest names by `file:` or `portal:`: some managers copy them. A `link:` is only a symbolic link. */
function localPackages(project: ProjectTree): string[] {
  return manifestsOf(project).flatMap(([path, text]) => {
    const folder = path.slice(0, -'package.json'.length);
    const specs = [...(readPackageJson(text)?.declared.values() ?? [])];
    return specs.flatMap((spec) => {
      const to = /^(?:file|portal):(.*)$/.exec(spec)?.[1];
      return to === undefined ? [] : [placeAt(folder, to)].filter((place) => place !== '' && !/^[./]+$/.test(place));
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

/** Most packages with an install script work without it; the note names the packages that have one, so that a person can allow them. */
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
  const own = ownScripts(project);
  return [
    ...(names.length === 0 ? [] : [`install scripts stay off (${names.join(', ')}); INSTALL_SCRIPTS=1 allows them`]),
    ...(own.length === 0
      ? []
      : [
          `install scripts of the project itself stay off (${own.join(', ')}); INSTALL_SCRIPTS=1 or commands.setup runs them`,
        ]),
  ];
}

const OWN_SCRIPTS = ['preinstall', 'install', 'postinstall'];
const NAMED_SCRIPTS = 5;

/** Such as `docs/package.json: postinstall "nuxt prepare"`. */
function ownScripts(project: ProjectTree): string[] {
  const found = manifestsOf(project).flatMap(([path, text]) => {
    const scripts = parse(text)?.['scripts'];
    if (!isObject(scripts)) return [];
    return OWN_SCRIPTS.filter((name) => typeof scripts[name] === 'string').map(
      (name) => `${path}: ${name} "${String(scripts[name]).slice(0, 80)}"`,
    );
  });
  const more = found.length - NAMED_SCRIPTS;
  return more > 0 ? [...found.slice(0, NAMED_SCRIPTS), `${more} more`] : found;
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
