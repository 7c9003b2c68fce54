/**
 * Reads which names a JavaScript or TypeScript module imports from other modules, and which it exports. Pure.
 *
 * Works on the tokens of `js-tokens.ts`. A module that may export more names than its text shows is marked `isOpen`.
 */
import { isModuleName } from './js-imports';
import { tokensOf } from './js-tokens';
import type { Token } from './js-tokens';

export interface NamedImport {
  specifier: string;
  line: number;
  /** True for an import of types only, which the compiler removes. */
  isType: boolean;
  /** The imported names, as the other module names them; the default export is `default`. */
  names: string[];
  /** The names that this module gives to the imported names, and to the other module as a whole. */
  locals: string[];
  /** True for `import()` and `require()`. */
  isCall: boolean;
  /** The name that this module gives to the other module as a whole, as in `import * as e`. */
  whole?: string;
}
interface BoundNames {
  names: string[];
  locals: string[];
  whole?: string;
}

/** A list of names is read up to this length. */
const MAX_TOKENS = 600;

export function namedImports(source: string): NamedImport[] {
  const tokens = tokensOf(source);
  let members: Map<string, string[]> | undefined;
  return tokens.flatMap((token, index) => {
    if (token.kind !== 'text' || !isModuleName(tokens, index)) return [];
    const isCall = tokens[index - 1]?.value === '(';
    const start = isCall ? -1 : statementStart(tokens, index);
    const bound = isCall ? namesOfCall(tokens, index) : namesOfClause(tokens, start + 1, index - 1);
    const isType = start >= 0 && isTypeClause(tokens, start + 1, index - 1);
    const readMembers = bound.whole === undefined ? [] : ((members ??= membersByName(tokens)).get(bound.whole) ?? []);
    const names = [...new Set([...bound.names, ...readMembers])];
    const whole = bound.whole === undefined ? {} : { whole: bound.whole };
    return [{ specifier: token.value, line: token.line, isType, names, locals: bound.locals, isCall, ...whole }];
  });
}

/** Returns the index of the `import` or `export` before the module's name; -1 if there is none. */
function statementStart(tokens: readonly Token[], index: number): number {
  for (let at = index - 1; at >= 0 && index - at < MAX_TOKENS; at--)
    if (tokens[at]?.kind === 'word' && /^(?:import|export)$/.test(tokens[at]?.value ?? '')) return at;
  return -1;
}

/** True for `import type { A }`, and for a list in which each name is marked with `type`. */
function isTypeClause(tokens: readonly Token[], from: number, to: number): boolean {
  const first = tokens[from];
  if (first?.value === 'type' && !/^(?:,|from)$/.test(tokens[from + 1]?.value ?? '')) return true;
  if (first?.value !== '{') return false;
  const parts = splitAtCommas(tokens.slice(from + 1, to));
  return parts.length > 0 && parts.every(([one, next]) => one?.value === 'type' && next?.kind === 'word');
}

/** Reads the clause of an import: `a, { b, c as d }`, `* as e`. */
function namesOfClause(tokens: readonly Token[], from: number, to: number): BoundNames {
  const clause = tokens.slice(from, Math.max(from, to));
  const open = clause.findIndex(({ value }) => value === '{');
  const close = clause.findLastIndex(({ value }) => value === '}');
  const before = clause.slice(0, open < 0 ? clause.length : open);
  const star = before.findIndex(({ value }) => value === '*');
  const whole = star >= 0 && before[star + 1]?.value === 'as' ? before[star + 2]?.value : undefined;
  const first = before[0]?.value === 'type' && before[1]?.kind === 'word' ? before[1] : before[0];
  const defaultName = first?.kind === 'word' ? [first.value] : [];
  const listed = open < 0 ? [] : splitAtCommas(clause.slice(open + 1, close)).map(withoutType);
  return {
    names: [...(defaultName.length > 0 ? ['default'] : []), ...listed.flatMap(([name]) => name?.value ?? [])],
    locals: [
      ...defaultName,
      ...(whole === undefined ? [] : [whole]),
      ...listed.flatMap((part) => part.at(-1)?.value ?? []),
    ],
    ...(whole === undefined ? {} : { whole }),
  };
}

function withoutType(part: readonly Token[]): readonly Token[] {
  return part[0]?.value === 'type' && part[1]?.kind === 'word' && part[1].value !== 'as' ? part.slice(1) : part;
}

function splitAtCommas(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === 'sign' && '([{'.includes(token.value)) depth += 1;
    if (token.kind === 'sign' && ')]}'.includes(token.value)) depth -= 1;
    if (token.kind === 'sign' && token.value === ',' && depth === 0) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts.filter((part) => part.length > 0);
}

/** Reads `const { a, b: c } = require('x')`, `const d = await import('x')`, `require('x').e`. */
function namesOfCall(tokens: readonly Token[], index: number): BoundNames {
  let at = index - 3;
  while (/^(?:await|\()$/.test(tokens[at]?.value ?? '')) at -= 1;
  const after = tokens.slice(index + 1, index + 5).filter(({ value }) => value !== ')');
  const isMember = after[0]?.value === '.' && after[1]?.kind === 'word' && !/^(?:then|catch)$/.test(after[1].value);
  if (isMember) return { names: [after[1]?.value ?? ''], locals: [] };
  if (tokens[at]?.value !== '=') return { names: [], locals: [] };
  const last = tokens[at - 1];
  if (last?.kind === 'word') return { names: [], locals: [last.value], whole: last.value };
  if (last?.value !== '}') return { names: [], locals: [] };
  let open = at - 2;
  while (open >= 0 && at - open < MAX_TOKENS && tokens[open]?.value !== '{') open -= 1;
  const listed = splitAtCommas(tokens.slice(open + 1, at - 1)).filter(([one]) => one?.kind === 'word');
  return {
    names: listed.map(([one]) => one?.value ?? ''),
    locals: listed.map((part) => (part[1]?.value === ':' ? (part[2]?.value ?? '') : (part[0]?.value ?? ''))),
  };
}

/** Returns, for each name, the members that the code reads of it. One pass for all names, as a file may import hundreds of modules. */
function membersByName(tokens: readonly Token[]): Map<string, string[]> {
  const members = new Map<string, string[]>();
  tokens.forEach(({ kind, value }, at) => {
    const member = tokens[at + 2];
    if (kind !== 'word' || tokens[at - 1]?.value === '.' || tokens[at + 1]?.value !== '.') return;
    if (member?.kind !== 'word') return;
    const known = members.get(value);
    if (known === undefined) members.set(value, [member.value]);
    else known.push(member.value);
  });
  return members;
}

export interface ExportedNames {
  names: Set<string>;
  /** The modules of `export * from`. */
  stars: string[];
  /** True if the module may export more than its text shows. */
  isOpen: boolean;
}

export function exportedNames(source: string): ExportedNames {
  const tokens = tokensOf(source);
  const found: ExportedNames = { names: new Set(), stars: [], isOpen: false };
  tokens.forEach(({ kind, value }, at) => {
    if (kind !== 'word' || tokens[at - 1]?.value === '.') return;
    if (value === 'export') addExport(tokens, at, found);
    if (value === 'exports') addMember(tokens, at, found);
    if (value === 'module' && tokens[at + 1]?.value === '.' && tokens[at + 2]?.value === 'exports')
      addMember(tokens, at + 2, found);
    if (/^(?:__exportStar|__export|__reExport)$/.test(value)) found.isOpen = true;
  });
  return found;
}

const BEFORE_NAME = /^(?:declare|abstract|async|function|class|const|let|var|type|interface|enum|namespace|module|\*)$/;

function addExport(tokens: readonly Token[], at: number, found: ExportedNames): void {
  let next = at + 1;
  const valueAt = (place: number): string => tokens[place]?.value ?? '';
  if (valueAt(next) === 'default') {
    found.names.add('default');
    return;
  }
  if (valueAt(next) === '*') {
    if (valueAt(next + 1) === 'as') found.names.add(valueAt(next + 2));
    else found.stars.push(valueAt(next + 2));
    return;
  }
  if (valueAt(next) === 'type' && valueAt(next + 1) === '{') next += 1;
  if (valueAt(next) === '{') {
    const close = tokens.findIndex(({ kind, value }, place) => place > next && kind === 'sign' && value === '}');
    for (const part of splitAtCommas(tokens.slice(next + 1, close))) found.names.add(part.at(-1)?.value ?? '');
    return;
  }
  while (BEFORE_NAME.test(valueAt(next)) && tokens[next + 1] !== undefined) next += 1;
  if (tokens[next]?.kind === 'word') found.names.add(valueAt(next));
  else if (valueAt(next) === '=') found.isOpen = true;
  if (/^(?:const|let|var)$/.test(valueAt(at + 1)))
    for (const name of declaredNames(tokens, at + 2)) found.names.add(name);
}

/** Returns the names that a declaration defines: `{ a, b: c } = x`, `a = 1, b = 2`. */
function declaredNames(tokens: readonly Token[], from: number): string[] {
  const names: string[] = [];
  let depth = 0;
  let isValue = false;
  for (let at = from; at < tokens.length && at - from < MAX_TOKENS; at++) {
    const { kind, value, line } = tokens[at] as Token;
    const isNewLine = depth === 0 && at > from && line > (tokens[at - 1]?.line ?? line);
    if (depth === 0 && (value === ';' || (isNewLine && /^(?:export|import|const|let|function|class)$/.test(value))))
      break;
    if (kind === 'sign' && '([{'.includes(value)) depth += 1;
    else if (kind === 'sign' && ')]}'.includes(value)) depth -= 1;
    else if (value === '=' && depth === 0) isValue = true;
    else if (value === ',' && depth === 0) isValue = false;
    else if (kind === 'word' && !isValue) names.push(value);
  }
  return names;
}

/** Adds what stands after `exports` or `module.exports`. */
function addMember(tokens: readonly Token[], at: number, found: ExportedNames): void {
  const [sign, member, after] = [tokens[at + 1], tokens[at + 2], tokens[at + 3]];
  if (sign?.value === '.' && member?.kind === 'word') {
    found.names.add(member.value);
    return;
  }
  if (sign?.value === ',' && member?.kind === 'text') {
    found.names.add(member.value);
    return;
  }
  if (sign?.value === '=' && member?.value === '{') {
    const parts = splitAtCommas(tokensInside(tokens, at + 2));
    for (const part of parts) {
      const name = part[0]?.value === 'async' || part[0]?.value === 'get' ? (part[1] ?? part[0]) : part[0];
      if (name?.kind === 'sign') found.isOpen = true;
      else found.names.add(name?.value ?? '');
    }
    return;
  }
  // `module.exports = exports = {`: the second `exports` is read when the loop reaches it.
  const isChain =
    sign?.value === '=' && (member?.value === 'exports' || member?.value === 'module') && after !== undefined;
  if (!isChain && sign !== undefined && /^[=[,)]$/.test(sign.value)) found.isOpen = true;
}

function tokensInside(tokens: readonly Token[], open: number): Token[] {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    const { kind, value } = tokens[at] as Token;
    if (kind === 'sign' && '([{'.includes(value)) depth += 1;
    if (kind === 'sign' && ')]}'.includes(value)) depth -= 1;
    if (depth === 0) return tokens.slice(open + 1, at);
  }
  return tokens.slice(open + 1);
}
