/**
 * Reads the imports of a test file from its text: which local name stands for which member of which module. Pure.
 *
 * A line counts as an import only if it contains nothing else, so that no code can hide behind an import.
 */
export interface Imports {
  /** The bindings by local name; in languages whose imports bind no name, the whole statement is the key. */
  bindings: Map<string, Binding>;
  /** The other lines of the text, in order. */
  otherLines: string[];
}
interface Binding {
  /** The module as written in the import. */
  from: string;
  /** The member of the module: `default`, `*`, or its name there. */
  what: string;
}

export type ImportStyle = 'javascript' | 'python' | 'go' | 'statements';

/** Lines that match `unbound` (`package x;`) bind nothing and may differ if the file moved. */
export function readImports(lines: string[], style: ImportStyle, unbound?: RegExp): Imports {
  const found: Imports = { bindings: new Map(), otherLines: [] };
  for (let at = 0; at < lines.length;) {
    const line = lines[at] ?? '';
    const statement = unbound?.test(line) === true ? { lineCount: 1, bindings: [] } : STYLES[style](lines, at);
    if (statement === undefined || statement.bindings.some(([name]) => found.bindings.has(name)))
      found.otherLines.push(line);
    else for (const [name, binding] of statement.bindings) found.bindings.set(name, binding);
    at += statement === undefined ? 1 : statement.lineCount;
  }
  return found;
}

/** True if the new imports keep all old bindings unchanged and bind no name that the old text already used. */
export function onlyAddsImports(before: Imports, after: Imports): boolean {
  const keepsOldBindings = [...before.bindings].every(([name, { from, what }]) => {
    const newBinding = after.bindings.get(name);
    return newBinding?.from === from && newBinding.what === what;
  });
  const addedBindings = [...after.bindings].filter(([name]) => !before.bindings.has(name));
  const words = new Set(
    before.otherLines.flatMap((line) => line.replace(STRINGS_AND_COMMENTS, '').match(/(?<![\w$.])[\w$]+/g) ?? []),
  );
  // A wildcard may bind anything.
  return keepsOldBindings && addedBindings.every(([name, { what }]) => !isWildcard(name, what) && !words.has(name));
}

/** A module as written in an import of a file. */
export interface ImportOf {
  file: string;
  from: string;
}
export type SameModule = (before: ImportOf, after: ImportOf) => boolean;

/** True if both files bind the same names to the same members of the same modules. */
export function hasSameImports(
  before: Pick<Imports, 'bindings'> & { path: string },
  after: Pick<Imports, 'bindings'> & { path: string },
  isSame: SameModule,
): boolean {
  if (before.bindings.size !== after.bindings.size) return false;
  return [...before.bindings].every(([name, { from, what }]) => {
    const now = after.bindings.get(name);
    return now?.what === what && isSame({ file: before.path, from }, { file: after.path, from: now.from });
  });
}

/** String literals and line comments. Template literals stay, since they may contain code. */
const STRINGS_AND_COMMENTS = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\/\/.*$|^\s*[#*].*$/g;

const isWildcard = (name: string, what: string): boolean =>
  name === '.' || (what === '*' && !/^[\w$]+$/.test(name)) || /\*\s*;?$/.test(name);

type ReadImport = { lineCount: number; bindings: Array<[string, Binding]> } | undefined;
const STYLES: Record<ImportStyle, (lines: string[], at: number) => ReadImport> = {
  javascript: readJavaScript,
  python: readPython,
  go: readGo,
  statements: readStatement,
};

const MAX_IMPORT_LINES = 60;
const MAX_IMPORT_CHARS = 2_000;
const JS_IMPORT =
  /^\s*import\s+(?:(?:type\s+)?([\w$*\s{},]+?)\s+from\s+)?(['"])([^'"\n]+)\2(?:\s+with\s*\{[^{}\n]*\})?\s*;?\s*(?:\/\/.*)?$/;
const JS_REQUIRE =
  /^\s*(?:const|let|var)\s+([\w$]+|\{[\w$\s,:]*\})\s*=\s*(?:require|await\s+import)\(\s*(['"])([^'"\n]+)\2\s*\)((?:\.[\w$]+)?)\s*;?\s*(?:\/\/.*)?$/;

function readJavaScript(lines: string[], at: number): ReadImport {
  const first = lines[at] ?? '';
  if (!/^\s*(?:import\s|(?:const|let|var)\s)/.test(first)) return undefined;
  const lineCount = first.includes('{') && !first.includes('}') ? countLinesToClose(lines, at, '}') : 1;
  const text = textOf(lines, at, lineCount);
  const [, clause = '', , from = ''] = JS_IMPORT.exec(text) ?? [];
  if (from !== '')
    return {
      lineCount,
      bindings: clause === '' ? [[`'${from}'`, { from, what: '' }]] : clauseBindings(clause, from),
    };
  const [, names = '', , module = '', member = ''] = JS_REQUIRE.exec(text) ?? [];
  if (module === '') return undefined;
  if (!names.startsWith('{')) return { lineCount, bindings: [[names, { from: module, what: `default${member}` }]] };
  return {
    lineCount,
    bindings: namedBindings(names, module, /\s*:\s*/).map(([name, one]) => [
      name,
      { ...one, what: `${member}${one.what}` },
    ]),
  };
}

/** Reads an import clause such as `a, * as b, { c, d as e }`. */
function clauseBindings(clause: string, from: string): Array<[string, Binding]> {
  const braces = /\{[^}]*\}/.exec(clause)?.[0] ?? '';
  const outer = clause.replace(braces, '').split(',');
  const defaultAndNamespace = outer.map((part) => part.trim()).filter(Boolean);
  return [
    ...defaultAndNamespace.map((part): [string, Binding] => {
      const namespaceName = /^\*\s+as\s+([\w$]+)$/.exec(part)?.[1];
      return [namespaceName ?? part, { from, what: namespaceName === undefined ? 'default' : '*' }];
    }),
    ...namedBindings(braces, from, /\s+as\s+/),
  ];
}

/** Reads a list such as `{ a, b as c }` into bindings by local name. */
function namedBindings(braces: string, from: string, as: RegExp): Array<[string, Binding]> {
  const parts = braces.replace(/[{}()]/g, '').split(',');
  return parts
    .map((part) => part.trim().replace(/^type\s+/, ''))
    .filter(Boolean)
    .map((part) => {
      const [what = '', name = what] = part.split(as);
      return [name, { from, what }];
    });
}

function readPython(lines: string[], at: number): ReadImport {
  const first = lines[at] ?? '';
  if (!/^\s*(?:from|import)\s/.test(first)) return undefined;
  const lineCount = first.includes('(') && !first.includes(')') ? countLinesToClose(lines, at, ')') : 1;
  const text = textOf(lines, at, lineCount);
  const [, from = '', names = ''] =
    /^\s*from\s+([\w.]+)\s+import\s+(\([\w\s,]*\)|[\w \t,]+|\*)\s*(?:#.*)?$/.exec(text) ?? [];
  if (names === '*') return { lineCount, bindings: [[`${from}.*`, { from, what: '*' }]] };
  if (from !== '') return { lineCount, bindings: namedBindings(names, from, /\s+as\s+/) };
  const [, modules = ''] = /^\s*import\s+([\w. \t,]+)\s*(?:#.*)?$/.exec(text) ?? [];
  if (modules === '') return undefined;
  const parts = modules.split(',').map((part) => part.trim().split(/\s+as\s+/));
  return {
    lineCount,
    bindings: parts.map(([module = '', name]) => [name ?? module, { from: module, what: name ?? '' }]),
  };
}

function readGo(lines: string[], at: number): ReadImport {
  const line = lines[at] ?? '';
  const isInside = /^\s*(?:(?:[\w.]+)\s+)?"[\w./-]+"\s*$/.test(line);
  if (/^import\s*\(\s*$/.test(line)) return { lineCount: 1, bindings: [] };
  const [, alias, from = ''] = /^\s*(?:import\s+)?(?:([\w.]+)\s+)?"([\w./-]+)"\s*$/.exec(line) ?? [];
  if (from === '' || !(isInside || line.startsWith('import'))) return undefined;
  return { lineCount: 1, bindings: [[alias ?? from.split('/').at(-1) ?? from, { from, what: '' }]] };
}

/** Reads a one-line import statement of Java, Kotlin, C# or Rust. */
function readStatement(lines: string[], at: number): ReadImport {
  const line = textOf(lines, at, 1).trim();
  const [, prefix = '', names = ''] = /^(?:pub\s+)?use\s+([\w:]+)::(\{[\w\s,]*\});$/.exec(line) ?? [];
  if (prefix !== '') return { lineCount: 1, bindings: namedBindings(names, prefix, /\s+as\s+/) };
  const isWhole =
    /^import\s+(?:static\s+)?[\w.]+(?:\.\*)?(?:\s+as\s+\w+)?\s*;?$/.test(line) ||
    /^(?:global\s+)?using\s+(?:static\s+)?(?:\w+\s*=\s*)?[\w.]+\s*;$/.test(line) ||
    /^(?:pub\s+)?use\s+[\w:]+(?:::\*)?(?:\s+as\s+\w+)?;$/.test(line) ||
    /^mod\s+\w+;$/.test(line);
  if (!isWhole) return undefined;
  const name = /(?:\bas\s+|[.:\s])(\w+)\s*;?$/.exec(line)?.[1];
  return { lineCount: 1, bindings: [[name ?? line, { from: line, what: '' }]] };
}

/** Joins the lines; returns '' if the text is longer than any import. */
function textOf(lines: string[], at: number, lineCount: number): string {
  const text = lines.slice(at, at + lineCount).join('\n');
  return text.length > MAX_IMPORT_CHARS ? '' : text;
}

/** Counts the lines up to the one that contains the closing bracket; 1 if none does. */
function countLinesToClose(lines: string[], at: number, close: string): number {
  const end = lines.slice(at + 1, at + MAX_IMPORT_LINES).findIndex((line) => line.includes(close));
  return end === -1 ? 1 : end + 2;
}
