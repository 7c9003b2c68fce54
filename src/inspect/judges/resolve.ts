/**
 * Finds the files of a tree that an import or a quoted text refers to. Pure.
 *
 * Settings may map names to other places, so several places are tried: only existing files count.
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
    for (const folder of above(path)) {
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
      const own = goModules.find(({ name }) => specifier === name || specifier.startsWith(`${name}/`));
      return own === undefined ? [] : (goFiles.get(placeAt(own.folder, specifier.slice(own.name.length))) ?? []);
    },
    named(from, text) {
      const bare = text.replace(/^<rootDir>\/?/, '').replace(/^(?:file:)(?=\.)/, '');
      if (!/^[\w.@~-][\w./@ ~-]*$/.test(bare)) return {};
      // Most texts name nothing in the tree, so check the last part first.
      const last = bare.split('/').findLast((part) => part !== '' && part !== '.');
      if (last !== undefined && last !== '..' && !names.has(last)) return {};
      for (const folder of above(from)) {
        const place = placeAt(folder, bare);
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
  const bare = specifier.split(/[?!]/, 1)[0] ?? '';
  const find = (place: string): string | undefined => scriptAt(files, place);
  if (/^\.{1,2}(?:\/|$)/.test(bare)) return [find(placeAt(folderOf(from), bare)) ?? []].flat();
  const own = packages.find(({ name }) => bare === name || bare.startsWith(`${name}/`));
  if (own !== undefined && bare === own.name)
    return [...own.entries.map(find), find(own.folder), find(placeAt(own.folder, 'src'))].filter(
      (one) => one !== undefined,
    );
  const rest = own === undefined ? bare.replace(/^(?:[@~#]\/?|\/)/, '') : bare.slice(own.name.length + 1);
  const homes = own === undefined ? ['', ...above(from)] : [own.folder];
  const places = homes.flatMap((home) => ['', 'src', 'app', 'lib'].map((folder) => placeAt(home, `${folder}/${rest}`)));
  return [places.map(find).find((one) => one !== undefined) ?? []].flat();
}

/** A specifier may have the ending of the compiled file. */
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
    dots > 0 ? [placeAt(folderOf(from), '../'.repeat(dots - 1))] : ['', 'src', 'lib', 'python', ...above(from)];
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
export function above(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return [...parts.map((_, at) => parts.slice(0, parts.length - at).join('/')), ''];
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
