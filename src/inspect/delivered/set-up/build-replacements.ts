/**
 * Finds build settings that compile or pack another text in place of a tested source: overlays, mapped folders and
 * files, and scripts that rewrite a source. Pure.
 */
import { isObject } from '../../../domain/json';
import type { DeliveredFact } from '../../../domain/delivered';
import { folderOf } from '../../judges/resolve';
import { tomlOf } from '../../origins/settings';
import { placeAt } from '../../places';
import { changedPaths, freshLines, isForTests, isProduct, linesOf, textBefore } from '../tree';
import type { DeliveredTree } from '../tree';

/** Files that can contain build or packing steps. */
const BUILD_FILE =
  /\.(?:sh|bash|mk|ya?ml|[cm]?js|ts|py|rb|toml|nix)$|(^|\/)(?:[mM]akefile|GNUmakefile|[jJ]ustfile|Taskfile[^/]*|Dockerfile[^/]*|Containerfile[^/]*|package\.json|setup\.py)$/;
const OVERLAY_FLAG = /(?:\bgo\s{1,9}(?:build|install|run)\b.{0,300}|GOFLAGS\b.{0,100}|["'])\s?-?-overlay[= "',]/;
const NOT_TESTED = 'what is delivered is not what was tested; build the tested files as they are';

export function findBuildReplacements(tree: DeliveredTree): DeliveredFact[] {
  return changedPaths(tree).flatMap((path) => [
    ...findOverlayFlags(tree, path),
    ...findRewriteScripts(tree, path),
    ...findMappedPaths(tree, path),
  ]);
}

function findOverlayFlags(tree: DeliveredTree, path: string): DeliveredFact[] {
  if (!BUILD_FILE.test(path) || isProduct(path)) return [];
  return freshLines(tree, path)
    .filter(({ text }) => !isComment(text) && OVERLAY_FLAG.test(text.slice(0, 1_000)))
    .map((one) => ({
      ...{ path, ...one, showsWholeChange: true as const },
      what: `compiles with an overlay, which puts other files in the place of sources: ${NOT_TESTED}`,
    }));
}

const REPLACEMENTS = [
  /\.replace(?:All)?\(\s{0,3}(["'`])((?:(?!\1).){4,120})\1\s{0,3},\s{0,3}(["'`])((?:(?!\3).){0,120})\3/g,
  /\bs([/|#,])((?:(?!\1).){4,120})\1((?:(?!\1).){0,120})\1/g,
];
/** Replacements that builds make: version stamps, and removal of debug code. */
const VERSION_STAMP =
  /version|__\w+__|%\w+%|\{\{|\$\{|@\w+@|commit|\bsha\b|\bdate\b|import\b|require\b|export\b|console|debugger|\.[cm]?[jt]sx?\b|\/\/|https?:/i;
/** Text that affects a result: a number, a condition, an operator. */
const HAS_EFFECT = /\d|\b(?:true|false|null|return|throw|if|not|and|or)\b|[<>=!]=|&&|\|\||[<>*+%]/;

/** Finds `text.replace('LIMIT = 10000', 'LIMIT = 100')` in build scripts, if a source contains the text. */
function findRewriteScripts(tree: DeliveredTree, path: string): DeliveredFact[] {
  if (!BUILD_FILE.test(path) || isProduct(path) || isForTests(path)) return [];
  return freshLines(tree, path).flatMap(({ line, text }): DeliveredFact[] => {
    if (isComment(text)) return [];
    const cut = text.slice(0, 1_000);
    for (const pattern of REPLACEMENTS)
      for (const found of cut.matchAll(pattern)) {
        const isCall = found.length > 4;
        const [from, to] = [unescape(found[2] ?? ''), unescape(found[isCall ? 4 : 3] ?? '')];
        if (from === to || VERSION_STAMP.test(from) || VERSION_STAMP.test(to) || !HAS_EFFECT.test(from)) continue;
        const source = [...tree.after].find(([one, own]) => one !== path && isProduct(one) && isInCode(from, own))?.[0];
        if (source === undefined) continue;
        const what = `writes ${JSON.stringify(to)} in the place of ${JSON.stringify(from)}, which stands in ${source}: ${NOT_TESTED}`;
        return [{ path, line, what, text, showsWholeChange: true }];
      }
    return [];
  });
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}

function isInCode(text: string, source: string): boolean {
  return linesOf(source).some((row) => row.includes(text) && !isComment(row));
}

function isComment(row: string): boolean {
  return /^\s{0,80}(?:#(?!!)|\/\/|\*|\/\*)/.test(row);
}

/** Finds settings such as `"legacy/discount.py" = "till/discount.py"`, and packages that are packed from another folder. */
function findMappedPaths(tree: DeliveredTree, path: string): DeliveredFact[] {
  if (!/(^|\/)(?:pyproject\.toml|setup\.py|setup\.cfg)$/.test(path)) return [];
  const known = new Set(pairsOf(path, textBefore(tree, path)).map((pair) => pair.join(' ')));
  const folder = folderOf(path);
  const rows = linesOf(tree.after.get(path) ?? '');
  return pairsOf(path, tree.after.get(path) ?? '').flatMap(([from, to]): DeliveredFact[] => {
    if (known.has(`${from} ${to}`)) return [];
    const [own, other] = [placeAt(folder, to), placeAt(folder, from)];
    // A package usually lies at its own path or below `src`.
    const home = [own, placeAt(folder, `src/${to}`)].find((one) => hasPython(tree, one));
    if (home === undefined || home === other || !hasPython(tree, other)) return [];
    const rowAt = rows.findIndex((row) => row.includes(from) && row.includes(to.split('/')[0] ?? to));
    const what = `packs ${from} as ${to}, which the tree has itself: ${NOT_TESTED}`;
    return [{ path, line: rowAt < 0 ? null : rowAt + 1, what, text: rows[rowAt] ?? '', showsWholeChange: true }];
  });
}

function hasPython({ paths }: DeliveredTree, place: string): boolean {
  return paths.some(
    (one) => (one === place && one.endsWith('.py')) || (one.startsWith(`${place}/`) && one.endsWith('.py')),
  );
}

type Pair = [from: string, to: string];

function pairsOf(path: string, text: string): Pair[] {
  if (!path.endsWith('.toml')) return pairsOfSetup(text);
  const tool = tomlOf(text)?.['tool'];
  const hatch = valueAt(tool, 'hatch', 'build');
  const builds = [hatch, ...Object.values(objectAt(hatch, 'targets'))];
  const poetry = valueAt(tool, 'poetry', 'packages');
  return [
    ...builds.flatMap((one) => [...pairsIn(valueAt(one, 'force-include')), ...pairsIn(valueAt(one, 'sources'))]),
    ...pairsIn(valueAt(tool, 'setuptools', 'package-dir')).map(([name, home]): Pair => [
      home,
      name.replaceAll('.', '/'),
    ]),
    ...(Array.isArray(poetry) ? poetry : []).flatMap((one: unknown): Pair[] => {
      const [include, from] = [valueAt(one, 'include'), valueAt(one, 'from')];
      return typeof include === 'string' && typeof from === 'string' ? [[`${from}/${include}`, include]] : [];
    }),
  ].filter(([from, to]) => from !== '' && to !== '');
}

/** Reads `package_dir={"till": "legacy/till"}` of setup.py and setup.cfg. */
function pairsOfSetup(text: string): Pair[] {
  const from = text.search(/\bpackage_dir\b/);
  if (from < 0) return [];
  const block = text.slice(from, from + 1_000).split(/[}\]]|\n\S|\n\s*\n/)[0] ?? '';
  return [...block.matchAll(/["']?([A-Za-z_][\w.]{0,60})["']?\s{0,3}[:=]\s{0,3}["']?([\w./-]{1,100})/g)]
    .filter(([, name]) => name !== 'package_dir')
    .map(([, name = '', home = '']): Pair => [home, name.replaceAll('.', '/')]);
}

function pairsIn(value: unknown): Pair[] {
  return isObject(value)
    ? Object.entries(value).flatMap(([from, to]): Pair[] =>
        typeof to === 'string' ? [[withoutSlashes(from), withoutSlashes(to)]] : [],
      )
    : [];
}

function withoutSlashes(name: string): string {
  return name.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
}

function valueAt(value: unknown, ...keys: string[]): unknown {
  return keys.reduce<unknown>((one, key) => (isObject(one) ? one[key] : undefined), value);
}

function objectAt(value: unknown, key: string): Record<string, unknown> {
  const found = valueAt(value, key);
  return isObject(found) ? found : {};
}
