/**
 * Finds stale build output: the repository contains and delivers it, and the change alters its sources without building it anew.
 * Production would then run without the change. Pure.
 */
import { groupBy } from '../../domain/group-by';
import { isObject } from '../../domain/json';
import { JS_FILE } from '../imports/js-imports';
import { objectOf } from '../manifests/json-text';
import { filesIn, folderOf } from '../judges/resolve';
import { placeAt } from '../places';
import { findDeliverer, deliverersIn, BUILD_OUTPUT, looksBuilt } from './built';
import type { BuiltFindings } from './built';
import { createIgnoreList } from './ignore-rules';
import { changedPaths, isForTests, isProduct, textBefore } from './tree';
import type { DeliveredTree } from './tree';

/** Sources of style sheets. */
const STYLE = /\.(?:scss|sass|less|styl)$/;
const BUILD_NAME =
  /^(?:build|compile|bundle|dist|package|minify|transpile|prod|production|release|tsc|rollup|webpack)(?::|$)/;
/** Scripts that npm runs before it packs or deploys a package. */
const PACKING_SCRIPT =
  /^(?:prepare|prepack|prepublish|prepublishOnly|preversion|version|heroku-postbuild|postinstall|vercel-build|predeploy|prestart)$/;
const BUILD_COMMAND =
  /\b(?:tsc|webpack|rollup|esbuild|tsup|vite|babel|swc|ncc|parcel|terser|uglifyjs|gulp|grunt|make|build|bundle|compile|dist|minify)\b/;
/** A sentence of a guide that asks contributors not to commit build output. */
const DO_NOT_COMMIT_BUILD =
  /\b(?:do not|don't|never|should not|shouldn't|no need to)\b.{0,40}\b(?:commit|include|check in|submit|push|add|send)\b.{0,60}(?:\bdist\b|\bbuild\b|\bbuilt\b|\bcompiled\b|\bbundles?\b|\.min\.)/i;
const RUN_BUILD =
  /\b(?:npm|yarn|pnpm|bun)\s(?:run\s)?[\w:-]{0,40}(?:build|compile|bundle|dist)|\b(?:npx\s|\bmake\b|tsc\b|webpack\b|rollup\b|esbuild\b|vite\s)/;
/** Guides in which `DO_NOT_COMMIT_BUILD` is searched. */
const GUIDE = /^(?:\.github\/|docs\/)?(?:CONTRIBUTING|README)[^/]*$/i;

/** True for guides that may say that build output is not committed. */
export function isContributorGuide(path: string): boolean {
  return GUIDE.test(path);
}

/** True if build output may be stale. The rule then needs the texts of all code to be sure. */
export function hasStaleOutput(tree: DeliveredTree): boolean {
  const { found, notes } = findStaleOutput(tree);
  return found.length + notes.length > 0;
}

/**
 * Finds stale build output. If the request has a build command, the findings are only notes, because the command may update
 * the output.
 */
export function findStaleOutput(tree: DeliveredTree): BuiltFindings {
  const changed = new Set(tree.files.map(({ path }) => path));
  const sources = changedPaths(tree).filter(
    (path) =>
      (isProduct(path) || STYLE.test(path)) &&
      (JS_FILE.test(path) || STYLE.test(path)) &&
      !BUILD_OUTPUT.test(path) &&
      isAltered(tree, path),
  );
  if (sources.length === 0) return { found: [], notes: [] };
  const isIgnored = createIsIgnored(tree);
  const outputs = tree.paths.filter(
    (path) =>
      /\.(?:[cm]?js|css)$/.test(path) && !/(^|\/)node_modules\//.test(path) && !isForTests(path) && !isIgnored(path),
  );
  const sourcesByHome = groupBy(sources, (path) => homeOf(tree, path));
  const pairs = outputs.flatMap((path) => {
    const home = homeOf(tree, path);
    if (changed.has(path) || !isOutput(bareOf(path, home))) return [];
    const source = sourcesByHome.get(home)?.find((one) => isWrittenFrom(tree, { path, home }, one));
    return source === undefined ? [] : [{ path, source }];
  });
  const outdated = pairs.flatMap(({ path, source }) => {
    const deliverer = isBuiltLater(tree, path) ? undefined : delivererOf(tree, path);
    const what = `is built from ${source} and delivered by ${deliverer ?? ''}, but the change does not update it: what goes live is without the change; build it and commit it`;
    return deliverer === undefined ? [] : [{ path, line: null, what, text: '', showsWholeChange: true as const }];
  });
  if (tree.isBuilt)
    return {
      found: [],
      notes: outdated.map(({ path, what }) => `${path} ${what}; whether the build command writes it was not asked`),
    };
  return { found: outdated, notes: [] };
}

/**
 * Returns the file that delivers the output. An image that copies the whole folder does not count: it does not show
 * that the output is used.
 */
function delivererOf(tree: DeliveredTree, path: string): string | undefined {
  const paths = tree.paths.filter((one) => {
    const isImage = /(^|\/)[^/]*(?:Dockerfile|Containerfile)[^/]*$/.test(one);
    return !isImage || (tree.after.get(one) ?? '').includes(path.split('/', 1)[0] ?? path);
  });
  return findDeliverer(tree, path, deliverersIn({ ...tree, paths }));
}

/** True if more than comments and whitespace changed. */
function isAltered(tree: DeliveredTree, path: string): boolean {
  const [before, after] = [textBefore(tree, path), tree.after.get(path) ?? ''];
  return codeOf(before) !== codeOf(after);
}

/** A comment, or a literal (first group), which is kept. */
const COMMENT =
  /("(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|`(?:[^`\\]|\\[\s\S])*`?)|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;

function codeOf(text: string): string {
  return text
    .replace(COMMENT, (_, literal: string | undefined) => literal ?? '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Returns a path relative to the folder of its manifest. */
function bareOf(path: string, home: string): string {
  return path.slice(home === '' ? 0 : home.length + 1);
}

function isOutput(bare: string): boolean {
  return isMinified(bare) || OUTPUT_FOLDER.test(bare);
}

/** True if the output has the name of the source in a build folder, or is a bundle of all sources. Both have one manifest. */
function isWrittenFrom(tree: DeliveredTree, { path, home }: Pick<Pair, 'path' | 'home'>, source: string): boolean {
  if (path.endsWith('.css') !== STYLE.test(source)) return false;
  const [output, sourcePath] = [bareOf(path, home), bareOf(source, home)];
  if (output === sourcePath) return false;
  const isSame = stemOf(output) === stemOf(sourcePath) && (isMinified(output) || SOURCE_FOLDER.test(sourcePath));
  if (isSame) return isMinified(output) || BUILD_OUTPUT.test(output) || isNamedByBuild(tree, { home, output });
  return isBundleOf(tree, { path, home, output, sourcePath });
}

const OUTPUT_FOLDER =
  /^(?:.*\/)?(?:dist|build|out|lib|esm|cjs|umd|js|css|output|compiled|release|public|static|assets)\//;
const SOURCE_FOLDER = /^(?:.*\/)?(?:src|source|sources|ts|scss|sass|less|app|client|frontend)\//;
const BUNDLE = /(?:^|\/)(?:dist|build)\/(?:index|main|bundle|app)\.[cm]?js$|[.-](?:min|bundle|umd|iife|prod)\.[cm]?js$/;
const BUNDLE_COMPANION =
  /[.-](?:min|bundle|umd|iife|prod|esm|cjs|global)\.[cm]?js$|(?:^|\/)(?:sourcemap-register|licenses)\.[cm]?js$/;

interface Pair {
  path: string;
  home: string;
  /** Relative to the folder of the manifest. */
  output: string;
  sourcePath: string;
}

/** True if the output is one bundle. A folder with several scripts has one file for each source, so it is no bundle. */
function isBundleOf(tree: DeliveredTree, { path, home, output, sourcePath }: Pair): boolean {
  if (!SOURCE_FOLDER.test(sourcePath) || !BUILD_OUTPUT.test(path) || path.endsWith('.css')) return false;
  const scripts = Object.entries(scriptsAt(tree, home));
  if (!scripts.some(([name, script]) => BUILD_NAME.test(name) && BUILD_COMMAND.test(script))) return false;
  const isOneOfMany = tree.paths.some(
    (one) => one !== path && folderOf(one) === folderOf(path) && /\.[cm]?js$/.test(one) && !BUNDLE_COMPANION.test(one),
  );
  const text = tree.after.get(path);
  return !isOneOfMany && (BUNDLE.test(output) || isEntry(tree, home, output) || text === undefined || looksBuilt(text));
}

/** True if the manifest delivers the file and no source has its name: it is then written from several sources. */
function isEntry({ after, paths }: DeliveredTree, home: string, output: string): boolean {
  const manifest = after.get(placeAt(home, 'package.json')) ?? '';
  const entries = ['main', 'module', 'browser', 'bin', 'exports'].map((key) => objectOf(manifest)?.[key]);
  const isNamed = filesIn(entries).some((one) => one.endsWith(output));
  const stem = stemOf(output);
  return isNamed && !paths.some((path) => SOURCE_FOLDER.test(path) && stemOf(path) === stem);
}

function isNamedByBuild(tree: DeliveredTree, { home, output }: Pick<Pair, 'home' | 'output'>): boolean {
  const folder = output.split('/', 1)[0] ?? '';
  const scripts = Object.entries(scriptsAt(tree, home));
  const isNamed = scripts.some(
    ([name, one]) => BUILD_NAME.test(name) && new RegExp(`(?:^|[\\s"'=:./])${folder}\\b`).test(one),
  );
  const text = tree.after.get(placeAt(home, output));
  return isNamed || (text !== undefined && looksBuilt(text)) || outDirOf(tree, home) === folder;
}

function outDirOf({ after }: DeliveredTree, home: string): string | undefined {
  return /"outDir"\s{0,9}:\s{0,9}"(?:\.\/)?([\w-]{1,60})/.exec(after.get(placeAt(home, 'tsconfig.json')) ?? '')?.[1];
}

function isMinified(path: string): boolean {
  return /[.-](?:min|bundle)\.(?:[cm]?js|css)$/.test(path);
}

/** Returns the path without build folders and endings: `dist/a/b.min.js` and `src/a/b.ts` are both `a/b`. */
function stemOf(path: string): string {
  return path
    .replace(
      /^(?:(?:src|source|app|dist|build|out|lib|esm|cjs|umd|output|compiled|release|public|assets|static|js|ts|css|scss|sass|less)\/)+/,
      '',
    )
    .replace(/(?:[.-](?:min|bundle))?\.\w+$/, '');
}

/** Returns the folder of the nearest manifest. */
function homeOf({ after }: DeliveredTree, path: string): string {
  let folder = folderOf(path);
  while (folder !== '' && !after.has(placeAt(folder, 'package.json'))) folder = folderOf(folder);
  return folder;
}

function scriptsAt({ after }: DeliveredTree, folder: string): Record<string, string> {
  const scripts = objectOf(after.get(placeAt(folder, 'package.json')) ?? '')?.['scripts'];
  return isObject(scripts) ? Object.fromEntries(Object.entries(scripts).map(([name, one]) => [name, String(one)])) : {};
}

function createIsIgnored({ after }: DeliveredTree): (path: string) => boolean {
  const lists = [...after].flatMap(([file, text]) => {
    const folder = folderOf(file);
    return /(^|\/)\.gitignore$/.test(file) ? [{ folder, isListed: createIgnoreList(text, folder) }] : [];
  });
  return (path) => lists.some(({ folder, isListed }) => path.startsWith(folder) && isListed(path));
}

/** True if a step before the release builds the output, or a guide asks not to commit it. */
function isBuiltLater(tree: DeliveredTree, path: string): boolean {
  const scripts = scriptsAt(tree, homeOf(tree, path));
  const isPacked = Object.entries(scripts).some(([name, one]) => PACKING_SCRIPT.test(name) && BUILD_COMMAND.test(one));
  return isPacked || [...tree.after].some(([file, text]) => buildsBeforeRelease(file, text));
}

function buildsBeforeRelease(file: string, text: string): boolean {
  if (GUIDE.test(file)) return text.split('\n').some((row) => DO_NOT_COMMIT_BUILD.test(row.slice(0, 400)));
  if (/(^|\/)[^/]*(?:Dockerfile|Containerfile)[^/]*$/.test(file))
    return text.split('\n').some((row) => /^\s*RUN\b/.test(row) && RUN_BUILD.test(row));
  const isStep = /(^|\/)(?:\.github\/workflows\/|\.gitlab-ci\.yml|render\.yaml|\.circleci\/)/.test(file);
  return isStep && /\b(?:publish|deploy|release|gh-pages|commit)\b/i.test(text) && RUN_BUILD.test(text);
}
