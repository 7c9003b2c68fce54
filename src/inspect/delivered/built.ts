/**
 * Files that a build writes and that were written by hand: what is delivered then is no source that a test loads. Pure.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { linksOf, closure, CODE } from '../judges/graph';
import { entriesIn, folderOf, manifestOf } from '../judges/resolve';
import { placeAt } from '../places';
import { isGenerated } from '../units/paths';
import { ignoreRule } from './ignore-rules';
import { changedPaths, isForTests } from './tree';
import type { DeliveredTree } from './tree';

const SCRIPT = /\.[cm]?jsx?$/;
const BINARY = /\.(?:wasm|jar|war|node|so|dylib|dll|exe|class|pyc|phar|swf|a|o)$/;
export const BUILT =
  /(?:^|\/)(?:dist|build|out|output|esm|cjs|umd|bundles?|compiled|release|_site|\.output|\.next|\.nuxt)\/|[.-](?:min|bundle|umd|esm|cjs|iife|prod|production|global)\.[cm]?js$|(?:^|\/)bundle\.[cm]?js$/i;
const MARK =
  /\b(?:built|compiled|generated|bundled|minified|transpiled)\b.{0,80}\b(?:by|with|from|using)\b|\bdo not (?:edit|modify)\b|^\s*\/\*! .{0,200}\*\/|sourceMappingURL=/i;
const PAGE = /\.(?:html?|php|ejs|hbs|njk|pug|erb|twig|jinja2?|tmpl|gohtml|vue|svelte|astro)$/;
const IMAGE = /(^|\/)(?:[^/]*\.)?(?:Dockerfile|Containerfile)[^/]*$/;
/** Files that may say what is delivered. */
const DELIVERS = /(^|\/)(?:package\.json|bower\.json|manifest\.json|action\.ya?ml|sw\.js)$/;

export interface Built {
  found: DeliveredFact[];
  notes: string[];
}

export function saysDelivery(path: string): boolean {
  return !/(^|\/)node_modules\//.test(path) && (PAGE.test(path) || IMAGE.test(path) || DELIVERS.test(path));
}

/** True where a file of the change may be one that a build writes: then the texts of all code are needed. */
export function hasBuilt(tree: DeliveredTree): boolean {
  return candidates(tree).length > 0;
}

export function builtIn(tree: DeliveredTree): Built {
  const paths = candidates(tree);
  if (paths.length === 0) return { found: [], notes: [] };
  const { leads } = linksOf({ paths: tree.paths, texts: tree.after });
  const tested = closure(
    tree.paths.filter((path) => CODE.test(path) && isForTests(path)),
    leads,
  );
  const found: DeliveredFact[] = [];
  const notes: string[] = [];
  for (const path of paths.filter((one) => !tested.has(one))) {
    const by = deliveredBy(tree, path, leads);
    if (by === undefined) continue;
    const isOld = tree.files.some((one) => one.path === path && one.status === 'modified');
    const what = `is what a build writes and ${by} delivers, and no test loads it`;
    if (isOld && tree.isBuilt) notes.push(`${path} ${what}; whether the build command gives the same was not asked`);
    else found.push({ path, line: null, what, text: '', isWhole: true });
  }
  return { found, notes };
}

function candidates(tree: DeliveredTree): string[] {
  return changedPaths(tree).filter((path) => {
    if (/(^|\/)(?:node_modules|\.venv)\//.test(path) || isForTests(path)) return false;
    if (BINARY.test(path)) return true;
    return SCRIPT.test(path) && (BUILT.test(path) || isBuildMarked(tree.after.get(path) ?? ''));
  });
}

/** A mark at its beginning, or lines that nobody writes. */
export function isBuildMarked(text: string): boolean {
  const rows = text.slice(0, 4_000).split('\n', 6);
  return (
    isGenerated(text) || rows.some((row) => row.length > 1_000 || (/^\s*(?:\/[/*]|\*)/.test(row) && MARK.test(row)))
  );
}

/** What hands the file on: a manifest, a page, an image, or code that is none of a test. */
export function deliveredBy(
  tree: DeliveredTree,
  path: string,
  leads: (path: string) => readonly string[],
): string | undefined {
  const named = path.slice(path.lastIndexOf('/') + 1);
  return tree.paths.find((one) => {
    const text = tree.after.get(one);
    if (text === undefined || one === path) return false;
    if (/(^|\/)(?:package|bower)\.json$/.test(one)) return isOfPackage(one, text, path);
    if (IMAGE.test(one)) return isInImage(text, path);
    if (saysDelivery(one)) return text.includes(named) && !isForTests(one);
    return CODE.test(one) && !isForTests(one) && text.includes(named) && leads(one).includes(path);
  });
}

function isOfPackage(manifest: string, text: string, path: string): boolean {
  const folder = folderOf(manifest);
  const { files, main, module, browser, unpkg, jsdelivr, directories, bin, exports } = manifestOf(text);
  const entries = entriesIn([main, module, browser, unpkg, jsdelivr, directories, bin, exports]);
  if (entries.some((entry) => isPlace(placeAt(folder, entry), path))) return true;
  const listed = Array.isArray(files) ? files.filter((one): one is string => typeof one === 'string') : [];
  return listed.some((one) => !one.startsWith('!') && ignoreRule(one, folder, { isRooted: true })(path));
}

function isPlace(place: string, path: string): boolean {
  if (place.includes('*')) return ignoreRule(place, '', { isRooted: true })(path);
  return place === path || path.startsWith(`${place}.`) || path.startsWith(`${place}/index.`);
}

function isInImage(text: string, path: string): boolean {
  return text.split('\n').some((row) => {
    const rest = /^\s*(?:COPY|ADD)\s+(.*)$/i.exec(row)?.[1];
    if (rest === undefined || rest.includes('--from=')) return false;
    const words = rest
      .replace(/[[\]",]/g, ' ')
      .split(/\s+/)
      .filter((word) => word !== '' && !word.startsWith('--'));
    return words.slice(0, -1).some((word) => /^\.\/?$/.test(word) || ignoreRule(word, '', { isRooted: true })(path));
  });
}
