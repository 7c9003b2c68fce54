/**
 * Recognizes code that looks like test detection and is harmless: a server that does not listen in tests, and the test module of
 * a Rust source. Pure.
 */
import type { CodeView, Syntax } from './code-view';

/** Calls that listen or log, and so do not change a result. */
const QUIET_CALL =
  /^\s*(?:void\s{1,9}|await\s{1,9})?(?:[\w$]{1,40}\.){0,3}(?:(?:listen|log|info|warn|debug|error|trace)\(|use\(\s{0,9}(?:morgan|logger|requestLogger|pino\w{0,10}|expressWinston\.\w{1,20})\b)/;
const AFFECTS_RESULT = /\b(?:return|throw|exports)\b|(?<![=!<>])=(?![=>])/;
const GUARDED_CHARS = 400;

/**
 * True for `if (process.env.NODE_ENV !== 'test') app.listen(port);`, also with braces, if the branch contains no other
 * statement.
 */
export function isQuietGuard(
  { text }: CodeView,
  { from, to, asks }: { from: number; to: number; asks: string },
): boolean {
  if (asks !== 'whether the build is one for tests' || !/!==?\s{0,9}'test'$/.test(text.slice(from, to + 1)))
    return false;
  if (!/\bif\s{0,9}\(\s{0,9}(?:globalThis\.)?(?:process\.env\.)?$/.test(text.slice(Math.max(0, from - 40), from)))
    return false;
  const after = text.slice(to + 1, to + 1 + GUARDED_CHARS);
  const [, brace] = /^\s{0,9}\)\s{0,9}(\{)?/.exec(after) ?? [];
  const start = after.indexOf(')') + 1;
  const body = brace === undefined ? endOfLine(after.slice(start)) : insideBraces(after.slice(after.indexOf('{') + 1));
  if (body === undefined) return false;
  const statements = statementsOf(body);
  return statements.length === 1 && statements.every((one) => QUIET_CALL.test(one) && !AFFECTS_RESULT.test(one));
}

function endOfLine(text: string): string {
  return text.split('\n').find((line) => line.trim() !== '') ?? '';
}

/** Returns the text up to the closing brace; undefined if it is too far away. */
function insideBraces(text: string): string | undefined {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '{') depth += 1;
    else if (text[at] === '}') depth -= 1;
    if (depth < 0) return text.slice(0, at);
  }
  return undefined;
}

/** Splits at semicolons outside of brackets. */
function statementsOf(body: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let one = '';
  for (const sign of body) {
    if ('({['.includes(sign)) depth += 1;
    else if (')}]'.includes(sign)) depth -= 1;
    if (depth === 0 && (sign === ';' || sign === '\n')) {
      found.push(one);
      one = '';
    } else one += sign;
  }
  return [...found, one].filter((statement) => statement.trim() !== '');
}

/** True inside the test module of a Rust source. */
export function isInTestModule(view: CodeView, syntax: Syntax, index: number): boolean {
  if (syntax !== 'rust') return false;
  return [...view.text.matchAll(/#\[cfg\(test\)\]\s{0,99}(?:pub\s{1,9})?mod\s{1,9}\w{1,60}\s{0,9}\{/g)].some(
    (match) => {
      const start = match.index + match[0].length;
      return index >= start && index < start + lengthInside(view, start);
    },
  );
}

function lengthInside({ text, isText }: CodeView, start: number): number {
  let depth = 1;
  for (let at = start; at < text.length; at++) {
    if (isText[at] === true) continue;
    if (text[at] === '{') depth += 1;
    else if (text[at] === '}') depth -= 1;
    if (depth === 0) return at - start;
  }
  return text.length - start;
}
