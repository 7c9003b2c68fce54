/**
 * Modules that give one thing under the name of another, which the product has, too: who loads that module gets what was not tested. Pure.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { changedPaths, isSource } from './tree';
import type { DeliveredTree } from './tree';

const RENAMED = /\bexport\s*\{([^}]{1,2000})\}(?:\s*from\s*['"]([^'"]{1,300})['"])?/g;
const ALIAS = /(?:^|,)\s*(\w+)\s+as\s+(\w+)\s*(?=,|$)/g;
const PYTHON = /^\s*from\s+([\w.]+)\s+import\s+\(?(.{1,500})$/;
const ASSIGNED = /^\s*(?:module\.)?exports\.(\w+)\s*=\s*(?:\w+\.)?(\w+)\s*;?\s*$/;
const LIMIT_CHARS = 1_000_000;

export function renamedExports(tree: DeliveredTree): DeliveredFact[] {
  return rowsOf(tree).flatMap((row) => {
    const renamed = row.path.endsWith('.py') ? inPython(row.text) : inScript(row.text);
    return renamed.flatMap(([from, to]): DeliveredFact[] => {
      if (from === to || from === 'default' || to === 'default') return [];
      // The name is one that the change itself brings.
      const other = definedIn(
        tree.after,
        to,
        changedPaths(tree).filter((path) => path !== row.path),
      );
      if (
        other === undefined ||
        definedIn(
          tree.after,
          from,
          [...tree.after.keys()].filter((path) => path !== row.path),
        ) === undefined
      )
        return [];
      const what = `gives ${from} under the name of ${to}, which ${other} has: who loads this module gets another thing than the one of that name`;
      return [{ path: row.path, line: row.line, what, text: row.text }];
    });
  });
}

/** True where the texts of all code are needed. */
export function hasRenames(tree: DeliveredTree): boolean {
  return rowsOf(tree).length > 0;
}

function rowsOf({ added }: DeliveredTree): DeliveredTree['added'] {
  return added.filter(
    ({ path, text }) =>
      isSource(path) &&
      (path.endsWith('.py') ? /__init__\.py$/.test(path) && / as /.test(text) : /\sas\s|exports\.\w+\s*=/.test(text)),
  );
}

function inScript(text: string): Array<[from: string, to: string]> {
  const [, name, value] = ASSIGNED.exec(text) ?? [];
  const assigned: Array<[string, string]> = name === undefined || value === undefined ? [] : [[value, name]];
  const lists = [...text.slice(0, 4_000).matchAll(RENAMED)].map(([, list = '']) => list);
  return [...assigned, ...lists.flatMap((list) => aliasesIn(list))];
}

function inPython(text: string): Array<[from: string, to: string]> {
  return aliasesIn((PYTHON.exec(text.slice(0, 1_000))?.[2] ?? '').replace(/\).*$/, ''));
}

function aliasesIn(list: string): Array<[from: string, to: string]> {
  return [...list.matchAll(ALIAS)].map(([, from = '', to = '']) => [from, to]);
}

/** The first of these sources that defines the name. */
function definedIn(after: DeliveredTree['after'], name: string, among: readonly string[]): string | undefined {
  const defines = new RegExp(
    `\\b(?:export\\s+)?(?:default\\s+)?(?:async\\s+)?(?:function\\*?|class|const|let|def|func|fn)\\s+${name}\\b`,
  );
  return among.find((path) => {
    const text = !isSource(path) ? '' : (after.get(path) ?? '');
    return text.length <= LIMIT_CHARS && defines.test(text);
  });
}
