/**
 * Finds the worker's programs outside of /usr (pyenv, rustup, nvm, sdkman, Go, ...), so that the sandbox can show them at the
 * same path. It returns only folders of programs and their parts, never a home folder or a file with credentials.
 */
import { access, constants, lstat, readdir, readlink, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Toolchain } from './profile';
import { createToolchainCopies } from './toolchain-copies';

export interface WorkerPrograms {
  /** The worker's own environment. */
  env: Readonly<Record<string, string>>;
  home: string;
}

/** Variables by which programs find their parts. */
const VARIABLES = [
  ...['PYENV_ROOT', 'PYENV_VERSION', 'RUSTUP_HOME', 'RUSTUP_TOOLCHAIN', 'RUSTUP_AUTO_INSTALL', 'GOROOT', 'GOTOOLCHAIN'],
  ...['JAVA_HOME', 'M2_HOME', 'MAVEN_HOME', 'GRADLE_HOME', 'SDKMAN_DIR', 'NVM_DIR', 'ASDF_DIR', 'ASDF_DATA_DIR'],
  ...['DOTNET_ROOT', 'BUN_INSTALL', 'DENO_DIR', 'VOLTA_HOME', 'FNM_DIR', 'GEM_HOME', 'ANDROID_HOME'],
];
/** Folders that `npm run` adds to the PATH: packages of the worker's own project are not tools of the machine. */
const NPM_SCRIPT_FOLDER = /\/node_modules\/\.bin\/?$|\/node-gyp-bin\/?$/;
const SYSTEM_FOLDER = /^\/(usr|bin|sbin|lib|lib64)(\/|$)/;

/** A pattern for a folder of PATH, and the folders that its programs need. `$1` is the part in parentheses. */
const TOOLCHAIN_LAYOUTS: ReadonlyArray<[RegExp, string[]]> = [
  [
    /^(.*\/\.pyenv)\/(?:.*\/)?(?:shims|bin)$/,
    ['$1/bin', '$1/shims', '$1/libexec', '$1/versions', '$1/plugins', '$1/pyenv.d', '$1/version'],
  ],
  [/^(.*)\/\.cargo\/bin$/, ['$1/.cargo/bin', '$1/.rustup']],
  [/^(.*\/(?:\.nvm|nvm)\/versions\/node\/[^/]+)\/bin$/, ['$1']],
  [/^(.*\/\.sdkman\/candidates\/[^/]+)\/current\/bin$/, ['$1']],
  [
    /^(.*\/(?:\.asdf|asdf))\/(?:shims|bin)$/,
    ['$1/bin', '$1/shims', '$1/lib', '$1/libexec', '$1/installs', '$1/plugins', '$1/asdf.sh'],
  ],
  [/^(.*\/mise\/installs\/[^/]+\/[^/]+)\/bin$/, ['$1']],
  [/^(.*\/mise)\/shims$/, ['$1/shims', '$1/installs']],
  [/^(.*\/\.volta)\/bin$/, ['$1/bin', '$1/tools']],
  [/^(.*\/go)\/bin$/, ['$1/bin', '$1/pkg/tool', '$1/pkg/include', '$1/src', '$1/lib', '$1/VERSION', '$1/go.env']],
];

const toolchains = new WeakMap<WorkerPrograms, Promise<Toolchain>>();

/** Searches once for each worker: all of its sandboxes share the result. */
export function findToolchain(worker: WorkerPrograms): Promise<Toolchain> {
  const found = toolchains.get(worker) ?? search(worker);
  toolchains.set(worker, found);
  found.catch(() => toolchains.delete(worker));
  return found;
}

async function search({ env, home }: WorkerPrograms): Promise<Toolchain> {
  const pathFolders = (env['PATH'] ?? '')
    .split(':')
    .filter((folder) => folder.startsWith('/') && !NPM_SCRIPT_FOLDER.test(folder));
  const folders = [...new Set([...pathFolders, '/usr/local/bin', '/usr/bin', '/bin'])];
  const shownParts = new Set<string>();
  const path: string[] = [];
  for (const folder of folders) {
    if (!(await isThere(folder))) continue;
    if (!SYSTEM_FOLDER.test(folder)) (await partsOf(folder, home)).forEach((part) => shownParts.add(part));
    path.push(folder);
  }
  const variables = VARIABLES.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  for (const name of ['RUSTUP_HOME', 'JAVA_HOME', 'GOROOT', 'M2_HOME', 'MAVEN_HOME', 'GRADLE_HOME', 'DOTNET_ROOT']) {
    const place = env[name];
    if (place !== undefined && mayShow(place, home) && (await isThere(place))) shownParts.add(place);
  }
  const copies = createToolchainCopies();
  const shown = [];
  for (const to of outermost([...shownParts])) shown.push({ from: await copies.reachable(to), to });
  const rustup = [...shownParts].find((part) => part.endsWith('/.rustup'));
  const toolchainEnv = { ...(rustup === undefined ? {} : { RUSTUP_HOME: rustup }), ...Object.fromEntries(variables) };
  return { shown, path: path.join(':'), env: toolchainEnv };
}

async function partsOf(folder: string, home: string): Promise<string[]> {
  const layout = TOOLCHAIN_LAYOUTS.find(([pattern]) => pattern.test(folder));
  if (layout !== undefined) {
    const parts = layout[1].map((part) => folder.replace(layout[0], part));
    const existing = await Promise.all(parts.map(isThere));
    return [...parts.filter((_, index) => existing[index]), ...(await targetsOf(folder, home))];
  }
  const parent = dirname(folder);
  const isInHome = folder === home || folder.startsWith(`${home}/`);
  // A program outside of home folders has its parts in folders next to its `bin` folder (/opt/x/bin, /opt/x/lib).
  const isToolFolder = !isInHome && /\/s?bin$/.test(folder) && parent.split('/').length > 2 && mayShow(parent, home);
  const shownFolder = isToolFolder ? parent : folder;
  const parts = isToolFolder || mayShow(folder, home) ? [shownFolder] : [];
  return [...parts, ...(await targetsOf(folder, home))];
}

/** Returns the targets of links in the folder; for a target `x/bin/tool` it returns the whole folder `x`. */
async function targetsOf(folder: string, home: string): Promise<string[]> {
  const found = new Set<string>();
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    if (!entry.isSymbolicLink()) continue;
    const to = await realpath(join(folder, entry.name)).catch(() => undefined);
    if (to === undefined || SYSTEM_FOLDER.test(to) || to.startsWith(`${folder}/`)) continue;
    const parent = dirname(dirname(to));
    found.add(/\/bin$/.test(dirname(to)) && mayShow(parent, home) ? parent : to);
    // The link may lead to the target over further links, which must be shown, too.
    const next = join(folder, await readlink(join(folder, entry.name)));
    if (
      next !== to &&
      (await lstat(next).then(
        (stats) => stats.isSymbolicLink(),
        () => false,
      ))
    )
      found.add(dirname(next));
  }
  return [...found].filter((part) => mayShow(part, home));
}

/** False for a home folder, for its parents, and for folders of the home that contain secrets as well as programs. */
function mayShow(path: string, home: string): boolean {
  const depth = path.split('/').filter(Boolean).length;
  if (depth < 2 && !path.startsWith('/opt/')) return false;
  if (home === path || home.startsWith(`${path}/`)) return false;
  const below = path.startsWith(`${home}/`) ? path.slice(home.length + 1) : undefined;
  if (
    below !== undefined &&
    /^(\.local|\.local\/share|\.config|\.cache|\.ssh|\.aws|\.gnupg|\.docker|\.kube|\.cargo|\.m2|\.gradle|\.npm)$/.test(
      below,
    )
  )
    return false;
  return !/\/\.(ssh|aws|gnupg|docker|kube)(\/|$)/.test(path);
}

/** Removes the paths that are inside another path of the list. */
function outermost(paths: string[]): string[] {
  return paths.filter((path) => !paths.some((other) => other !== path && path.startsWith(`${other}/`))).sort();
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () =>
      access(path, constants.R_OK).then(
        () => true,
        () => false,
      ),
    () => false,
  );
}
