/**
 * Files that a build writes, that the repository keeps and delivers, and that the change leaves as they were though it changes
 * what they are built from: what goes live then does not hold the change. Pure.
 */
import { isObject } from '../../domain/json';
import { JS_FILE } from '../imports/js-imports';
import { objectOf } from '../manifests/json-text';
import { filesIn, folderOf } from '../judges/resolve';
import { placeAt } from '../places';
import { deliveredBy, BUILT, isBuildMarked } from './built';
import type { Built } from './built';
import { ignoreList } from './ignore-rules';
import { changedPaths, isForTests, isProduct, textBefore } from './tree';
import type { DeliveredTree } from './tree';

/** What a build is written from. */
const STYLE = /\.(?:scss|sass|less|styl)$/;
const BUILD_NAME =
  /^(?:build|compile|bundle|dist|package|minify|transpile|prod|production|release|tsc|rollup|webpack)(?::|$)/;
/** Scripts of npm that run before a package is packed or deployed. */
const AT_PACKING =
  /^(?:prepare|prepack|prepublish|prepublishOnly|preversion|version|heroku-postbuild|postinstall|vercel-build|predeploy|prestart)$/;
const BUILDS =
  /\b(?:tsc|webpack|rollup|esbuild|tsup|vite|babel|swc|ncc|parcel|terser|uglifyjs|gulp|grunt|make|build|bundle|compile|dist|minify)\b/;
const SAYS_NOT =
  /\b(?:do not|don't|never|should not|shouldn't|no need to)\b.{0,40}\b(?:commit|include|check in|submit|push|add|send)\b.{0,60}(?:\bdist\b|\bbuild\b|\bbuilt\b|\bcompiled\b|\bbundles?\b|\.min\.)/i;
const RUN_BUILD =
  /\b(?:npm|yarn|pnpm|bun)\s(?:run\s)?[\w:-]{0,40}(?:build|compile|bundle|dist)|\b(?:npx\s|\bmake\b|tsc\b|webpack\b|rollup\b|esbuild\b|vite\s)/;
const GUIDE = /^(?:\.github\/|docs\/)?(?:CONTRIBUTING|README)[^/]*$/i;

export function isGuideOfBuild(path: string): boolean {
  return GUIDE.test(path);
}

/** True where a changed source may be built into a file that the repository keeps: its text tells. */
export function hasStale(tree: DeliveredTree): boolean {
  const { found, notes } = staleIn(tree);
  return found.length + notes.length > 0;
}

export function staleIn(tree: DeliveredTree): Built {
  const changed = new Set(tree.files.map(({ path }) => path));
  const sources = changedPaths(tree).filter(
    (path) =>
      (isProduct(path) || STYLE.test(path)) &&
      (JS_FILE.test(path) || STYLE.test(path)) &&
      !BUILT.test(path) &&
      isAltered(tree, path),
  );
  if (sources.length === 0) return { found: [], notes: [] };
  const isIgnored = ignoredIn(tree);
  const kept = tree.paths.filter(
    (path) =>
      /\.(?:[cm]?js|css)$/.test(path) && !/(^|\/)node_modules\//.test(path) && !isForTests(path) && !isIgnored(path),
  );
  const pairs = kept.flatMap((path) => {
    const source = sources.find((one) => isWrittenFrom(tree, path, one));
    return source === undefined || changed.has(path) ? [] : [{ path, source }];
  });
  const told = pairs.flatMap(({ path, source }) => {
    const by = isBuiltLater(tree, path) ? undefined : namedBy(tree, path);
    const what = `is built from ${source} and delivered by ${by ?? ''}, and the change leaves it as it was: what goes live does not hold the change; build it and commit it`;
    return by === undefined ? [] : [{ path, line: null, what, text: '', isWhole: true as const }];
  });
  if (tree.isBuilt)
    return {
      found: [],
      notes: told.map(({ path, what }) => `${path} ${what}; whether the build command writes it was not asked`),
    };
  return { found: told, notes: [] };
}

/** An image that takes all there is says nothing of this file. */
function namedBy(tree: DeliveredTree, path: string): string | undefined {
  const paths = tree.paths.filter((one) => {
    const isImage = /(^|\/)[^/]*(?:Dockerfile|Containerfile)[^/]*$/.test(one);
    return !isImage || (tree.after.get(one) ?? '').includes(path.split('/', 1)[0] ?? path);
  });
  return deliveredBy({ ...tree, paths }, path, () => []);
}

/** More than comments and spaces. */
function isAltered(tree: DeliveredTree, path: string): boolean {
  const [before, after] = [textBefore(tree, path), tree.after.get(path) ?? ''];
  return codeOf(before) !== codeOf(after);
}

const COMMENT =
  /("(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|`(?:[^`\\]|\\[\s\S])*`?)|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;

function codeOf(text: string): string {
  return text
    .replace(COMMENT, (_, kept: string | undefined) => kept ?? '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The same name in a folder of builds, or one file of all that a build script writes. */
function isWrittenFrom(tree: DeliveredTree, path: string, source: string): boolean {
  const home = homeOf(tree, path);
  if (path.endsWith('.css') !== STYLE.test(source) || home !== homeOf(tree, source)) return false;
  const bare = (one: string): string => one.slice(home === '' ? 0 : home.length + 1);
  const [own, from] = [bare(path), bare(source)];
  if (own === from || !(isMinified(own) || FOLDER.test(own))) return false;
  const isSame = stemOf(own) === stemOf(from) && (isMinified(own) || SOURCES.test(from));
  if (isSame) return isMinified(own) || BUILT.test(own) || isNamedByBuild(tree, { home, own });
  return isBundleOf(tree, { path, home, own, from });
}

const FOLDER = /^(?:.*\/)?(?:dist|build|out|lib|esm|cjs|umd|js|css|output|compiled|release|public|static|assets)\//;
const SOURCES = /^(?:.*\/)?(?:src|source|sources|ts|scss|sass|less|app|client|frontend)\//;
const ONE_OF_ALL =
  /(?:^|\/)(?:dist|build)\/(?:index|main|bundle|app)\.[cm]?js$|[.-](?:min|bundle|umd|iife|prod)\.[cm]?js$/;
const BESIDE_BUNDLE =
  /[.-](?:min|bundle|umd|iife|prod|esm|cjs|global)\.[cm]?js$|(?:^|\/)(?:sourcemap-register|licenses)\.[cm]?js$/;

interface Pair {
  path: string;
  home: string;
  /** From the folder of the manifest. */
  own: string;
  from: string;
}

/** A folder of single files has one for each source, and is no bundle. */
function isBundleOf(tree: DeliveredTree, { path, home, own, from }: Pair): boolean {
  if (!SOURCES.test(from) || !BUILT.test(path) || path.endsWith('.css')) return false;
  const scripts = Object.entries(scriptsAt(tree, home));
  if (!scripts.some(([name, script]) => BUILD_NAME.test(name) && BUILDS.test(script))) return false;
  const isOneOfMany = tree.paths.some(
    (one) => one !== path && folderOf(one) === folderOf(path) && /\.[cm]?js$/.test(one) && !BESIDE_BUNDLE.test(one),
  );
  const text = tree.after.get(path);
  return (
    !isOneOfMany && (ONE_OF_ALL.test(own) || isEntry(tree, home, own) || text === undefined || isBuildMarked(text))
  );
}

/** The manifest delivers it, and no source has its name: it is written from several. */
function isEntry({ after, paths }: DeliveredTree, home: string, own: string): boolean {
  const manifest = after.get(placeAt(home, 'package.json')) ?? '';
  const entries = ['main', 'module', 'browser', 'bin', 'exports'].map((key) => objectOf(manifest)?.[key]);
  const isNamed = filesIn(entries).some((one) => one.endsWith(own));
  const stem = stemOf(own);
  return isNamed && !paths.some((path) => SOURCES.test(path) && stemOf(path) === stem);
}

function isNamedByBuild(tree: DeliveredTree, { home, own }: Pick<Pair, 'home' | 'own'>): boolean {
  const folder = own.split('/', 1)[0] ?? '';
  const scripts = Object.entries(scriptsAt(tree, home));
  const isNamed = scripts.some(
    ([name, one]) => BUILD_NAME.test(name) && new RegExp(`(?:^|[\\s"'=:./])${folder}\\b`).test(one),
  );
  const text = tree.after.get(placeAt(home, own));
  return isNamed || (text !== undefined && isBuildMarked(text)) || outDir(tree, home) === folder;
}

function outDir({ after }: DeliveredTree, home: string): string | undefined {
  return /"outDir"\s{0,9}:\s{0,9}"(?:\.\/)?([\w-]{1,60})/.exec(after.get(placeAt(home, 'tsconfig.json')) ?? '')?.[1];
}

function isMinified(path: string): boolean {
  return /[.-](?:min|bundle)\.(?:[cm]?js|css)$/.test(path);
}

/** `dist/a/b.min.js` and `src/a/b.ts` are `a/b`. */
function stemOf(path: string): string {
  return path
    .replace(
      /^(?:(?:src|source|app|dist|build|out|lib|esm|cjs|umd|output|compiled|release|public|assets|static|js|ts|css|scss|sass|less)\/)+/,
      '',
    )
    .replace(/(?:[.-](?:min|bundle))?\.\w+$/, '');
}

/** The folder of the manifest that is nearest. */
function homeOf({ after }: DeliveredTree, path: string): string {
  let folder = folderOf(path);
  while (folder !== '' && !after.has(placeAt(folder, 'package.json'))) folder = folderOf(folder);
  return folder;
}

function scriptsAt({ after }: DeliveredTree, folder: string): Record<string, string> {
  const scripts = objectOf(after.get(placeAt(folder, 'package.json')) ?? '')?.['scripts'];
  return isObject(scripts) ? Object.fromEntries(Object.entries(scripts).map(([name, one]) => [name, String(one)])) : {};
}

function ignoredIn({ after }: DeliveredTree): (path: string) => boolean {
  const lists = [...after].flatMap(([file, text]) => {
    const folder = folderOf(file);
    return /(^|\/)\.gitignore$/.test(file) ? [{ folder, isListed: ignoreList(text, folder) }] : [];
  });
  return (path) => lists.some(({ folder, isListed }) => path.startsWith(folder) && isListed(path));
}

/** A step before it goes live builds it anew, or the guide says that changes bring no built files. */
function isBuiltLater(tree: DeliveredTree, path: string): boolean {
  const scripts = scriptsAt(tree, homeOf(tree, path));
  const isPacked = Object.entries(scripts).some(([name, one]) => AT_PACKING.test(name) && BUILDS.test(one));
  return isPacked || [...tree.after].some(([file, text]) => isStepThatBuilds(file, text));
}

function isStepThatBuilds(file: string, text: string): boolean {
  if (GUIDE.test(file)) return text.split('\n').some((row) => SAYS_NOT.test(row.slice(0, 400)));
  if (/(^|\/)[^/]*(?:Dockerfile|Containerfile)[^/]*$/.test(file))
    return text.split('\n').some((row) => /^\s*RUN\b/.test(row) && RUN_BUILD.test(row));
  const isStep = /(^|\/)(?:\.github\/workflows\/|\.gitlab-ci\.yml|render\.yaml|\.circleci\/)/.test(file);
  return isStep && /\b(?:publish|deploy|release|gh-pages|commit)\b/i.test(text) && RUN_BUILD.test(text);
}
