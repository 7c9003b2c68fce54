/**
 * Finds start commands and entries in manifests that name a missing target: the command cannot start, although all tests
 * pass. Pure.
 *
 * Reports entries that the change writes, and entries whose target the change removes.
 */
import { isObject } from '../../domain/json';
import type { DeliveredFact } from '../../domain/delivered';
import { BUILD_OUTPUT } from '../delivered/built';
import { linesOf, textBefore } from '../delivered/tree';
import type { DeliveredTree } from '../delivered/tree';
import { pythonExports } from '../imports/py-names';
import { linksOf } from '../judges/graph';
import { foldersAbove, createResolve, filesIn, folderOf, manifestOf } from '../judges/resolve';
import type { Resolve } from '../judges/resolve';
import { tomlOf } from '../origins/settings';
import { placeAt } from '../places';

interface Entry {
  /** The target as the manifest names it. */
  target: string;
  kind: 'file' | 'loaded' | 'started' | 'function' | 'class';
}

const MANIFEST =
  /(^|\/)(?:package\.json|composer\.json|pyproject\.toml|setup\.(?:cfg|py)|Cargo\.toml|pom\.xml|[^/]*Dockerfile[^/]*|Procfile)$/;

export function isTargetManifest(path: string): boolean {
  return MANIFEST.test(path) && !/(^|\/)(?:node_modules|vendor|tests?|fixtures?|examples?|__fixtures__)\//.test(path);
}

export function missingTargets(tree: DeliveredTree): DeliveredFact[] {
  const { resolve } = linksOf({ paths: tree.paths, texts: tree.after });
  const context = { tree, resolve, existing: indexPaths(tree.paths), scriptsAt: createScripts(tree) };
  const deleted = indexPaths(tree.files.filter(({ status }) => status === 'deleted').map(({ path }) => path));
  const touched = new Set(tree.files.map(({ path }) => path));
  return [...tree.after].flatMap(([path, text]) => {
    if (!isTargetManifest(path)) return [];
    const former = new Set(entriesIn(path, textBefore(tree, path)).map(({ target }) => target));
    const rows = linesOf(text);
    return entriesIn(path, text).flatMap((entry): DeliveredFact[] => {
      const { target } = entry;
      const isNew = touched.has(path) && !former.has(target);
      const what = missingTarget(context, path, entry);
      if (what === undefined || !(isNew || existedBefore({ tree, deleted }, path, entry))) return [];
      const at = rows.findIndex((row) => row.includes(target));
      return [{ path, line: at < 0 ? null : at + 1, what, text: rows[at] ?? '' }];
    });
  });
}

function entriesIn(path: string, text: string): Entry[] {
  if (text === '') return [];
  if (path.endsWith('package.json')) return entriesOfPackage(text);
  if (path.endsWith('composer.json'))
    return filesIn([manifestOf(text)['bin']]).map((target) => ({ target, kind: 'file' }));
  if (path.endsWith('pyproject.toml')) return entriesOfPyproject(text);
  if (/setup\.(?:cfg|py)$/.test(path)) {
    const from = text.search(/console_scripts|gui_scripts/);
    const block = from < 0 ? '' : text.slice(from, from + 3_000);
    return [...block.matchAll(/[\w.-]{1,60}\s{0,9}=\s{0,9}([A-Za-z_][\w.]{0,100}:[A-Za-z_]\w{0,60})/g)].map(
      ([, target = '']) => ({ target, kind: 'function' }),
    );
  }
  if (path.endsWith('Cargo.toml')) {
    const bins = tomlOf(text)?.['bin'];
    return filesIn(Array.isArray(bins) ? bins.map((one) => (isObject(one) ? one['path'] : undefined)) : []).map(
      (target) => ({ target, kind: 'file' }),
    );
  }
  if (path.endsWith('pom.xml'))
    return [...text.matchAll(/<(?:mainClass|start-class)>\s{0,9}([\w.]{3,200})\s{0,9}</g)].map(([, target = '']) => ({
      target,
      kind: 'class',
    }));
  return startedIn(path, text);
}

function entriesOfPackage(text: string): Entry[] {
  const { main, module, browser, bin, exports, scripts } = manifestOf(text);
  const files = filesIn([bin]).map((target): Entry => ({ target, kind: 'file' }));
  const loaded = [...filesIn([main, module, typeof browser === 'string' ? browser : undefined]), ...filesIn([exports])];
  const started = Object.entries((scripts ?? {}) as Record<string, unknown>).flatMap(([name, script]) =>
    /^(?:start|serve)(?::|$)/.test(name) ? programsIn(String(script)) : [],
  );
  return [...files, ...loaded.map((target): Entry => ({ target, kind: 'loaded' })), ...started];
}

function entriesOfPyproject(text: string): Entry[] {
  const toml = tomlOf(text) ?? {};
  const at = (...keys: string[]): unknown =>
    keys.reduce<unknown>((one, key) => (isObject(one) && Object.hasOwn(one, key) ? one[key] : undefined), toml);
  const tables = [
    at('project', 'scripts'),
    at('project', 'gui-scripts'),
    at('project', 'entry-points'),
    at('tool', 'poetry', 'scripts'),
    at('tool', 'poetry', 'plugins'),
  ];
  return filesIn(tables)
    .map((one) => one.replace(/\s*\[.*$/, ''))
    .filter((one) => /^[A-Za-z_][\w.]*:[A-Za-z_][\w.]*$/.test(one))
    .map((target) => ({ target, kind: 'function' }));
}

/** Returns the programs of the last command of an image. Steps that copy or build may create any file. */
function startedIn(path: string, text: string): Entry[] {
  const rows = text
    .split('\n')
    .filter((row) => (path.endsWith('Procfile') ? /^\w+:/ : /^\s*(?:CMD|ENTRYPOINT)\b/i).test(row));
  return rows.flatMap((row) => programsIn(row.replace(/["',[\]]+/g, ' ')));
}

function programsIn(command: string): Entry[] {
  return [
    ...command
      .slice(0, 1_000)
      .matchAll(
        /\b(?:node|python3?|bun|deno run|ruby|php|sh|bash|tsx|ts-node)(?:\s+-{1,2}[\w=./:-]+){0,6}\s+([\w./-]{1,200}\.(?:[cm]?[jt]s|py|rb|php|sh))(?=\s|$|&|;)/g,
      ),
  ].map(([, target = '']) => ({ target, kind: 'started' }));
}

interface Context {
  tree: DeliveredTree;
  resolve: Resolve;
  existing: PathIndex;
  scriptsAt(manifest: string): string[];
}
/** The paths with their folders and names, as sets: a manifest may name thousands of entries. */
interface PathIndex {
  paths: ReadonlySet<string>;
  folders: ReadonlySet<string>;
  names: ReadonlySet<string>;
}

function indexPaths(paths: readonly string[]): PathIndex {
  const names = paths.map((path) => path.slice(path.lastIndexOf('/') + 1));
  return { paths: new Set(paths), folders: new Set(paths.flatMap(foldersAbove)), names: new Set(names) };
}

/** Returns the script names of a manifest, which is parsed once. */
function createScripts({ after }: DeliveredTree): Context['scriptsAt'] {
  const known = new Map<string, string[]>();
  return (manifest) => {
    const found =
      known.get(manifest) ?? Object.keys((manifestOf(after.get(manifest) ?? '')['scripts'] ?? {}) as object);
    known.set(manifest, found);
    return found;
  };
}

/** Returns the text of a finding; undefined if the target exists. */
function missingTarget(context: Context, path: string, { target, kind }: Entry): string | undefined {
  const { tree, resolve } = context;
  const says = `names ${target}`;
  const helps = 'what it starts or gives is not there; name what is there, or write it';
  if (kind === 'function') {
    const [module = '', name = ''] = target.split(':');
    const file = resolve.imported(placeAt(folderOf(path), 'setup.py'), module)[0];
    if (file === undefined) {
      const isOwn =
        module.includes('.') &&
        resolve.imported(placeAt(folderOf(path), 'setup.py'), module.split('.')[0] ?? '').length > 0;
      return isOwn ? `${says}, and there is no module ${module}: ${helps}` : undefined;
    }
    const names = pythonExports(tree.after.get(file) ?? '');
    const isThere = !tree.after.has(file) || names === undefined || names.has(name.split('.')[0] ?? '');
    return isThere ? undefined : `${says}, and ${file} has no "${name}": ${helps}`;
  }
  if (kind === 'class') {
    const end = `${target.replaceAll('.', '/')}.`;
    const home = folderOf(target.replaceAll('.', '/'));
    const isOwn = tree.paths.some((one) => one.includes(`/java/${home}/`));
    return isOwn && !tree.paths.some((one) => one.includes(`/${end}`))
      ? `${says}, and there is no such class: ${helps}`
      : undefined;
  }
  const bare = target.replace(/^\.\//, '');
  if (bare.includes('*') || bare.startsWith('/') || bare.includes('node_modules') || isBuilt(context, path, bare))
    return undefined;
  return hasFile(context.existing, path, { target: bare, kind })
    ? undefined
    : `${says}, and there is no such file: ${helps}`;
}

function hasFile({ paths, folders, names }: PathIndex, path: string, { target, kind }: Entry): boolean {
  const place = placeAt(folderOf(path), target);
  const ends = ['', '.js', '.json', '.node', '.cjs', '.mjs', '.ts', '/index.js', '/index.json', '/index.ts'];
  if (kind === 'file') return paths.has(place);
  if (kind === 'loaded') return ends.some((end) => paths.has(place + end)) || (place !== '' && folders.has(place));
  // The command may run in another folder, or a step may copy the file, so a file of that name anywhere counts.
  return names.has(target.slice(target.lastIndexOf('/') + 1));
}

/** True for a file that a build writes: one in a build folder, or any file if a script builds or its source exists. */
function isBuilt({ tree: { after }, existing, scriptsAt }: Context, path: string, target: string): boolean {
  if (BUILD_OUTPUT.test(target) || /^(?:lib|types|typings|pkg|\.)/.test(target) || /\.d\.[cm]?ts$/.test(target))
    return true;
  const hasBuildScript = scriptsAt(placeAt(folderOf(path), 'package.json')).some((name) =>
    /build|compile|prepare|prepack|prepublish|bundle/.test(name),
  );
  const hasSource = existing.paths.has(placeAt(folderOf(path), target.replace(/\.([cm]?)js$/, '.$1ts')));
  return (
    hasBuildScript ||
    hasSource ||
    (!path.endsWith('package.json') && /^[ \t]*RUN\b.*\b(?:build|tsc|compile)\b/m.test(after.get(path) ?? ''))
  );
}

/** True if the target existed before the change. */
function existedBefore(
  { tree, deleted }: { tree: DeliveredTree; deleted: PathIndex },
  path: string,
  { target, kind }: Entry,
): boolean {
  if (kind !== 'function') {
    return hasFile(deleted, path, { target: target.replace(/^\.\//, ''), kind });
  }
  const [module = '', name = ''] = target.split(':');
  const old = [...tree.paths, ...tree.files.map((one) => one.path)];
  const file = createResolve(old, tree.after).imported(placeAt(folderOf(path), 'setup.py'), module)[0];
  if (file === undefined || !tree.files.some((one) => one.path === file)) return false;
  return pythonExports(textBefore(tree, file))?.has(name) === true;
}
