/**
 * Calls and modules that a bundler is told to leave out, as if they did nothing: tests run the sources, where they are still there. Pure.
 */
import { literal } from '../../domain/literal';
import type { DeliveredFact } from '../../domain/delivered';
import { createResolve, folderOf } from '../judges/resolve';
import { objectOf } from '../manifests/json-text';
import { ignoreRule } from './ignore-rules';
import { changedPaths, freshLines, isForTests, isProduct, isSource, linesOf, textBefore } from './tree';
import type { DeliveredTree } from './tree';

const SCRIPT = /\.[cm]?[jt]sx?$/;
const MARK = /\/\*\s{0,5}[@#]__PURE__\s{0,5}\*\//;
/** The statement begins with the mark, so that nothing takes the answer. */
const BEGINS =
  /^\s{0,80}(?:void\s{1,3}|await\s{1,3})?\/\*\s{0,5}[@#]__PURE__\s{0,5}\*\/\s{0,5}(?:await\s{1,3}|new\s{1,3})?[\w$.]{1,100}\s{0,3}\(/;
const GOES_ON = /(?:[=(,[:?&|+\-*/<>!~^%{]|=>|\breturn|\bdefault|\bawait|\bthrow)\s{0,9}$/;
const ROWS_ABOVE = 100;
const WAY_OUT = 'what is delivered does without it, and the tests run it';

export function pureMarks(tree: DeliveredTree): DeliveredFact[] {
  return changedPaths(tree).flatMap((path): DeliveredFact[] => {
    if (!SCRIPT.test(path) || !isProduct(path)) return [];
    const rows = linesOf(tree.after.get(path) ?? '');
    return freshLines(tree, path).flatMap(({ line, text }): DeliveredFact[] => {
      if (!MARK.test(text.slice(0, 500)) || !BEGINS.test(text.slice(0, 500))) return [];
      const near = rows.slice(Math.max(0, line - 1 - ROWS_ABOVE), line - 1);
      const above = near.findLast((row) => !/^\s*(?:\/\/.*|\/?\*.*)?$/.test(row)) ?? '';
      // A block begins with a statement, a literal of an object does not with a call.
      if (GOES_ON.test(above) && !/(?:\)|=>|\belse|\btry|\bdo|\bfinally)\s{0,3}\{\s{0,9}$/.test(above)) return [];
      const what = `tells bundlers that this call does nothing, and nothing takes its answer: they leave it out; ${WAY_OUT}; take the mark away`;
      return [{ path, line, what, text }];
    });
  });
}

const LISTED =
  /\b(?:pure_funcs|pure|manualPureFunctions|pureFunctions)["']?\s{0,3}:\s{0,3}\[([^\]\n]{1,400})\]|--pure:([\w$.]{1,80})/g;
const SETTINGS = /\.(?:[cm]?[jt]s|json5?|ya?ml|sh|toml)$|(^|\/)(?:[mM]akefile|\.terserrc|Dockerfile[^/]*|\.swcrc)$/;

/** `pure: ['onlyClerks']`: the same, told in the settings of the bundler. */
export function pureNames(tree: DeliveredTree): DeliveredFact[] {
  return changedPaths(tree).flatMap((path) => {
    if (!SETTINGS.test(path) || isForTests(path) || isProduct(path)) return [];
    return freshLines(tree, path).flatMap(({ line, text }): DeliveredFact[] => {
      const names = [...text.slice(0, 1_000).matchAll(LISTED)].flatMap(([, listed = '', one = '']) =>
        one === '' ? (listed.match(/[\w$.]{2,80}/g) ?? []) : [one],
      );
      for (const name of names.filter((one) => !/^(?:console|Math|Object|debug|log|invariant)\b/.test(one))) {
        const user = calledBy(tree, name);
        if (user === undefined) continue;
        const what = `tells the bundler that ${name} does nothing, and ${user} calls it without taking its answer: it is left out; ${WAY_OUT}`;
        return [{ path, line, what, text, isWhole: true }];
      }
      return [];
    });
  });
}

function calledBy({ after }: DeliveredTree, name: string): string | undefined {
  const said = literal(name);
  const call = new RegExp(`(?:^|[;{}])[ \\t]{0,80}(?:await\\s)?${said}\\s?\\([^\\n]{0,300}\\)\\s{0,3};?[ \\t]*$`, 'm');
  return [...after].find(
    ([path, text]) => SCRIPT.test(path) && isProduct(path) && text.includes(name) && call.test(text),
  )?.[0];
}

/** `import './rules.js'` beside `"sideEffects": false`. */
export function leftOutModules(tree: DeliveredTree): DeliveredFact[] {
  const changed = new Set(changedPaths(tree));
  const resolve = createResolve(tree.paths, tree.after);
  return [...tree.after].flatMap(([path, text]): DeliveredFact[] => {
    if (!/(^|\/)package\.json$/.test(path) || /(^|\/)node_modules\//.test(path)) return [];
    const isLeftOut = sideEffectsOf(path, text);
    if (isLeftOut === undefined) return [];
    const was = sideEffectsOf(path, textBefore(tree, path));
    const folder = folderOf(path);
    for (const user of tree.paths) {
      const own = tree.after.get(user);
      if (
        own === undefined ||
        !SCRIPT.test(user) ||
        !isSource(user) ||
        !(folder === '' || user.startsWith(`${folder}/`))
      )
        continue;
      for (const name of bareImports(own)) {
        const [file] = resolve.imported(user, name);
        if (file === undefined || !isLeftOut(file)) continue;
        const isNew = !bareImports(textBefore(tree, user)).includes(name);
        // What was left out before is not of this change.
        if (!(changed.has(user) && isNew) && was?.(file) === true) continue;
        const what = `tells bundlers that ${file} does nothing when it is loaded, and ${user} imports it for that alone: they leave it out; what is delivered does without it, and the tests load it; list it under sideEffects`;
        return [{ path, line: null, what, text: `import '${name}'`, isWhole: true }];
      }
    }
    return [];
  });
}

function bareImports(text: string): string[] {
  return [...text.matchAll(/^[ \t]{0,20}import\s{0,3}["'](\.{1,2}\/[^"'\n]{1,200})["']/gm)].map(
    ([, name = '']) => name,
  );
}

function sideEffectsOf(path: string, text: string): ((file: string) => boolean) | undefined {
  const said = objectOf(text)?.['sideEffects'];
  if (said === false) return () => true;
  const folder = folderOf(path);
  const listed = Array.isArray(said) ? said.filter((one): one is string => typeof one === 'string') : undefined;
  if (listed === undefined) return undefined;
  // A name without a folder fits in each one.
  const rules = listed.map((one) => ignoreRule(one.replace(/^\.\//, one.includes('*') ? '' : '/'), folder));
  return (file) => !rules.some((fits) => fits(file));
}
