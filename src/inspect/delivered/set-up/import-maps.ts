/**
 * Finds import maps of pages and aliases of bundlers that give the name of a product source to another file: code that
 * imports the tested file gets the other one. Pure.
 */
import type { DeliveredFact } from '../../../domain/delivered';
import { isObject } from '../../../domain/json';
import { objectOf } from '../../manifests/json-text';
import { changedPaths, freshLines, isProduct, linesOf, textBefore } from '../tree';
import type { DeliveredTree } from '../tree';

const PAGE = /\.(?:x?html?|vue|svelte|ejs|hbs|njk|liquid|twig|php|erb|jinja2?|j2)$/i;
const MAP_FILE = /(^|\/)(?:[\w.-]*import[-_]?map[\w.-]*\.json|[\w.-]+\.importmap|deno\.jsonc?)$/i;
const BUNDLER_SETTING =
  /(^|\/)(?:vite|webpack|rollup|rspack|rsbuild|esbuild|snowpack|next|nuxt|metro|babel|parcel)[\w.-]*\.(?:[cm]?[jt]s|json)$/i;
const MAP_IN_PAGE = /<script[^>]{0,200}\btype\s?=\s?["']?importmap["']?[^>]{0,200}>([^<]{0,50000})<\/script/gi;
const MAPPED_PAIR =
  /(["'`])([\w@~./-]{1,200})\1\s{0,3}[:,]\s{0,3}(?:replacement\s?:\s?)?(?:[\w.]{1,40}\([^'"`]{0,80})?(["'`])([\w@~./-]{1,200})\3/g;

export function findImportMaps(tree: DeliveredTree): DeliveredFact[] {
  const sources = tree.paths.filter((path) => isProduct(path) && !isOutsideProduct(path));
  return changedPaths(tree).flatMap((path) => {
    const known = new Set(mapsOf(tree, path, textBefore(tree, path)).map(([from, to]) => `${from} ${to}`));
    return mapsOf(tree, path, tree.after.get(path) ?? '')
      .filter(([from, to]) => !known.has(`${from} ${to}`))
      .flatMap((pair) => expandFolders(pair, tree.paths))
      .flatMap(([from, to]): DeliveredFact[] => {
        const source = sources.find((one) =>
          isPath(from) ? isNameOf(from, one) : OLD_FOLDER.test(to) && stemOf(one) === stemOf(to),
        );
        if (source === undefined || isNameOf(to, source) || !isPath(to)) return [];
        // A target with the same stem is the built form of the source, or has a digest in its name, unless it is another file of the tree.
        if (stemOf(to) === stemOf(from) && !isOtherFile(to, source, tree.paths)) return [];
        const at = linesOf(tree.after.get(path) ?? '').findIndex((row) => row.includes(from) && row.includes(to));
        const what = `gives the name of ${source} to ${to}: code that imports the tested file gets the other one`;
        return [{ path, line: at < 0 ? null : at + 1, what, text: `${from}: ${to}`, showsWholeChange: true }];
      });
  });
}

function mapsOf(tree: DeliveredTree, path: string, text: string): Array<[string, string]> {
  if (MAP_FILE.test(path)) return entriesOf(text);
  if (BUNDLER_SETTING.test(path)) {
    const fresh = freshLines(tree, path);
    // The text before the change has no new lines.
    const rows = text === tree.after.get(path) ? fresh.map((row) => row.text) : [];
    return rows.flatMap((row) =>
      [...row.slice(0, 1_000).matchAll(MAPPED_PAIR)].map((one): [string, string] => [one[2] ?? '', one[4] ?? '']),
    );
  }
  return PAGE.test(path) ? [...text.matchAll(MAP_IN_PAGE)].flatMap((one) => entriesOf(one[1] ?? '')) : [];
}

function entriesOf(text: string): Array<[string, string]> {
  const map = objectOf(text) ?? {};
  const scopes = isObject(map['scopes']) ? Object.values(map['scopes']) : [];
  return [map['imports'], ...scopes].flatMap((one) =>
    isObject(one)
      ? Object.entries(one).flatMap(([from, to]): Array<[string, string]> =>
          typeof to === 'string' ? [[from, to]] : [],
        )
      : [],
  );
}

const OUTPUT_FOLDER = /(^|\/)(?:dist|build|out|output|public|static|assets|esm|es|cjs|lib|generated|types?)\//;
const NOT_PRODUCT_FOLDER =
  /(^|\/)(?:demos?|examples?|samples?|old|legacy|former|archived?|backups?|deprecated|mocks?|__mocks__|fakes?|stubs?|fixtures?|tests?|__tests__)\//;

/** Folders of old versions. Folders of test doubles are not listed: a package may be mapped to a double on purpose. */
const OLD_FOLDER = /(^|\/)(?:demos?|examples?|samples?|old|legacy|former|archived?|backups?|deprecated)\//;

function isOutsideProduct(path: string): boolean {
  return NOT_PRODUCT_FOLDER.test(path);
}

/** True for a repository file that no build wrote from the source. */
function isOtherFile(to: string, source: string, paths: readonly string[]): boolean {
  const file = paths.find((one) => isNameOf(to, one));
  return file !== undefined && file !== source && !OUTPUT_FOLDER.test(file);
}

/** Returns one pair for each file of the folder that an entry such as `"/src/": "/demo/"` redirects. */
function expandFolders([from, to]: [string, string], paths: readonly string[]): Array<[string, string]> {
  if (!from.endsWith('/') || !to.endsWith('/')) return [[from, to]];
  const [home, other] = [from, to].map((one) => one.replace(/^(?:\.{0,2}\/)+/, ''));
  if (home === undefined || other === undefined || home === '' || other === '') return [];
  return paths.flatMap((path): Array<[string, string]> => {
    const name = path.startsWith(other) ? path.slice(other.length) : undefined;
    return name !== undefined && paths.includes(`${home}${name}`) ? [[`/${home}${name}`, `/${path}`]] : [];
  });
}

function isPath(name: string): boolean {
  return /^(?:\.{0,2}\/|src\/|lib\/|app\/)|\.[cm]?[jt]sx?$/.test(name);
}

/** True if the import name means the path. A module may be named without its ending. */
function isNameOf(name: string, path: string): boolean {
  const bare = name.replace(/^(?:\.{0,2}\/)+/, '');
  const short = path.replace(/\.[cm]?[jt]sx?$/, '');
  return [path, short].some((one) => bare === one || (bare.includes('/') && one.endsWith(`/${bare}`)));
}

function stemOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1).split(/[.-]/)[0] ?? '';
}
