/**
 * Finds changed build output, such as a bundle, that is delivered and that no test loads: it may contain other code than the
 * tested sources. Pure.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { linksOf, closure, CODE } from '../judges/graph';
import { entriesIn, folderOf, manifestOf } from '../judges/resolve';
import { placeAt } from '../places';
import { isGenerated } from '../units/paths';
import { createIgnoreRule } from './ignore-rules';
import { changedPaths, isForTests } from './tree';
import type { DeliveredTree } from './tree';

const SCRIPT = /\.[cm]?jsx?$/;
const BINARY = /\.(?:wasm|jar|war|node|so|dylib|dll|exe|class|pyc|phar|swf|a|o)$/;
export const BUILD_OUTPUT =
  /(?:^|\/)(?:dist|build|out|output|esm|cjs|umd|bundles?|compiled|release|_site|\.output|\.next|\.nuxt)\/|[.-](?:min|bundle|umd|esm|cjs|iife|prod|production|global)\.[cm]?js$|(?:^|\/)bundle\.[cm]?js$/i;
/** A comment that says that a tool wrote the file. */
const GENERATED_COMMENT =
  /\b(?:built|compiled|generated|bundled|minified|transpiled)\b.{0,80}\b(?:by|with|from|using)\b|\bdo not (?:edit|modify)\b|^\s*\/\*! .{0,200}\*\/|sourceMappingURL=/i;
const PAGE = /\.(?:html?|php|ejs|hbs|njk|pug|erb|twig|jinja2?|tmpl|gohtml|vue|svelte|astro)$/;
const IMAGE = /(^|\/)(?:[^/]*\.)?(?:Dockerfile|Containerfile)[^/]*$/;
/** Manifests and scripts that can name a delivered file. */
const DELIVERY_MANIFEST = /(^|\/)(?:package\.json|bower\.json|manifest\.json|action\.ya?ml|sw\.js)$/;

export interface BuiltFindings {
  found: DeliveredFact[];
  notes: string[];
}

/** True for files that can name a delivered file: pages, image files, manifests. */
export function canNameDelivered(path: string): boolean {
  return !/(^|\/)node_modules\//.test(path) && (PAGE.test(path) || IMAGE.test(path) || DELIVERY_MANIFEST.test(path));
}

/** True if a changed file may be build output. The rule then needs the texts of all code, to know which file loads it. */
export function mayChangeOutput(tree: DeliveredTree): boolean {
  return changedOutputs(tree).length > 0;
}

/**
 * Finds changed build output. If the build command runs, a modified file is only a note, because the command may write the
 * same text.
 */
export function findBuiltFiles(tree: DeliveredTree): BuiltFindings {
  const paths = changedOutputs(tree);
  if (paths.length === 0) return { found: [], notes: [] };
  const { leads: importsOf } = linksOf({ paths: tree.paths, texts: tree.after });
  const testedFiles = closure(
    tree.paths.filter((path) => CODE.test(path) && isForTests(path)),
    importsOf,
  );
  const found: DeliveredFact[] = [];
  const notes: string[] = [];
  const untested = paths.filter((path) => !testedFiles.has(path));
  const importers = importersOf(tree, untested, importsOf);
  const modified = new Set(tree.files.filter(({ status }) => status === 'modified').map(({ path }) => path));
  const deliverers = deliverersIn(tree);
  for (const path of untested) {
    const deliverer = findDeliverer(tree, path, deliverers) ?? importers.get(path);
    if (deliverer === undefined) continue;
    const isModified = modified.has(path);
    const what = `is what a build writes and ${deliverer} delivers, and no test loads it`;
    if (isModified && tree.isBuilt)
      notes.push(`${path} ${what}; whether the build command gives the same was not asked`);
    else found.push({ path, line: null, what, text: '', showsWholeChange: true });
  }
  return { found, notes };
}

function changedOutputs(tree: DeliveredTree): string[] {
  return changedPaths(tree).filter((path) => {
    if (/(^|\/)(?:node_modules|\.venv)\//.test(path) || isForTests(path)) return false;
    if (BINARY.test(path)) return true;
    return SCRIPT.test(path) && (BUILD_OUTPUT.test(path) || looksBuilt(tree.after.get(path) ?? ''));
  });
}

/** True if the first lines say that a tool wrote the file, or are too long to be written by hand. */
export function looksBuilt(text: string): boolean {
  const rows = text.slice(0, 4_000).split('\n', 6);
  return (
    isGenerated(text) ||
    rows.some((row) => row.length > 1_000 || (/^\s*(?:\/[/*]|\*)/.test(row) && GENERATED_COMMENT.test(row)))
  );
}

/** Returns the manifests, image files and pages: each may deliver files without an import. */
export function deliverersIn(tree: DeliveredTree): string[] {
  return tree.paths.filter(
    (path) =>
      tree.after.has(path) && (PACKAGE.test(path) || IMAGE.test(path) || (canNameDelivered(path) && !isForTests(path))),
  );
}

/** Returns the one of the `deliverers` that delivers `path`. */
export function findDeliverer(tree: DeliveredTree, path: string, deliverers: readonly string[]): string | undefined {
  return deliverers.find((one) => {
    const text = tree.after.get(one);
    if (text === undefined || one === path) return false;
    if (PACKAGE.test(one)) return isPackedBy(one, text, path);
    return IMAGE.test(one) ? isInImage(text, path) : text.includes(nameOf(path));
  });
}

const PACKAGE = /(^|\/)(?:package|bower)\.json$/;

/** Returns for each of the `paths` the first product code that imports it by its full file name. Each file is read once. */
function importersOf(
  tree: DeliveredTree,
  paths: readonly string[],
  importsOf: (path: string) => readonly string[],
): Map<string, string> {
  const names = new Set(paths.map(nameOf));
  const importers = new Map<string, string>();
  for (const importer of tree.paths) {
    if (!CODE.test(importer) || isForTests(importer)) continue;
    const words = (tree.after.get(importer) ?? '').split(/[\s"'`()/\\?#!]+/);
    if (!words.some((word) => names.has(word))) continue;
    for (const path of importsOf(importer))
      if (path !== importer && names.has(nameOf(path)) && !importers.has(path)) importers.set(path, importer);
  }
  return importers;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function isPackedBy(manifest: string, text: string, path: string): boolean {
  const folder = folderOf(manifest);
  const { files, main, module, browser, unpkg, jsdelivr, directories, bin, exports } = manifestOf(text);
  const entries = entriesIn([main, module, browser, unpkg, jsdelivr, directories, bin, exports]);
  if (entries.some((entry) => isFileAt(placeAt(folder, entry), path))) return true;
  const listed = Array.isArray(files) ? files.filter((one): one is string => typeof one === 'string') : [];
  return listed.some((one) => !one.startsWith('!') && createIgnoreRule(one, folder, { isRooted: true })(path));
}

function isFileAt(place: string, path: string): boolean {
  if (place.includes('*')) return createIgnoreRule(place, '', { isRooted: true })(path);
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
    return words
      .slice(0, -1)
      .some((word) => /^\.\/?$/.test(word) || createIgnoreRule(word, '', { isRooted: true })(path));
  });
}
