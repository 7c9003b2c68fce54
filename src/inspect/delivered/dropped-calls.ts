/**
 * Finds calls and modules that the bundler drops because a setting or a mark declares them free of effects. The tests run the
 * sources, which still have them. Pure.
 */
import { literal } from '../../domain/literal';
import type { DeliveredFact } from '../../domain/delivered';
import { createResolve, folderOf } from '../judges/resolve';
import { objectOf } from '../manifests/json-text';
import { createIgnoreRule } from './ignore-rules';
import { changedPaths, freshLines, isForTests, isProduct, isSource, linesOf, textBefore } from './tree';
import type { DeliveredTree } from './tree';

const SCRIPT = /\.[cm]?[jt]sx?$/;
const PURE_MARK = /\/\*\s{0,5}[@#]__PURE__\s{0,5}\*\//;
/** The mark at the start of a statement: the call's result is then unused. */
const MARKED_STATEMENT =
  /^\s{0,80}(?:void\s{1,3}|await\s{1,3})?\/\*\s{0,5}[@#]__PURE__\s{0,5}\*\/\s{0,5}(?:await\s{1,3}|new\s{1,3})?[\w$.]{1,100}\s{0,3}\(/;
/** The end of a line whose expression continues on the next line. */
const CONTINUES = /(?:[=(,[:?&|+\-*/<>!~^%{]|=>|\breturn|\bdefault|\bawait|\bthrow)\s{0,9}$/;
const MAX_ROWS_ABOVE = 100;
/** The end of each message. */
const CONSEQUENCE = 'what is delivered does without it, and the tests run it';

/** Finds added `PURE` marks on calls whose result is unused. */
export function findPureMarks(tree: DeliveredTree): DeliveredFact[] {
  return changedPaths(tree).flatMap((path): DeliveredFact[] => {
    if (!SCRIPT.test(path) || !isProduct(path)) return [];
    const rows = linesOf(tree.after.get(path) ?? '');
    return freshLines(tree, path).flatMap(({ line, text }): DeliveredFact[] => {
      if (!PURE_MARK.test(text.slice(0, 500)) || !MARKED_STATEMENT.test(text.slice(0, 500))) return [];
      const rowsAbove = rows.slice(Math.max(0, line - 1 - MAX_ROWS_ABOVE), line - 1);
      const above = rowsAbove.findLast((row) => !/^\s*(?:\/\/.*|\/?\*.*)?$/.test(row)) ?? '';
      // After the `{` of a block a statement begins. After any other `{` an object literal begins, which cannot begin with a call.
      if (CONTINUES.test(above) && !/(?:\)|=>|\belse|\btry|\bdo|\bfinally)\s{0,3}\{\s{0,9}$/.test(above)) return [];
      const what = `tells bundlers that this call does nothing, and nothing takes its answer: they leave it out; ${CONSEQUENCE}; take the mark away`;
      return [{ path, line, what, text }];
    });
  });
}

const PURE_LIST =
  /\b(?:pure_funcs|pure|manualPureFunctions|pureFunctions)["']?\s{0,3}:\s{0,3}\[([^\]\n]{1,400})\]|--pure:([\w$.]{1,80})/g;
const BUNDLER_SETTINGS =
  /\.(?:[cm]?[jt]s|json5?|ya?ml|sh|toml)$|(^|\/)(?:[mM]akefile|\.terserrc|Dockerfile[^/]*|\.swcrc)$/;

/** Finds bundler settings such as `pure: ['onlyClerks']` that let it drop calls of the product. */
export function findPureNames(tree: DeliveredTree): DeliveredFact[] {
  return changedPaths(tree).flatMap((path) => {
    if (!BUNDLER_SETTINGS.test(path) || isForTests(path) || isProduct(path)) return [];
    return freshLines(tree, path).flatMap(({ line, text }): DeliveredFact[] => {
      const names = [...text.slice(0, 1_000).matchAll(PURE_LIST)].flatMap(([, listed = '', one = '']) =>
        one === '' ? (listed.match(/[\w$.]{2,80}/g) ?? []) : [one],
      );
      for (const name of names.filter((one) => !/^(?:console|Math|Object|debug|log|invariant)\b/.test(one))) {
        const user = callerOf(tree, name);
        if (user === undefined) continue;
        const what = `tells the bundler that ${name} does nothing, and ${user} calls it without taking its answer: it is left out; ${CONSEQUENCE}`;
        return [{ path, line, what, text, showsWholeChange: true }];
      }
      return [];
    });
  });
}

/** Returns a product file with a statement that calls `name` and does not use the result. */
function callerOf({ after }: DeliveredTree, name: string): string | undefined {
  const value = literal(name);
  const call = new RegExp(`(?:^|[;{}])[ \\t]{0,80}(?:await\\s)?${value}\\s?\\([^\\n]{0,300}\\)\\s{0,3};?[ \\t]*$`, 'm');
  return [...after].find(
    ([path, text]) => SCRIPT.test(path) && isProduct(path) && text.includes(name) && call.test(text),
  )?.[0];
}

/** Finds modules such as `import './rules.js'` that `"sideEffects": false` lets the bundler drop. */
export function findDroppedModules(tree: DeliveredTree): DeliveredFact[] {
  const changed = new Set(changedPaths(tree));
  const resolve = createResolve(tree.paths, tree.after);
  return [...tree.after].flatMap(([path, text]): DeliveredFact[] => {
    if (!/(^|\/)package\.json$/.test(path) || /(^|\/)node_modules\//.test(path)) return [];
    const isDropped = sideEffectsOf(path, text);
    if (isDropped === undefined) return [];
    const wasDropped = sideEffectsOf(path, textBefore(tree, path));
    const folder = folderOf(path);
    for (const user of tree.paths) {
      const userText = tree.after.get(user);
      if (
        userText === undefined ||
        !SCRIPT.test(user) ||
        !isSource(user) ||
        !(folder === '' || user.startsWith(`${folder}/`))
      )
        continue;
      for (const name of bareImports(userText)) {
        const [file] = resolve.imported(user, name);
        if (file === undefined || !isDropped(file)) continue;
        const isNew = !bareImports(textBefore(tree, user)).includes(name);
        // The bundler dropped this module before the change, too.
        if (!(changed.has(user) && isNew) && wasDropped?.(file) === true) continue;
        const what = `tells bundlers that ${file} does nothing when it is loaded, and ${user} imports it for that alone: they leave it out; what is delivered does without it, and the tests load it; list it under sideEffects`;
        return [{ path, line: null, what, text: `import '${name}'`, showsWholeChange: true }];
      }
    }
    return [];
  });
}

/** Returns the modules that the text imports without names, only for their effects. */
function bareImports(text: string): string[] {
  return [...text.matchAll(/^[ \t]{0,20}import\s{0,3}["'](\.{1,2}\/[^"'\n]{1,200})["']/gm)].map(
    ([, name = '']) => name,
  );
}

/**
 * Returns a function that is true for files that `sideEffects` declares free of effects; undefined if it declares none.
 */
function sideEffectsOf(path: string, text: string): ((file: string) => boolean) | undefined {
  const value = objectOf(text)?.['sideEffects'];
  if (value === false) return () => true;
  const folder = folderOf(path);
  const listed = Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : undefined;
  if (listed === undefined) return undefined;
  // A pattern without a folder matches in every folder.
  const rules = listed.map((one) => createIgnoreRule(one.replace(/^\.\//, one.includes('*') ? '' : '/'), folder));
  return (file) => !rules.some((fits) => fits(file));
}
