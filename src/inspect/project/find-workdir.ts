/**
 * Finds the folder of the project in a repository: the root, or a subfolder with manifests. Pure.
 *
 * If several folders have manifests and the root has none, the first one is the project. The order is by depth, then by
 * language (in the order of MANIFESTS), then by name. A note names the other candidates, and the option to choose one.
 */
import { Failure } from '../../domain/failures';
import { isTestPath } from '../../domain/files';

/** Names of manifests, one pattern for each language. */
const MANIFESTS: readonly RegExp[] = [
  /^package\.json$/,
  /^(pyproject\.toml|setup\.(py|cfg)|requirements\.txt|tox\.ini|Pipfile)$/,
  /^go\.(mod|work)$/,
  /^Cargo\.toml$/,
  /^(pom\.xml|(build|settings)\.gradle(\.kts)?)$/,
  /^(Gemfile|composer\.json|[^/]+\.(sln|slnx|[cf]sproj))$/,
];
/** Files that count as manifests only at the root; below it they belong to parts of a project. */
const ROOT_MANIFESTS = /^(CMakeLists\.txt|deno\.jsonc?|pytest\.ini|meson\.build)$/;
/** Code at the root. It makes the root a project if the repository has tests for it. Configuration files do not count. */
const CODE = /^(?![^/]*\.(config|setup|rc)\.)(?!\.)[^/]+\.([cm]?[jt]sx?|py|go|rs|java|rb|php)$/;
/** Together with a makefile, code of these languages makes the root a project. */
const COMPILED_CODE = /^[^/]+\.(c|cc|cpp|cxx|f90)$/;
const MAKEFILE = /^(GNU)?[Mm]akefile$/;
/** Other files at the root that may be a project: web pages and just files. */
const OTHER_ROOT_FILES = /\.html?$|^\.?justfile$/i;
/** Folders that contain other things than the project. */
const OTHER_FOLDERS =
  /(^|\/)(node_modules|vendor|examples?|samples?|demos?|fixtures?|__fixtures__|testdata|docs?|website|tests?|e2e|bench(marks?)?|scripts?|tools?|\.[^/]+)(\/|$)/;
const NAMED_LIMIT = 5;

interface WorkdirOptions {
  workdir?: string | undefined;
  /** The folder that `repository.path` names. */
  given?: string | undefined;
}
interface FoundWorkdir {
  workdir: string;
  notes: string[];
}

export function findWorkdir(paths: readonly string[], { workdir, given = '' }: WorkdirOptions): FoundWorkdir {
  if (workdir !== undefined) return { workdir: checkFolder(paths, workdir), notes: [] };
  if (given !== '') {
    const note = `the project is taken to be in ${given}, the folder that repository.path names; set workdir to choose another folder`;
    return { workdir: checkFolder(paths, given), notes: [note] };
  }
  const atRoot = paths.filter((path) => !path.includes('/'));
  if (atRoot.some((path) => ROOT_MANIFESTS.test(path) || isManifest(path))) return { workdir: '', notes: [] };
  const found = candidates(paths.filter((path) => !OTHER_FOLDERS.test(path)));
  const installedPackage = /(^|\/)(node_modules|vendor)\//;
  const mayBeProject = (path: string): boolean =>
    [CODE, COMPILED_CODE, MAKEFILE, OTHER_ROOT_FILES].some((pattern) => pattern.test(path));
  // Folders such as examples are the project only if nothing at the root can be.
  const folders =
    found.length > 0 || atRoot.some(mayBeProject)
      ? found
      : candidates(paths.filter((path) => !installedPackage.test(path)));
  const [first, ...others] = folders;
  if (first === undefined) return { workdir: '', notes: [] };
  const rootFile = projectFileAtRoot(paths, folders);
  if (rootFile !== undefined)
    return {
      workdir: '',
      notes: [
        `the project is taken to be at the root, where ${rootFile} is; ${nameFolders(folders)}, too; set workdir to choose another folder`,
      ],
    };
  const otherCode = atRoot.find((path) => CODE.test(path) || COMPILED_CODE.test(path));
  const remarks = [...(otherCode === undefined ? [] : [`${otherCode} at the root is not part of it`])];
  if (others.length > 0) remarks.push(`${nameFolders(others)}, too`);
  if (found.length === 0) remarks.push('no other folder has a manifest');
  if (remarks.length === 0) return { workdir: first, notes: [] };
  return {
    workdir: first,
    notes: [`the project is taken to be in ${first}; ${remarks.join('; ')}; set workdir to choose another folder`],
  };
}

/** Returns a file that makes the root the project although only folders have manifests. */
function projectFileAtRoot(paths: readonly string[], folders: readonly string[]): string | undefined {
  const atRoot = paths.filter((path) => !path.includes('/'));
  const hasMakefile = atRoot.some((path) => MAKEFILE.test(path));
  const compiledFile = hasMakefile ? atRoot.find((path) => COMPILED_CODE.test(path)) : undefined;
  if (compiledFile !== undefined) return compiledFile;
  const outside = paths.filter((path) => !folders.some((folder) => path.startsWith(`${folder}/`)));
  const endings = new Set(outside.filter((path) => isTestPath(path)).map(endingOf));
  return atRoot.find((path) => CODE.test(path) && !isTestPath(path) && endings.has(endingOf(path)));
}

function endingOf(path: string): string {
  return path.slice(path.lastIndexOf('.'));
}

function nameFolders(folders: readonly string[]): string {
  const more = folders.length > NAMED_LIMIT ? ` and ${folders.length - NAMED_LIMIT} more` : '';
  const list = `${folders.slice(0, NAMED_LIMIT).join(', ')}${more}`;
  return folders.length === 1 ? `${list} has a manifest` : `${list} have manifests`;
}

/** Returns the folder in its normal form; throws if it is no folder of the repository. */
function checkFolder(paths: readonly string[], folder: string): string {
  const workdir = folder.replace(/^(\.\/)+|\/+$/g, '').replace(/^\.$/, '');
  if (workdir === '' || paths.some((path) => path.startsWith(`${workdir}/`))) return workdir;
  throw new Failure(
    'Environment.RepositoryUnfit',
    `workdir ${JSON.stringify(folder)} is no folder of the repository: name one that is, or leave workdir out`,
  );
}

/** Returns the folders with a manifest ('' is the root), except folders of other things than a project. */
export function manifestFolders(paths: readonly string[]): string[] {
  const manifests = paths.filter(
    (path) => !OTHER_FOLDERS.test(path) && isManifest(path.slice(path.lastIndexOf('/') + 1)),
  );
  return [...new Set(manifests.map((path) => path.slice(0, Math.max(0, path.lastIndexOf('/')))))];
}

/** Returns the folders with a manifest that are not inside another one. */
function candidates(paths: readonly string[]): string[] {
  const ranks = new Map<string, number>();
  for (const path of paths) {
    const slash = path.lastIndexOf('/');
    const rank = rankOf(path.slice(slash + 1));
    if (rank < 0 || slash < 0) continue;
    const folder = path.slice(0, slash);
    ranks.set(folder, Math.min(rank, ranks.get(folder) ?? rank));
  }
  const folders = [...ranks.keys()].filter(
    (folder) => ![...ranks.keys()].some((other) => folder.startsWith(`${other}/`)),
  );
  const depth = (folder: string): number => folder.split('/').length;
  return folders.sort((a, b) => depth(a) - depth(b) || (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0) || (a < b ? -1 : 1));
}

function rankOf(name: string): number {
  return MANIFESTS.findIndex((pattern) => pattern.test(name));
}

/** True if the path is a manifest at the root. */
export function isManifest(path: string): boolean {
  return rankOf(path) >= 0;
}
