/**
 * Which names a Python module takes from others, and which it gives. Pure.
 */
export interface TakenNames {
  /** As it is written, with its dots. */
  module: string;
  line: number;
  names: string[];
}

const LONGEST_CHARS = 400;

function codeOf(source: string): string[] {
  const bare = source.replace(/(?:"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$))/g, (text) => text.replace(/[^\n]/g, ' '));
  return bare.split('\n').map((row) => row.slice(0, LONGEST_CHARS).replace(/(^|\s)#.*$/, '$1'));
}

/** `from a.b import c as d, e`, `import a.b as f` and what is read of `f`. */
export function importedNames(source: string): TakenNames[] {
  const rows = codeOf(source);
  const found: TakenNames[] = [];
  const wholes = new Map<string, TakenNames>();
  rows.forEach((row, at) => {
    const [, module = '', rest = ''] = /^\s*from\s+(\.*[\w.]*)\s+import\b(.*)$/.exec(row) ?? [];
    if (module !== '') {
      const parts = partsOf(listAt(rows, at, rest));
      found.push({ module, line: at + 1, names: parts.map(([name]) => name) });
      const joint = module.endsWith('.') ? '' : '.';
      for (const [name, local] of parts)
        wholes.set(local, { module: `${module}${joint}${name}`, line: at + 1, names: [] });
      return;
    }
    const list = /^\s*import\s+([A-Za-z_][\w., \t]*)/.exec(row)?.[1] ?? '';
    for (const [name, local] of partsOf(list)) wholes.set(local, { module: name, line: at + 1, names: [] });
  });
  if (wholes.size > 0) addMembers(rows, wholes);
  return [...found, ...[...wholes.values()].filter(({ names }) => names.length > 0)];
}

interface PythonBinding {
  module: string;
  /** `*` where the module as a whole is bound. */
  name: string;
  local: string;
  line: number;
}

/** `from a.b import c as d`, `import a as f`; `import a.b` binds `a` alone and is left out. */
export function bindingsOf(source: string): PythonBinding[] {
  const rows = codeOf(source);
  return rows.flatMap((row, at): PythonBinding[] => {
    const line = at + 1;
    const [, module = '', rest = ''] = /^\s*from\s+(\.*[\w.]*)\s+import\b(.*)$/.exec(row) ?? [];
    if (module !== '') return partsOf(listAt(rows, at, rest)).map(([name, local]) => ({ module, name, local, line }));
    const list = /^\s*import\s+([A-Za-z_][\w., \t]*)/.exec(row)?.[1] ?? '';
    return partsOf(list).flatMap(([name, local]) =>
      local === name && name.includes('.') ? [] : [{ module: name, name: '*', local, line }],
    );
  });
}

function listAt(rows: string[], at: number, rest: string): string {
  if (!rest.includes('(') && !rest.trimEnd().endsWith('\\')) return rest;
  const more = rows.slice(at + 1, at + 200);
  const isOpen = rest.includes('(') && !rest.includes(')');
  const end = isOpen
    ? more.findIndex((row) => row.includes(')'))
    : more.findIndex((row) => !row.trimEnd().endsWith('\\'));
  const all = rest.includes(')') ? [rest] : [rest, ...more.slice(0, end + 1)];
  return (all.join(' ').split(')', 1)[0] ?? '').replace(/[(\\]/g, ' ');
}

/** The name in the other module, and the one here. */
function partsOf(list: string): Array<[string, string]> {
  return list.split(',').flatMap((part): Array<[string, string]> => {
    const [, name, local] = /^\s*([\w.]+)(?:\s+as\s+(\w+))?\s*$/.exec(part) ?? [];
    return name === undefined ? [] : [[name, local ?? name]];
  });
}

function addMembers(rows: string[], wholes: Map<string, TakenNames>): void {
  for (const row of rows) {
    if (/^\s*(?:from|import)\s/.test(row)) continue;
    for (const [, chain = ''] of row.matchAll(/(?<![\w.])([A-Za-z_]\w*(?:\.\w+)+)/g)) {
      const at = chain.lastIndexOf('.');
      const first = /^\w+\.\w+/.exec(chain)?.[0] ?? '';
      wholes.get(chain.slice(0, at))?.names.push(chain.slice(at + 1));
      if (first !== chain)
        wholes.get(first.slice(0, first.indexOf('.')))?.names.push(first.slice(first.indexOf('.') + 1));
    }
  }
}

/** Undefined where more may be given than is written. */
export function pythonExports(source: string): Set<string> | undefined {
  const names = new Set<string>();
  const rows = codeOf(source);
  for (const [at, row] of rows.entries()) {
    if (/^\s*from\s+\S+\s+import\s+\*|\b__getattr__\b|\bglobals\(\)|\bsetattr\(sys\.modules/.test(row))
      return undefined;
    const defined = /^\s*(?:async\s+)?(?:def|class|type)\s+(\w+)/.exec(row)?.[1];
    if (defined !== undefined) names.add(defined);
    const imported = /^\s*(?:from\s+\S+\s+)?import\b(.*)$/.exec(row)?.[1];
    if (imported !== undefined)
      for (const [, local] of partsOf(listAt(rows, at, imported))) names.add(local.split('.')[0] ?? '');
    const [, left] = /^\s*([\w\s,()*[\]:.|]{1,200}?)(?:[-+*/|&]?=)(?!=)/.exec(row) ?? [];
    for (const [word] of (left ?? '').matchAll(/\b[A-Za-z_]\w*/g)) names.add(word);
    const bound = /^\s*(?:for|with)\s.*?\b(?:as\s+)?(\w+)\s*(?:in\b|:)/.exec(row)?.[1];
    if (bound !== undefined) names.add(bound);
  }
  return names;
}

/** Names that stand at the beginning of a line: what others may take for sure. */
export function definedByPython(source: string): Set<string> {
  const names = codeOf(source).flatMap(
    (row) => /^(?:(?:async\s+)?(?:def|class)\s+(\w+)|(\w+)\s*(?::[^=]{1,200})?=(?!=))/.exec(row)?.slice(1) ?? [],
  );
  return new Set(names.filter((name) => name !== undefined));
}
