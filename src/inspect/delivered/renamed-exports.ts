/**
 * Finds modules that export one function under the name of another function of the product: a caller that imports this name from the
 * module gets the wrong function. Pure.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { changedPaths, isSource } from './tree';
import type { DeliveredTree } from './tree';

const EXPORT_LIST = /\bexport\s*\{([^}]{1,2000})\}(?:\s*from\s*['"]([^'"]{1,300})['"])?/g;
const ALIAS = /(?:^|,)\s*(\w+)\s+as\s+(\w+)\s*(?=,|$)/g;
const PYTHON_IMPORT = /^\s*from\s+([\w.]+)\s+import\s+\(?(.{1,500})$/;
const ASSIGNED_EXPORT = /^\s*(?:module\.)?exports\.(\w+)\s*=\s*(?:\w+\.)?(\w+)\s*;?\s*$/;
const MAX_CHARS = 1_000_000;

/** Finds added lines such as `export { a as b }` if the product defines both names, and a changed file defines `b`. */
export function findRenamedExports(tree: DeliveredTree): DeliveredFact[] {
  return rowsWithRename(tree).flatMap((row) => {
    const renames = row.path.endsWith('.py') ? renamesInPython(row.text) : renamesInScript(row.text);
    return renames.flatMap(([from, to]): DeliveredFact[] => {
      if (from === to || from === 'default' || to === 'default') return [];
      const definer = firstDefiner(
        tree.after,
        to,
        changedPaths(tree).filter((path) => path !== row.path),
      );
      const others = [...tree.after.keys()].filter((path) => path !== row.path);
      if (definer === undefined || firstDefiner(tree.after, from, others) === undefined) return [];
      const what = `exports ${from} under the name ${to}, which ${definer} defines: code that loads ${to} from this module gets ${from}`;
      return [{ path: row.path, line: row.line, what, text: row.text }];
    });
  });
}

/** True if the change renames an export. The rule then needs the texts of all code, to know which names the product defines. */
export function hasRenames(tree: DeliveredTree): boolean {
  return rowsWithRename(tree).length > 0;
}

function rowsWithRename({ added }: DeliveredTree): DeliveredTree['added'] {
  return added.filter(
    ({ path, text }) =>
      isSource(path) &&
      (path.endsWith('.py') ? /__init__\.py$/.test(path) && / as /.test(text) : /\sas\s|exports\.\w+\s*=/.test(text)),
  );
}

function renamesInScript(text: string): Array<[from: string, to: string]> {
  const [, name, value] = ASSIGNED_EXPORT.exec(text) ?? [];
  const assigned: Array<[string, string]> = name === undefined || value === undefined ? [] : [[value, name]];
  const lists = [...text.slice(0, 4_000).matchAll(EXPORT_LIST)].map(([, list = '']) => list);
  return [...assigned, ...lists.flatMap((list) => aliasesIn(list))];
}

function renamesInPython(text: string): Array<[from: string, to: string]> {
  return aliasesIn((PYTHON_IMPORT.exec(text.slice(0, 1_000))?.[2] ?? '').replace(/\).*$/, ''));
}

function aliasesIn(list: string): Array<[from: string, to: string]> {
  return [...list.matchAll(ALIAS)].map(([, from = '', to = '']) => [from, to]);
}

/** Returns the first of the sources in `among` that defines the name. */
function firstDefiner(after: DeliveredTree['after'], name: string, candidates: readonly string[]): string | undefined {
  const defines = new RegExp(
    `\\b(?:export\\s+)?(?:default\\s+)?(?:async\\s+)?(?:function\\*?|class|const|let|def|func|fn)\\s+${name}\\b`,
  );
  return candidates.find((path) => {
    const text = !isSource(path) ? '' : (after.get(path) ?? '');
    return text.length <= MAX_CHARS && defines.test(text);
  });
}
