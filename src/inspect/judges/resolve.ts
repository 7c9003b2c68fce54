/**
 * Finds the files of a tree that an import or a quoted text refers to. Pure.
 *
 * Settings may map import names to other folders. Several places are therefore tried, and only existing files are returned.
 */
import { groupBy } from '../../domain/group-by';
import { JS_FILE } from '../imports/js-imports';
import { placeAt } from '../places';

export interface Resolve {
  /** Returns the files that an import in `from` leads to. */
  imported(from: string, specifier: string): string[];
  /** Returns the file or folder that a text names, relative to the file's folder, a folder above it, or the root. */
  named(from: string, text: string): { file?: string; folder?: string };
}

const COMPONENT = /\.(?:vue|svelte)$/;
const ENDINGS = ['', '.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.json', '.vue', '.svelte'];

export function createResolve(paths: readonly string[], manifests: ReadonlyMap<string, string>): Resolve {
  const files = new Set(paths);
  const folders = new Set<string>();
  // If a folder is known, so are its parents.
  for (const path of paths)
    for (const folder of foldersAbove(path)) {
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  folders.add('');
  const names = new Set([...files, ...folders].map(nameOf));
  const packages = packagesIn(manifests);
  const goModules = [...manifests].flatMap(([path, text]) => {
    const name = path.endsWith('go.mod') ? /^module\s+(\S+)/m.exec(text)?.[1] : undefined;
    return name === undefined ? [] : [{ name, folder: folderOf(path) }];
  });
  const goFiles = groupBy(
    paths.filter((path) => path.endsWith('.go') && !path.endsWith('_test.go')),
    folderOf,
  );
  return {
    imported(from, specifier) {
      if (JS_FILE.test(from) || COMPONENT.test(from)) return scriptFiles({ files, packages }, from, specifier);
      if (from.endsWith('.py')) return pythonFiles(files, from, specifier);
      if (from.endsWith('.rb')) return rubyFiles(files, from, specifier);
      if (!from.endsWith('.go')) return [];
      const ownModule = goModules.find(({ name }) => specifier === name || specifier.startsWith(`${name}/`));
      return ownModule === undefined
        ? []
        : (goFiles.get(placeAt(ownModule.folder, specifier.slice(ownModule.name.length))) ?? []);
    },
    named(from, text) {
      const plainPath = text.replace(/^<rootDir>\/?/, '').replace(/^(?:file:)(?=\.)/, '');
      if (!/^[\w.@~-][\w./@ ~-]*$/.test(plainPath)) return {};
      // Most texts name no file of the tree, which the last part shows fastest.
      const last = plainPath.split('/').findLast((part) => part !== '' && part !== '.');
      if (last !== undefined && last !== '..' && !names.has(last)) return {};
      for (const folder of foldersAbove(from)) {
        const place = placeAt(folder, plainPath);
        if (files.has(place)) return { file: place };
        if (folders.has(place) && place !== '') return { folder: place };
      }
      return {};
    },
  };
}

interface Packages {
  files: ReadonlySet<string>;
  packages: ReadonlyArray<{ name: string; folder: string; entries: string[] }>;
}

function scriptFiles({ files, packages }: Packages, from: string, specifier: string): string[] {
  const plainSpecifier = specifier.split(/[?!]/, 1)[0] ?? '';
  const find = (place: string): string | undefined => scriptAt(files, place);
  if (/^\.{1,2}(?:\/|$)/.test(plainSpecifier)) return [find(placeAt(folderOf(from), plainSpecifier)) ?? []].flat();
  const ownPackage = packages.find(({ name }) => plainSpecifier === name || plainSpecifier.startsWith(`${name}/`));
  if (ownPackage !== undefined && plainSpecifier === ownPackage.name)
    return [...ownPackage.entries.map(find), find(ownPackage.folder), find(placeAt(ownPackage.folder, 'src'))].filter(
      (one) => one !== undefined,
    );
  const rest =
    ownPackage === undefined
      ? plainSpecifier.replace(/^(?:[@~#]\/?|\/)/, '')
      : plainSpecifier.slice(ownPackage.name.length + 1);
  const homes = ownPackage === undefined ? ['', ...foldersAbove(from)] : [ownPackage.folder];
  const places = homes.flatMap((home) => ['', 'src', 'app', 'lib'].map((folder) => placeAt(home, `${folder}/${rest}`)));
  return [places.map(find).find((one) => one !== undefined) ?? []].flat();
}

/** Returns the script at a place. An import may name it with the ending of the compiled file, or without an ending. */
function scriptAt(files: ReadonlySet<string>, place: string): string | undefined {
  const source = place.replace(/\.([cm]?)jsx?$/, '.$1ts');
  const tried = [place, source, `${source}x`, ...ENDINGS.map((ending) => place + ending)];
  const inside = ENDINGS.slice(1).map((ending) => placeAt(place, `index${ending}`));
  return [...tried, ...inside].find((one) => files.has(one));
}

function pythonFiles(files: ReadonlySet<string>, from: string, module: string): string[] {
  const dots = /^\.*/.exec(module)?.[0].length ?? 0;
  const parts = module.slice(dots).split('.').filter(Boolean);
  const homes =
    dots > 0 ? [placeAt(folderOf(from), '../'.repeat(dots - 1))] : ['', 'src', 'lib', 'python', ...foldersAbove(from)];
  for (const home of homes) {
    const place = parts.join('/');
    const tried = [parts.length === 0 ? '' : `${place}.py`, `${place}/__init__.py`];
    const found = tried
      .filter(Boolean)
      .map((path) => placeAt(home, path))
      .filter((path) => files.has(path));
    if (found.length === 0) continue;
    const packages = parts.map((_, at) => placeAt(home, `${parts.slice(0, at).join('/')}/__init__.py`));
    return [...found, ...packages.slice(1).filter((path) => files.has(path))];
  }
  return [];
}

function rubyFiles(files: ReadonlySet<string>, from: string, name: string): string[] {
  const homes = [folderOf(from), 'lib', 'spec', 'test', ''];
  const places = homes.map((home) => placeAt(home, name.endsWith('.rb') ? name : `${name}.rb`));
  return [places.find((place) => files.has(place)) ?? []].flat();
}

function packagesIn(manifests: ReadonlyMap<string, string>): Packages['packages'] {
  return [...manifests].flatMap(([path, text]) => {
    const { name } = path.endsWith('package.json') ? manifestOf(text) : {};
    if (typeof name !== 'string' || name === '') return [];
    const folder = folderOf(path);
    return [{ name, folder, entries: entriesOf(text).map((entry) => placeAt(folder, entry)) }];
  });
}

export function manifestOf(text: string): Record<string, unknown> {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Returns the entry files of a manifest. If it names build output, also the likely source: `src/a.ts` for `dist/a.js`. */
export function entriesOf(text: string): string[] {
  const { main, module, browser, types, bin, exports } = manifestOf(text);
  return entriesIn([main, module, browser, types, bin, exports]);
}

/** Returns the entry files that some members of a manifest name. */
export function entriesIn(members: unknown[]): string[] {
  const named = filesIn(members);
  const sources = named.flatMap((one) => {
    const rest = /^(?:dist|build|lib|out|esm|cjs)\/(?:(?:esm|cjs|src)\/)?(.+?)(?:\.d)?\.[cm]?[jt]s$/.exec(one)?.[1];
    return rest === undefined ? [] : [`src/${rest}`, `lib/${rest}`, rest];
  });
  return [...named, ...sources];
}

const MAX_DEPTH = 8;

/** Returns the file names in members of a manifest, in nested records and lists. */
export function filesIn(members: unknown[], mostDepth = MAX_DEPTH): string[] {
  return textsIn(members, mostDepth).map((one) => one.replace(/^\.\//, ''));
}

function textsIn(value: unknown, mostDepth: number): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || mostDepth < 0) return [];
  return Object.values(value).flatMap((one) => textsIn(one, mostDepth - 1));
}

export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** Returns the folders above a file, nearest first; '' is the root. */
export function foldersAbove(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return [...parts.map((_, at) => parts.slice(0, parts.length - at).join('/')), ''];
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
