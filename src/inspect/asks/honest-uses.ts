/**
 * Uses that look like a question and are none: a server that does not listen while it is tested, and the tests that a source of
 * Rust holds itself. Pure.
 */
import type { CodeView, Syntax } from './code-view';

/** Listening and logging are no answers of a program. */
const QUIET_CALL =
  /^\s*(?:void\s{1,9}|await\s{1,9})?(?:[\w$]{1,40}\.){0,3}(?:(?:listen|log|info|warn|debug|error|trace)\(|use\(\s{0,9}(?:morgan|logger|requestLogger|pino\w{0,10}|expressWinston\.\w{1,20})\b)/;
const GIVES = /\b(?:return|throw|exports)\b|(?<![=!<>])=(?![=>])/;
const GUARDED_CHARS = 400;

/** `if (process.env.NODE_ENV !== 'test') app.listen(port);` and the same in braces, with nothing else in them. */
export function isQuiet({ text }: CodeView, { from, to, asks }: { from: number; to: number; asks: string }): boolean {
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
  return statements.length === 1 && statements.every((one) => QUIET_CALL.test(one) && !GIVES.test(one));
}

function endOfLine(text: string): string {
  return text.split('\n').find((line) => line.trim() !== '') ?? '';
}

/** Up to the brace that closes; undefined where it is not near. */
function insideBraces(text: string): string | undefined {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '{') depth += 1;
    else if (text[at] === '}') depth -= 1;
    if (depth < 0) return text.slice(0, at);
  }
  return undefined;
}

/** Split where nothing is open. */
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

/** Rust: in the module of tests. */
export function isOfTests(view: CodeView, syntax: Syntax, index: number): boolean {
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
