/**
 * Finds the folder from which the packages of a folder are installed: the root of its workspace. Pure.
 *
 * A member alone has neither the lock file nor the other members: its manager would ask the public registry for packages
 * with their names.
 */
import { parse } from 'smol-toml';
import { isObject } from '../../domain/json';
import type { JsonObject } from '../../domain/json';
import { yamlObjects } from '../manifests/yaml-text';
import { barePath, pathPatterns } from '../path-patterns';
import { usedModules } from './go';
import type { Language } from './install';

/** Returns the text of a file; undefined if it is missing. */
type ReadText = (path: string) => string | undefined;

/** The files of a folder that may make it the root of a workspace. */
export const WORKSPACE_FILES = ['package.json', 'pnpm-workspace.yaml', 'pyproject.toml', 'go.work', 'Cargo.toml'];

/** Returns the folder itself if it is no member. `read` takes paths from the root of the tree. */
export function workspaceFolder(language: Language, folder: string, read: ReadText): string {
  const hasMember = HAS_MEMBER[language];
  if (hasMember === undefined) return folder;
  const root = foldersAbove(folder).find((above) => {
    const prefix = above === '' ? '' : `${above}/`;
    return hasMember((name) => read(`${prefix}${name}`), folder.slice(prefix.length));
  });
  return root ?? folder;
}

/** Returns the folders above, the nearest first; '' is the root of the tree. */
export function foldersAbove(folder: string): string[] {
  const words = folder.split('/').filter((word) => word !== '');
  return words.map((_, index) => words.slice(0, words.length - 1 - index).join('/'));
}

/** True if the manifests of a folder say that the folder `below` is a member of its workspace. */
const HAS_MEMBER: Partial<Record<Language, (read: ReadText, below: string) => boolean>> = {
  javascript(read, below) {
    const { workspaces } = jsonOf(read('package.json'));
    const patterns = isObject(workspaces) ? workspaces['packages'] : workspaces;
    return isMember(below, [
      ...textsOf(patterns),
      ...textsOf(yamlObjects(read('pnpm-workspace.yaml') ?? '')?.[0]?.['packages']),
    ]);
  },
  python(read, below) {
    const workspace = uvWorkspace(read('pyproject.toml'));
    if (workspace === undefined) return false;
    return isMember(below, textsOf(workspace['members'])) && !isMember(below, textsOf(workspace['exclude']));
  },
  go: (read, below) => usedModules(read('go.work') ?? '').some((path) => barePath(path) === below),
  /** A dependency by path may be a member, too, so each folder below counts unless it is excluded. */
  rust(read, below) {
    const workspace = tomlOf(read('Cargo.toml'))['workspace'];
    return isObject(workspace) && !textsOf(workspace['exclude']).some((path) => isIn(below, path));
  },
};

/** Returns the table of uv's workspace; undefined if there is none. */
export function uvWorkspace(pyproject: string | undefined): JsonObject | undefined {
  const tool = tomlOf(pyproject)['tool'];
  const uv = isObject(tool) ? tool['uv'] : undefined;
  const workspace = isObject(uv) ? uv['workspace'] : undefined;
  return isObject(workspace) ? workspace : undefined;
}

/** A pattern that begins with `!` excludes folders. */
function isMember(below: string, patterns: readonly string[]): boolean {
  const isExcluded = pathPatterns(patterns.filter((one) => one.startsWith('!')).map((one) => one.slice(1)));
  return !isExcluded(below) && pathPatterns(patterns.filter((one) => !one.startsWith('!')))(below);
}

function isIn(below: string, path: string): boolean {
  const folder = barePath(path);
  return below === folder || below.startsWith(`${folder}/`);
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

function jsonOf(text: string | undefined): JsonObject {
  try {
    const value: unknown = JSON.parse((text ?? '{}').replace(/^\uFEFF/, ''));
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function tomlOf(text: string | undefined): JsonObject {
  try {
    const value: unknown = parse(text ?? '');
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
