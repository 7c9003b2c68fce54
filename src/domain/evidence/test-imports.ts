/**
 * What the imports of a test file bind, told by their text: which name stands for what of which module. Pure.
 *
 * A line counts as an import only where it is a whole one and nothing else, so that no code hides behind it.
 */
export interface Imports {
  /** By the name that the file uses; whole statements of languages without names stand for themselves. */
  bound: Map<string, Binding>;
  /** Lines of the text that are no import, in their order. */
  rest: string[];
}
interface Binding {
  /** As it is written. */
  from: string;
  /** What of the module: `default`, `*`, or its name there. */
  what: string;
}

export type ImportStyle = 'javascript' | 'python' | 'go' | 'statements';

/** `unbound` lines (`package x;`) bind nothing and may differ where a file moved. */
export function readImports(lines: string[], style: ImportStyle, unbound?: RegExp): Imports {
  const found: Imports = { bound: new Map(), rest: [] };
  for (let at = 0; at < lines.length;) {
    const line = lines[at] ?? '';
    const read = unbound?.test(line) === true ? { taken: 1, bindings: [] } : STYLES[style](lines, at);
    if (read === undefined || read.bindings.some(([name]) => found.bound.has(name))) found.rest.push(line);
    else for (const [name, binding] of read.bindings) found.bound.set(name, binding);
    at += read === undefined ? 1 : read.taken;
  }
  return found;
}

/** True where the new imports bind all that the old ones did, to the same, and nothing new that the old text already used. */
export function onlyAddsImports(before: Imports, after: Imports): boolean {
  const keeps = [...before.bound].every(([name, { from, what }]) => {
    const now = after.bound.get(name);
    return now?.from === from && now.what === what;
  });
  const added = [...after.bound].filter(([name]) => !before.bound.has(name));
  const words = new Set(before.rest.flatMap((line) => line.replace(UNREAD, '').match(/(?<![\w$.])[\w$]+/g) ?? []));
  // A wildcard may bind anything.
  return keeps && added.every(([name, { what }]) => !isWildcard(name, what) && !words.has(name));
}

/** What a file says where it imports. */
export interface ImportOf {
  file: string;
  from: string;
}
export type SameModule = (before: ImportOf, after: ImportOf) => boolean;

/** True where both bind the same names to the same of the same modules. */
export function hasSameImports(
  before: Pick<Imports, 'bound'> & { path: string },
  after: Pick<Imports, 'bound'> & { path: string },
  isSame: SameModule,
): boolean {
  if (before.bound.size !== after.bound.size) return false;
  return [...before.bound].every(([name, { from, what }]) => {
    const now = after.bound.get(name);
    return now?.what === what && isSame({ file: before.path, from }, { file: after.path, from: now.from });
  });
}

/** Text in quotes, and comments of lines; what stands in a template may be code. */
const UNREAD = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\/\/.*$|^\s*[#*].*$/g;

const isWildcard = (name: string, what: string): boolean =>
  name === '.' || (what === '*' && !/^[\w$]+$/.test(name)) || /\*\s*;?$/.test(name);

type Read = { taken: number; bindings: Array<[string, Binding]> } | undefined;
const STYLES: Record<ImportStyle, (lines: string[], at: number) => Read> = {
  javascript: readJavaScript,
  python: readPython,
  go: readGo,
  statements: readStatement,
};

const LONGEST = 60;
const LONGEST_CHARS = 2_000;
const JS_IMPORT =
  /^\s*import\s+(?:(?:type\s+)?([\w$*\s{},]+?)\s+from\s+)?(['"])([^'"\n]+)\2(?:\s+with\s*\{[^{}\n]*\})?\s*;?\s*(?:\/\/.*)?$/;
const JS_REQUIRE =
  /^\s*(?:const|let|var)\s+([\w$]+|\{[\w$\s,:]*\})\s*=\s*(?:require|await\s+import)\(\s*(['"])([^'"\n]+)\2\s*\)((?:\.[\w$]+)?)\s*;?\s*(?:\/\/.*)?$/;

function readJavaScript(lines: string[], at: number): Read {
  const first = lines[at] ?? '';
  if (!/^\s*(?:import\s|(?:const|let|var)\s)/.test(first)) return undefined;
  const taken = first.includes('{') && !first.includes('}') ? untilClosed(lines, at, '}') : 1;
  const text = textOf(lines, at, taken);
  const [, clause = '', , from = ''] = JS_IMPORT.exec(text) ?? [];
  if (from !== '')
    return { taken, bindings: clause === '' ? [[`'${from}'`, { from, what: '' }]] : ofClause(clause, from) };
  const [, names = '', , module = '', member = ''] = JS_REQUIRE.exec(text) ?? [];
  if (module === '') return undefined;
  if (!names.startsWith('{')) return { taken, bindings: [[names, { from: module, what: `default${member}` }]] };
  return {
    taken,
    bindings: named(names, module, /\s*:\s*/).map(([name, one]) => [name, { ...one, what: `${member}${one.what}` }]),
  };
}

/** `a, * as b, { c, d as e }`. */
function ofClause(clause: string, from: string): Array<[string, Binding]> {
  const braces = /\{[^}]*\}/.exec(clause)?.[0] ?? '';
  const outer = clause.replace(braces, '').split(',');
  const bare = outer.map((part) => part.trim()).filter(Boolean);
  return [
    ...bare.map((part): [string, Binding] => {
      const space = /^\*\s+as\s+([\w$]+)$/.exec(part)?.[1];
      return [space ?? part, { from, what: space === undefined ? 'default' : '*' }];
    }),
    ...named(braces, from, /\s+as\s+/),
  ];
}

/** `{ a, b as c }`, by the name that the file uses. */
function named(braces: string, from: string, as: RegExp): Array<[string, Binding]> {
  const parts = braces.replace(/[{}()]/g, '').split(',');
  return parts
    .map((part) => part.trim().replace(/^type\s+/, ''))
    .filter(Boolean)
    .map((part) => {
      const [what = '', name = what] = part.split(as);
      return [name, { from, what }];
    });
}

function readPython(lines: string[], at: number): Read {
  const first = lines[at] ?? '';
  if (!/^\s*(?:from|import)\s/.test(first)) return undefined;
  const taken = first.includes('(') && !first.includes(')') ? untilClosed(lines, at, ')') : 1;
  const text = textOf(lines, at, taken);
  const [, from = '', names = ''] =
    /^\s*from\s+([\w.]+)\s+import\s+(\([\w\s,]*\)|[\w \t,]+|\*)\s*(?:#.*)?$/.exec(text) ?? [];
  if (names === '*') return { taken, bindings: [[`${from}.*`, { from, what: '*' }]] };
  if (from !== '') return { taken, bindings: named(names, from, /\s+as\s+/) };
  const [, modules = ''] = /^\s*import\s+([\w. \t,]+)\s*(?:#.*)?$/.exec(text) ?? [];
  if (modules === '') return undefined;
  const parts = modules.split(',').map((part) => part.trim().split(/\s+as\s+/));
  return { taken, bindings: parts.map(([module = '', name]) => [name ?? module, { from: module, what: name ?? '' }]) };
}

function readGo(lines: string[], at: number): Read {
  const line = lines[at] ?? '';
  const isInside = /^\s*(?:(?:[\w.]+)\s+)?"[\w./-]+"\s*$/.test(line);
  if (/^import\s*\(\s*$/.test(line)) return { taken: 1, bindings: [] };
  const [, alias, from = ''] = /^\s*(?:import\s+)?(?:([\w.]+)\s+)?"([\w./-]+)"\s*$/.exec(line) ?? [];
  if (from === '' || !(isInside || line.startsWith('import'))) return undefined;
  return { taken: 1, bindings: [[alias ?? from.split('/').at(-1) ?? from, { from, what: '' }]] };
}

/** Java, Kotlin, C#, Rust: a statement of one line, which is kept as it is or added. */
function readStatement(lines: string[], at: number): Read {
  const line = textOf(lines, at, 1).trim();
  const [, prefix = '', names = ''] = /^(?:pub\s+)?use\s+([\w:]+)::(\{[\w\s,]*\});$/.exec(line) ?? [];
  if (prefix !== '') return { taken: 1, bindings: named(names, prefix, /\s+as\s+/) };
  const isWhole =
    /^import\s+(?:static\s+)?[\w.]+(?:\.\*)?(?:\s+as\s+\w+)?\s*;?$/.test(line) ||
    /^(?:global\s+)?using\s+(?:static\s+)?(?:\w+\s*=\s*)?[\w.]+\s*;$/.test(line) ||
    /^(?:pub\s+)?use\s+[\w:]+(?:::\*)?(?:\s+as\s+\w+)?;$/.test(line) ||
    /^mod\s+\w+;$/.test(line);
  if (!isWhole) return undefined;
  const name = /(?:\bas\s+|[.:\s])(\w+)\s*;?$/.exec(line)?.[1];
  return { taken: 1, bindings: [[name ?? line, { from: line, what: '' }]] };
}

/** '' where it is longer than any import. */
function textOf(lines: string[], at: number, taken: number): string {
  const text = lines.slice(at, at + taken).join('\n');
  return text.length > LONGEST_CHARS ? '' : text;
}

/** How many lines there are up to the one that closes what the first one opens; one where none does. */
function untilClosed(lines: string[], at: number, close: string): number {
  const end = lines.slice(at + 1, at + LONGEST).findIndex((line) => line.includes(close));
  return end === -1 ? 1 : end + 2;
}
