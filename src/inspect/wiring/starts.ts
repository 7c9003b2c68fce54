/**
 * Finds where a product starts, which files these starts load, and whether other projects import a file as a library.
 * Pure.
 */
import { groupBy } from '../../domain/group-by';
import { CODE, closureInParts, linksOf } from '../judges/graph';
import { foldersAbove, entriesIn, folderOf, manifestOf } from '../judges/resolve';
import { placeAt } from '../places';
import { isProduct } from '../delivered/tree';
import type { DeliveredTree } from '../delivered/tree';

export interface Starts {
  /** True for a file of the product that is started, or that a started file loads. */
  isReached(path: string): boolean;
  /** True if other repositories may import the file. */
  isLibrary(path: string): boolean;
  /** True if any start was found. */
  hasAny: boolean;
}

/** Texts that a file must contain to be a start, by language. */
const STARTS: ReadonlyArray<readonly [file: RegExp, ...texts: RegExp[]]> = [
  [/\.[cm]?[jt]sx?$/, /^#!|\bprocess\.argv\b|\bBun\.serve\(|\bDeno\.(?:serve|args)\b|\.listen\(/],
  [/\.py$/, /\bif\s+__name__\s?==\s?["']__main__["']/],
  [/\.go$/, /^package main\b/m, /^func main\(\)/m],
  [/\.rs$/, /^[ \t]*(?:async[ \t]+)?fn main\(\)/m],
  [/\.java$/, /\bpublic\s+static\s+void\s+main\s?\(/],
];
/** Files that name a start. */
const NAMES_START = /(^|\/)(?:Procfile|[^/]*Dockerfile[^/]*|[^/]*\.service|(?:docker-)?compose[^/]*\.ya?ml)$/;
/** The path of a Go module that others can fetch. */
const PUBLIC_HOST =
  /^module\s+(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|golang\.org|gopkg\.in|go\.\w+\.\w+)\//m;

export async function startsOf(tree: DeliveredTree): Promise<Starts> {
  const { leads, resolve } = linksOf({ paths: tree.paths, texts: tree.after });
  const named = [...tree.after].flatMap(([path, text]) =>
    wordsThatStart(path, text).flatMap((word) => resolve.named(path, word).file ?? []),
  );
  const starts = [...tree.after].flatMap(([path, text]) => (isProduct(path) && isStart(path, text) ? [path] : []));
  const startFiles = [...new Set([...starts, ...named.filter((path) => CODE.test(path))])];
  // Files of one Go package, one crate or one Java source folder see each other without an import.
  const groups = groupFiles(tree.paths);
  // A group is taken once: if each of its files led to all others again, the time would grow with the square of their number.
  const takeGroup = (path: string): string[] => {
    const group = groupOf(path);
    const files = groups.get(group) ?? [];
    groups.delete(group);
    return files;
  };
  const reached = await closureInParts(startFiles, (path) => [...leads(path), ...takeGroup(path)]);
  return {
    isReached: (path) => reached.has(path),
    isLibrary: (path) => isLibrary(tree, path),
    hasAny: startFiles.length > 0,
  };
}

function isStart(path: string, text: string): boolean {
  return (
    /(^|\/)__main__\.py$/.test(path) ||
    STARTS.some(([file, ...signs]) => file.test(path) && signs.every((sign) => sign.test(text.slice(0, 200_000))))
  );
}

function wordsThatStart(path: string, text: string): string[] {
  if (NAMES_START.test(path)) return text.split(/[\s"',[\]=]+/).filter((word) => /\.\w+$/.test(word));
  if (!/(^|\/)package\.json$/.test(path)) return [];
  const { scripts, bin } = manifestOf(text);
  const started = Object.entries((scripts ?? {}) as Record<string, unknown>).flatMap(([name, script]) =>
    /^(?:pre|post)?(?:start|dev|serve)(?::|$)/.test(name) ? String(script).split(/[\s=]+/) : [],
  );
  return [...started, ...entriesIn([bin])].filter((word) => /\.\w+$/.test(word));
}

/** Returns the sources by their group; files of one group see each other without an import. */
function groupFiles(paths: readonly string[]): Map<string | undefined, string[]> {
  const sources = paths.filter((path) => groupOf(path) !== undefined && isProduct(path));
  return groupBy(sources, groupOf);
}

/** Returns the Go package, crate or Java source folder of a file; undefined in other languages. */
function groupOf(path: string): string | undefined {
  const end = /\.(?:go|rs|java)$/.exec(path)?.[0];
  if (end === undefined) return undefined;
  const home = end === '.go' ? folderOf(path) : (/^(.*?)(?:^|\/)src\//.exec(path)?.[1] ?? '');
  return `${end} ${home}`;
}

function isLibrary(tree: DeliveredTree, path: string): boolean {
  const near = (name: string): string | undefined =>
    foldersAbove(path)
      .map((folder) => tree.after.get(placeAt(folder, name)))
      .find((text) => text !== undefined);
  if (/\.[cm]?[jt]sx?$/.test(path)) {
    const text = near('package.json');
    const manifest = manifestOf(text ?? '');
    const hasEntry = ['main', 'module', 'exports', 'types', 'browser'].some((key) => manifest[key] !== undefined);
    return text !== undefined && (manifest['private'] !== true || (hasEntry && manifest['scripts'] === undefined));
  }
  if (path.endsWith('.py')) {
    const text = near('pyproject.toml') ?? '';
    return (
      /^\[(?:build-system|tool\.poetry)\]|^classifiers\b/m.test(text) ||
      near('setup.py') !== undefined ||
      near('setup.cfg') !== undefined
    );
  }
  if (path.endsWith('.go'))
    return (
      !/(^|\/)internal\//.test(path) &&
      !/^package main\b/m.test(tree.after.get(path) ?? '') &&
      PUBLIC_HOST.test(near('go.mod') ?? '')
    );
  if (path.endsWith('.rs')) return /^(?:license|license-file|repository)\s?=/m.test(near('Cargo.toml') ?? '');
  return (
    path.endsWith('.java') &&
    /<distributionManagement>|maven-publish|<licenses>/.test(near('pom.xml') ?? near('build.gradle') ?? '')
  );
}
