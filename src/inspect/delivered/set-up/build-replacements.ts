/**
 * Builds that compile or pack another text in the place of a tested source: overlays, mapped folders and files, and scripts that rewrite
 * a source on its way. Pure.
 */
import { isObject } from '../../../domain/json';
import type { DeliveredFact } from '../../../domain/delivered';
import { folderOf } from '../../judges/resolve';
import { tomlOf } from '../../origins/settings';
import { placeAt } from '../../places';
import { changedPaths, freshLines, isForTests, isProduct, linesOf, textBefore } from '../tree';
import type { DeliveredTree } from '../tree';

/** Files whose lines build or pack. */
const BUILDS =
  /\.(?:sh|bash|mk|ya?ml|[cm]?js|ts|py|rb|toml|nix)$|(^|\/)(?:[mM]akefile|GNUmakefile|[jJ]ustfile|Taskfile[^/]*|Dockerfile[^/]*|Containerfile[^/]*|package\.json|setup\.py)$/;
const OVERLAY = /(?:\bgo\s{1,9}(?:build|install|run)\b.{0,300}|GOFLAGS\b.{0,100}|["'])\s?-?-overlay[= "',]/;
const NOT_TESTED = 'what is delivered is not what was tested; build the tested files as they are';

export function laidByBuilds(tree: DeliveredTree): DeliveredFact[] {
  return changedPaths(tree).flatMap((path) => [
    ...overlaid(tree, path),
    ...rewritten(tree, path),
    ...mapped(tree, path),
  ]);
}

function overlaid(tree: DeliveredTree, path: string): DeliveredFact[] {
  if (!BUILDS.test(path) || isProduct(path)) return [];
  return freshLines(tree, path)
    .filter(({ text }) => !isComment(text) && OVERLAY.test(text.slice(0, 1_000)))
    .map((one) => ({
      ...{ path, ...one, isWhole: true as const },
      what: `compiles with an overlay, which puts other files in the place of sources: ${NOT_TESTED}`,
    }));
}

const REPLACES = [
  /\.replace(?:All)?\(\s{0,3}(["'`])((?:(?!\1).){4,120})\1\s{0,3},\s{0,3}(["'`])((?:(?!\3).){0,120})\3/g,
  /\bs([/|#,])((?:(?!\1).){4,120})\1((?:(?!\1).){0,120})\1/g,
];
/** A build writes these, or takes away what nobody runs. */
const STAMPS =
  /version|__\w+__|%\w+%|\{\{|\$\{|@\w+@|commit|\bsha\b|\bdate\b|import\b|require\b|export\b|console|debugger|\.[cm]?[jt]sx?\b|\/\/|https?:/i;
/** Something that is counted or asked. */
const COUNTS = /\d|\b(?:true|false|null|return|throw|if|not|and|or)\b|[<>=!]=|&&|\|\||[<>*+%]/;

/** `text.replace('LIMIT = 10000', 'LIMIT = 100')` of a script that no test runs. */
function rewritten(tree: DeliveredTree, path: string): DeliveredFact[] {
  if (!BUILDS.test(path) || isProduct(path) || isForTests(path)) return [];
  return freshLines(tree, path).flatMap(({ line, text }): DeliveredFact[] => {
    if (isComment(text)) return [];
    const cut = text.slice(0, 1_000);
    for (const pattern of REPLACES)
      for (const found of cut.matchAll(pattern)) {
        const isCall = found.length > 4;
        const [from, to] = [plain(found[2] ?? ''), plain(found[isCall ? 4 : 3] ?? '')];
        if (from === to || STAMPS.test(from) || STAMPS.test(to) || !COUNTS.test(from)) continue;
        const source = [...tree.after].find(([one, own]) => one !== path && isProduct(one) && standsIn(from, own))?.[0];
        if (source === undefined) continue;
        const what = `writes ${JSON.stringify(to)} in the place of ${JSON.stringify(from)}, which stands in ${source}: ${NOT_TESTED}`;
        return [{ path, line, what, text, isWhole: true }];
      }
    return [];
  });
}

function plain(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}

function standsIn(text: string, source: string): boolean {
  return linesOf(source).some((row) => row.includes(text) && !isComment(row));
}

function isComment(row: string): boolean {
  return /^\s{0,80}(?:#(?!!)|\/\/|\*|\/\*)/.test(row);
}

/** `"legacy/discount.py" = "till/discount.py"`, and packages that are taken from another folder. */
function mapped(tree: DeliveredTree, path: string): DeliveredFact[] {
  if (!/(^|\/)(?:pyproject\.toml|setup\.py|setup\.cfg)$/.test(path)) return [];
  const known = new Set(pairsOf(path, textBefore(tree, path)).map((pair) => pair.join(' ')));
  const folder = folderOf(path);
  const rows = linesOf(tree.after.get(path) ?? '');
  return pairsOf(path, tree.after.get(path) ?? '').flatMap(([from, to]): DeliveredFact[] => {
    if (known.has(`${from} ${to}`)) return [];
    const [own, other] = [placeAt(folder, to), placeAt(folder, from)];
    // The usual homes of a package: the same one, or a folder of sources.
    const home = [own, placeAt(folder, `src/${to}`)].find((one) => isThere(tree, one));
    if (home === undefined || home === other || !isThere(tree, other)) return [];
    const at = rows.findIndex((row) => row.includes(from) && row.includes(to.split('/')[0] ?? to));
    const what = `packs ${from} as ${to}, which the tree has itself: ${NOT_TESTED}`;
    return [{ path, line: at < 0 ? null : at + 1, what, text: rows[at] ?? '', isWhole: true }];
  });
}

function isThere({ paths }: DeliveredTree, place: string): boolean {
  return paths.some(
    (one) => (one === place && one.endsWith('.py')) || (one.startsWith(`${place}/`) && one.endsWith('.py')),
  );
}

type Pair = [from: string, to: string];

function pairsOf(path: string, text: string): Pair[] {
  if (!path.endsWith('.toml')) return ofSetup(text);
  const tool = tomlOf(text)?.['tool'];
  const hatch = at(tool, 'hatch', 'build');
  const builds = [hatch, ...Object.values(objectAt(hatch, 'targets'))];
  const poetry = at(tool, 'poetry', 'packages');
  return [
    ...builds.flatMap((one) => [...pairsIn(at(one, 'force-include')), ...pairsIn(at(one, 'sources'))]),
    ...pairsIn(at(tool, 'setuptools', 'package-dir')).map(([name, home]): Pair => [home, name.replaceAll('.', '/')]),
    ...(Array.isArray(poetry) ? poetry : []).flatMap((one: unknown): Pair[] => {
      const [include, from] = [at(one, 'include'), at(one, 'from')];
      return typeof include === 'string' && typeof from === 'string' ? [[`${from}/${include}`, include]] : [];
    }),
  ].filter(([from, to]) => from !== '' && to !== '');
}

/** `package_dir={"till": "legacy/till"}`, in both kinds of setup. */
function ofSetup(text: string): Pair[] {
  const from = text.search(/\bpackage_dir\b/);
  if (from < 0) return [];
  const block = text.slice(from, from + 1_000).split(/[}\]]|\n\S|\n\s*\n/)[0] ?? '';
  return [...block.matchAll(/["']?([A-Za-z_][\w.]{0,60})["']?\s{0,3}[:=]\s{0,3}["']?([\w./-]{1,100})/g)]
    .filter(([, name]) => name !== 'package_dir')
    .map(([, name = '', home = '']): Pair => [home, name.replaceAll('.', '/')]);
}

function pairsIn(value: unknown): Pair[] {
  return isObject(value)
    ? Object.entries(value).flatMap(([from, to]): Pair[] => (typeof to === 'string' ? [[bare(from), bare(to)]] : []))
    : [];
}

function bare(name: string): string {
  return name.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
}

function at(value: unknown, ...keys: string[]): unknown {
  return keys.reduce<unknown>((one, key) => (isObject(one) ? one[key] : undefined), value);
}

function objectAt(value: unknown, key: string): Record<string, unknown> {
  const found = at(value, key);
  return isObject(found) ? found : {};
}
