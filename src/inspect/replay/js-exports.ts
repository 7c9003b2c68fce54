/**
 * Finds the exported functions of a JavaScript or TypeScript module, and the edits that are needed so that a recorder can assign a
 * wrapper to each of them. Pure.
 *
 * It reads tokens, without a parser. Exports that it does not recognise and classes are not recorded.
 */
import { tokensOf } from '../imports/js-tokens';
import type { Token } from '../imports/js-tokens';

export interface ExportedFunction {
  /** The name within the module. */
  local: string;
  /** The name under which the module exports it. */
  name: string;
  line: number;
}
export interface TextEdit {
  from: number;
  to: number;
  text: string;
}
export interface JsExports {
  isModule: boolean;
  functions: ExportedFunction[];
  edits: TextEdit[];
}
interface Local {
  line: number;
  /** The position of the word `const`; absent if the function is no constant. */
  constAt?: number;
}

export function jsExports(source: string): JsExports {
  const tokens = topLevelTokens(tokensOf(source));
  const locals = localsOf(tokens);
  const found = tokens.flatMap((token, index) =>
    token.value === 'export' && token.kind === 'word' && canStartStatement(tokens, index)
      ? exportAt(tokens, index, source)
      : [],
  );
  const functions = found.flatMap(({ local, name }) => {
    const known = locals.get(local);
    return known === undefined ? [] : [{ local, name, line: known.line }];
  });
  const uniqueFunctions = functions.filter(
    ({ local }, index) => functions.findIndex((one) => one.local === local) === index,
  );
  const constEdits = uniqueFunctions.flatMap(({ local }) => {
    const at = locals.get(local)?.constAt;
    return at === undefined ? [] : [{ from: at, to: at + 'const'.length, text: 'let  ' }];
  });
  const defaultEdits = found.flatMap(({ local, edit }) => (edit !== undefined && locals.has(local) ? [edit] : []));
  const isModule = tokens.some((token, index) => isModuleWord(tokens, token, index));
  return { isModule, functions: uniqueFunctions, edits: [...defaultEdits, ...constEdits] };
}

/** Returns the tokens outside of all brackets, the outermost brackets themselves, and the names in `export { ... }`. */
function topLevelTokens(tokens: readonly Token[]): Token[] {
  let depth = 0;
  return tokens.filter((token, index) => {
    const isSign = token.kind === 'sign';
    if (isSign && ')]}'.includes(token.value)) depth = Math.max(0, depth - 1);
    const isTop = depth === 0 || (depth === 1 && isInExportList(tokens, index));
    if (isSign && '([{'.includes(token.value)) depth += 1;
    return isTop;
  });
}

/** True for a token within `export { ... }`. */
function isInExportList(tokens: readonly Token[], index: number): boolean {
  for (let at = index - 1; at >= 0 && index - at < 2000; at--) {
    const { kind, value } = tokens[at] as Token;
    if (kind === 'sign' && value === '{') {
      const before = tokens[at - 1]?.value;
      return before === 'export' || (before === 'type' && tokens[at - 2]?.value === 'export');
    }
    if (kind === 'sign' && value !== ',') return false;
  }
  return false;
}

function isModuleWord(tokens: readonly Token[], { kind, value }: Token, index: number): boolean {
  if (kind !== 'word' || (value !== 'import' && value !== 'export')) return false;
  const next = tokens[index + 1];
  return next?.value !== '(' && next?.value !== '.' && next?.value !== '=' && canStartStatement(tokens, index);
}

/** True if a statement can begin with this token. */
function canStartStatement(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1];
  const token = tokens[index];
  if (before === undefined || token === undefined) return true;
  if (before.kind === 'sign' && ';}'.includes(before.value)) return true;
  return before.line < token.line && (before.kind !== 'sign' || ')]`/'.includes(before.value));
}

/** Returns, by name, the functions of the module and its variables whose value is a function. */
function localsOf(tokens: readonly Token[]): Map<string, Local> {
  const locals = new Map<string, Local>();
  tokens.forEach((token, index) => {
    if (token.kind !== 'word') return;
    const start = statementStart(tokens, index);
    if (!canStartStatement(tokens, start)) return;
    const next = tokens[index + 1];
    if (next?.kind !== 'word') return;
    if (token.value === 'function') {
      if (!locals.has(next.value)) locals.set(next.value, { line: token.line });
    } else if (['const', 'let', 'var'].includes(token.value) && holdsFunction(tokens, index + 2)) {
      locals.set(next.value, { line: token.line, ...(token.value === 'const' && { constAt: token.at }) });
    }
  });
  return locals;
}

/** Returns the index of the token with which the statement of this word begins: `export`, `default` or `async` may precede the word. */
function statementStart(tokens: readonly Token[], index: number): number {
  let at = index;
  while (['export', 'default', 'async'].includes(tokens[at - 1]?.value ?? '') && tokens[at - 1]?.kind === 'word')
    at -= 1;
  return at;
}

/** True if the value of a variable is a function. `start` is the index after its name; a type can precede the value. */
function holdsFunction(tokens: readonly Token[], start: number): boolean {
  const isArrow = (at: number) => tokens[at]?.value === '=' && tokens[at + 1]?.value === '>';
  let at = start;
  if (tokens[at]?.value === ':') while (at - start < 200 && (tokens[at]?.value !== '=' || isArrow(at))) at += 1;
  if (tokens[at]?.value !== '=' || isArrow(at)) return false;
  const first = tokens[at + 1];
  if (first?.kind === 'word') return ['async', 'function'].includes(first.value) || isArrow(at + 2);
  return first?.value === '(' || first?.value === '<';
}

interface FoundExport {
  local: string;
  name: string;
  edit?: TextEdit;
}

function exportAt(tokens: readonly Token[], index: number, source: string): FoundExport[] {
  const value = (at: number) => tokens[at]?.value ?? '';
  let at = index + 1;
  if (value(at) === '{') return exportList(tokens, at);
  const isDefault = value(at) === 'default';
  if (isDefault) at += 1;
  if (value(at) === 'async') at += 1;
  const nameToken = tokens[at + 1];
  if (['function', 'const', 'let', 'var'].includes(value(at)))
    return nameToken?.kind === 'word'
      ? [{ local: nameToken.value, name: isDefault ? 'default' : nameToken.value }]
      : [];
  const token = tokens[at];
  const begin = tokens[index];
  if (!isDefault || token?.kind !== 'word' || begin === undefined || !endsStatement(tokens, at)) return [];
  const to = token.at + token.value.length;
  // `export default name` exports a copy of the value; the edit exports the binding itself. The number of lines stays the same.
  const lines = '\n'.repeat(source.slice(begin.at, to).split('\n').length - 1);
  const text = `export {${lines} ${token.value} as default }`;
  return [{ local: token.value, name: 'default', edit: { from: begin.at, to, text } }];
}

function endsStatement(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  const next = tokens[at + 1];
  return next === undefined || next.value === ';' || (next.kind !== 'sign' && next.line > (token?.line ?? 0));
}

/** Reads `export { a, b as c }`; returns nothing for a list that re-exports from another module. */
function exportList(tokens: readonly Token[], open: number): FoundExport[] {
  const close = tokens.findIndex(({ kind, value }, at) => at > open && kind === 'sign' && value === '}');
  if (close === -1 || tokens[close + 1]?.value === 'from') return [];
  const parts: Token[][] = [[]];
  for (const token of tokens.slice(open + 1, close)) {
    if (token.value === ',') parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts.flatMap(([local, as, name]) => {
    if (local?.kind !== 'word' || (as !== undefined && as.value !== 'as')) return [];
    return [{ local: local.value, name: name?.value ?? local.value }];
  });
}
