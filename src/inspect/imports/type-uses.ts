/**
 * Decides whether TypeScript code uses a name as a value. The compiler removes imports of names that are used only as types. Pure.
 */
import { tokensOf } from './js-tokens';
import type { Token } from './js-tokens';

const BEFORE_TYPE = /^(?:[:<|&?]|as|satisfies|implements|is|keyof|typeof|infer|extends)$/;
const BEFORE_VALUE = /^(?:new|return|await|yield|instanceof|throw|default|in|of|case|[=([!.+])$/;

/** A use that could be either counts as a use of the type. */
export function isUsedAsValue(source: string, names: readonly string[]): boolean {
  const wanted = new Set(names);
  const tokens = tokensOf(source);
  return tokens.some(({ kind, value }, at) => {
    if (kind !== 'word' || !wanted.has(value) || tokens[at - 1]?.value === '.') return false;
    return !isInImport(tokens, at) && isValue(tokens, at);
  });
}

function isValue(tokens: readonly Token[], at: number): boolean {
  const [before, after] = [tokens[at - 1]?.value ?? ';', tokens[at + 1]?.value ?? ';'];
  if (after === '(' || after === '`') return true;
  // `class A extends Base {`, and a tag of JSX.
  if (before === 'extends') return isOfClass(tokens, at);
  if (before === '<') return tokens[at - 2]?.kind !== 'word' && /^(?:\/|>)$|^\w/.test(after);
  if (before === '=') return !isTypeAlias(tokens, at - 1);
  if (after === '.') return !BEFORE_TYPE.test(before) && before !== ',';
  if (BEFORE_TYPE.test(before)) return false;
  if (BEFORE_VALUE.test(before)) return before !== '[' || after !== ']';
  return before === ',' && after === ')';
}

function isOfClass(tokens: readonly Token[], at: number): boolean {
  for (let back = at - 2; back >= 0 && at - back < 12; back--) {
    const value = tokens[back]?.value ?? '';
    if (value === 'class') return true;
    if (/^(?:interface|type|[;{}])$/.test(value)) return false;
  }
  return false;
}

function isTypeAlias(tokens: readonly Token[], at: number): boolean {
  for (let back = at - 1; back >= 0 && at - back < 40; back--) {
    const value = tokens[back]?.value ?? '';
    if (value === 'type') return true;
    if (/^(?:const|let|var|[;{}])$/.test(value)) return false;
  }
  return false;
}

function isInImport(tokens: readonly Token[], at: number): boolean {
  for (let back = at - 1; back >= 0 && at - back < 600; back--) {
    const { kind, value } = tokens[back] as Token;
    if (kind === 'word' && value === 'import') return tokens[back + 1]?.value !== '(';
    if (kind === 'text' || (kind === 'sign' && !/^[{},*]$/.test(value))) return false;
  }
  return false;
}
