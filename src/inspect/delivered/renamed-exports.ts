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

/** Finds added `export { a as b }` lines where the product defines both names, and the change itself contains `b`. */
export function findRenamedExports(tree: DeliveredTree): DeliveredFact[] {
  const rows = rowsWithRename(tree);
  if (rows.length === 0) return [];
  const inChange = definersByName(tree.after, changedPaths(tree));
  const inTree = definersByName(tree.after, tree.after.keys());
  return rows.flatMap((row) => {
    const renamed = row.path.endsWith('.py') ? renamesInPython(row.text) : renamesInScript(row.text);
    return renamed.flatMap(([from, to]): DeliveredFact[] => {
      if (from === to || from === 'default' || to === 'default') return [];
      const isOther = (path: string): boolean => path !== row.path;
      // Only names that a changed file defines count.
      const definer = inChange.get(to)?.find(isOther);
      if (definer === undefined || inTree.get(from)?.some(isOther) !== true) return [];
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

const DEFINITION = /\b(?:function\*?|class|const|let|def|func|fn)\s+([\w$]{1,200})/g;

/** Returns the first two of the given sources that define a name, by name: one of them may be the file that exports it. */
function definersByName(after: DeliveredTree['after'], among: Iterable<string>): Map<string, string[]> {
  const definers = new Map<string, string[]>();
  for (const path of among) {
    const text = isSource(path) ? (after.get(path) ?? '') : '';
    if (text.length > MAX_CHARS) continue;
    for (const [, name = ''] of text.matchAll(DEFINITION)) {
      const known = definers.get(name);
      if (known === undefined) definers.set(name, [path]);
      else if (known.length < 2 && known[0] !== path) known.push(path);
    }
  }
  return definers;
}
