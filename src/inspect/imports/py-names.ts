/**
 * Reads which names a Python module imports from other modules, and which names other modules can import from it. Pure.
 */
export interface ImportedNames {
  /** As the import statement writes it, with leading dots. */
  module: string;
  line: number;
  names: string[];
}

const MAX_ROW_CHARS = 400;

function codeRows(source: string): string[] {
  const withoutDocstrings = source.replace(/(?:"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$))/g, (text) =>
    text.replace(/[^\n]/g, ' '),
  );
  return withoutDocstrings.split('\n').map((row) => row.slice(0, MAX_ROW_CHARS).replace(/(^|\s)#.*$/, '$1'));
}

/** Reads `from a.b import c as d, e`, and for `import a.b as f` the members that the code reads of `f`. */
export function importedNames(source: string): ImportedNames[] {
  const rows = codeRows(source);
  const found: ImportedNames[] = [];
  const boundModules = new Map<string, ImportedNames>();
  rows.forEach((row, at) => {
    const [, module = '', rest = ''] = /^\s*from\s+(\.*[\w.]*)\s+import\b(.*)$/.exec(row) ?? [];
    if (module !== '') {
      const parts = namePairs(importListAt(rows, at, rest));
      found.push({ module, line: at + 1, names: parts.map(([name]) => name) });
      const joint = module.endsWith('.') ? '' : '.';
      for (const [name, local] of parts)
        boundModules.set(local, { module: `${module}${joint}${name}`, line: at + 1, names: [] });
      return;
    }
    const list = /^\s*import\s+([A-Za-z_][\w., \t]*)/.exec(row)?.[1] ?? '';
    for (const [name, local] of namePairs(list)) boundModules.set(local, { module: name, line: at + 1, names: [] });
  });
  if (boundModules.size > 0) addMembers(rows, boundModules);
  return [...found, ...[...boundModules.values()].filter(({ names }) => names.length > 0)];
}

interface PythonBinding {
  module: string;
  /** `*` if the statement binds the module as a whole. */
  name: string;
  local: string;
  line: number;
}

/** Reads `from a.b import c as d` and `import a as f`. Leaves out `import a.b`, which binds only `a`. */
export function bindingsOf(source: string): PythonBinding[] {
  const rows = codeRows(source);
  return rows.flatMap((row, at): PythonBinding[] => {
    const line = at + 1;
    const [, module = '', rest = ''] = /^\s*from\s+(\.*[\w.]*)\s+import\b(.*)$/.exec(row) ?? [];
    if (module !== '')
      return namePairs(importListAt(rows, at, rest)).map(([name, local]) => ({ module, name, local, line }));
    const list = /^\s*import\s+([A-Za-z_][\w., \t]*)/.exec(row)?.[1] ?? '';
    return namePairs(list).flatMap(([name, local]) =>
      local === name && name.includes('.') ? [] : [{ module: name, name: '*', local, line }],
    );
  });
}

/** Returns the imported names after `import`, which may continue on the next rows in parentheses or after a backslash. */
function importListAt(rows: string[], at: number, rest: string): string {
  if (!rest.includes('(') && !rest.trimEnd().endsWith('\\')) return rest;
  const more = rows.slice(at + 1, at + 200);
  const isOpen = rest.includes('(') && !rest.includes(')');
  const end = isOpen
    ? more.findIndex((row) => row.includes(')'))
    : more.findIndex((row) => !row.trimEnd().endsWith('\\'));
  const all = rest.includes(')') ? [rest] : [rest, ...more.slice(0, end + 1)];
  return (all.join(' ').split(')', 1)[0] ?? '').replace(/[(\\]/g, ' ');
}

/** Returns, for each import, the name in the other module and the name in this one. */
function namePairs(list: string): Array<[string, string]> {
  return list.split(',').flatMap((part): Array<[string, string]> => {
    const [, name, local] = /^\s*([\w.]+)(?:\s+as\s+(\w+))?\s*$/.exec(part) ?? [];
    return name === undefined ? [] : [[name, local ?? name]];
  });
}

function addMembers(rows: string[], boundModules: Map<string, ImportedNames>): void {
  for (const row of rows) {
    if (/^\s*(?:from|import)\s/.test(row)) continue;
    for (const [, chain = ''] of row.matchAll(/(?<![\w.])([A-Za-z_]\w*(?:\.\w+)+)/g)) {
      const at = chain.lastIndexOf('.');
      const first = /^\w+\.\w+/.exec(chain)?.[0] ?? '';
      boundModules.get(chain.slice(0, at))?.names.push(chain.slice(at + 1));
      if (first !== chain)
        boundModules.get(first.slice(0, first.indexOf('.')))?.names.push(first.slice(first.indexOf('.') + 1));
    }
  }
}

/** Returns the names that other modules can import; undefined if there may be more than the text shows. */
export function pythonExports(source: string): Set<string> | undefined {
  const names = new Set<string>();
  const rows = codeRows(source);
  for (const [at, row] of rows.entries()) {
    if (/^\s*from\s+\S+\s+import\s+\*|\b__getattr__\b|\bglobals\(\)|\bsetattr\(sys\.modules/.test(row))
      return undefined;
    const definedName = /^\s*(?:async\s+)?(?:def|class|type)\s+(\w+)/.exec(row)?.[1];
    if (definedName !== undefined) names.add(definedName);
    const importList = /^\s*(?:from\s+\S+\s+)?import\b(.*)$/.exec(row)?.[1];
    if (importList !== undefined)
      for (const [, local] of namePairs(importListAt(rows, at, importList))) names.add(local.split('.')[0] ?? '');
    const [, assignedTo] = /^\s*([\w\s,()*[\]:.|]{1,200}?)(?:[-+*/|&]?=)(?!=)/.exec(row) ?? [];
    for (const [word] of (assignedTo ?? '').matchAll(/\b[A-Za-z_]\w*/g)) names.add(word);
    const boundName = /^\s*(?:for|with)\s.*?\b(?:as\s+)?(\w+)\s*(?:in\b|:)/.exec(row)?.[1];
    if (boundName !== undefined) names.add(boundName);
  }
  return names;
}

/** Returns the names that unindented lines define: other modules can certainly import these. */
export function topLevelNames(source: string): Set<string> {
  const names = codeRows(source).flatMap(
    (row) => /^(?:(?:async\s+)?(?:def|class)\s+(\w+)|(\w+)\s*(?::[^=]{1,200})?=(?!=))/.exec(row)?.slice(1) ?? [],
  );
  return new Set(names.filter((name) => name !== undefined));
}
