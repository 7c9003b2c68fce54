/**
 * Finds the functions of a source: name, parameters, body, and the comment above. Braces are matched; Python ends a
 * body by its indent and Ruby by `end`. A function of any other form is skipped. Pure; bounded.
 */
import type { CodeView, Syntax } from '../asks/code-view';
import { matchesOf } from './rule';

export interface ReadFunction {
  name: string;
  /** The text between the brackets. */
  params: string;
  /** Text of the view between the braces, or the expression. */
  body: string;
  /** Comments above the header, and the docstring of a Python function. */
  comment: string;
  /** The line of the header; counts from 1. */
  line: number;
  /** The last line of the body. */
  to: number;
  /** Index in the view at which the body begins. */
  from: number;
}

const MAX_PARAMS_CHARS = 600;
const MAX_BODY_CHARS = 6_000;
const MAX_COMMENT_LINES = 12;
const MAX_COMMENT_CHARS = 400;
/** A comment is searched this far above the header, because decorators may be between the two. */
const MAX_LINES_TO_COMMENT = 60;
const MAX_HEADERS = 1_000;
/** Words before a bracket that name no function. */
const KEYWORD =
  /^(?:if|for|while|switch|catch|return|await|new|throw|else|do|function|func|fn|elif|match|using|foreach|when|sizeof|typeof|super|unless|until|and|or|not|in|case)$/;

/** Headers of functions up to the bracket before the parameters; the groups are the name. */
const HEADERS: Readonly<Record<Syntax, RegExp>> = {
  script:
    /(?:\bfunction\b\s{0,3}\*?\s{0,3}([\w$]{1,80})|(?<![\w$.])([\w$]{1,80})\s{0,3}[:=]\s{0,3}(?:async\s{0,3})?(?:function\b\s{0,3}\*?\s{0,3}[\w$]{0,80})?|(?<=\n[ \t]{1,12}(?:(?:async|static|public|private|protected)\s{1,3}){0,3})#?([\w$]{1,80}))(?:<[^<>(){}\n]{0,80}>)?\s{0,3}\(/g,
  braces:
    /(?:\bfunc\s{1,3}(?:\([^()\n]{0,80}\)\s{0,3})?(\w{1,80})|(?<=[\w>\])*&?]\s{1,3}[*&]?)(?:\w{1,60}::)?(\w{1,80}))(?:\[[^[\]\n]{0,80}\]|<[^<>(){}\n]{0,80}>)?\s{0,3}\(/g,
  rust: /\bfn\s{1,3}(\w{1,80})(?:<[^(){}]{0,200}>)?\s{0,3}\(/g,
  php: /\bfunction\s{1,3}&?(\w{1,80})\s{0,3}\(/g,
  python: /\bdef\s{1,3}(\w{1,80})(?:\[[^[\]\n]{0,80}\])?\s{0,3}\(/g,
  ruby: /\bdef\s{1,3}(?:self\.)?(\w{1,80}[?!]?)[ \t]{0,3}(\(?)/g,
};
/** From the closing bracket of the parameters to the brace before the body: types, arrows, keywords. */
const TO_BODY =
  /^\s{0,9}(?:(?::|->|throws\b|where\b|const\b|noexcept\b|override\b|[\w<>[\]*&?.|,()']+)[^;{}=]{0,160}?)?\s{0,9}(?:=>\s{0,9})?\{/;
/** From the closing bracket of the parameters to the expression that is the body. */
const TO_EXPRESSION = /^\s{0,9}(?::[^;{}=\n]{0,120}?)?\s{0,3}=>?\s{0,9}(?![{=>])/;

export function functionsIn(view: CodeView, syntax: Syntax, source: string): ReadFunction[] {
  const rows = source.split('\n');
  const found = matchesOf(HEADERS[syntax], view.text, MAX_HEADERS)
    .filter(({ index }) => view.isText[index] !== true)
    .flatMap((match): ReadFunction[] => {
      const { index, text, groups } = match;
      const name = groups.find((one) => /^\w|^\$/.test(one)) ?? nameIn(text);
      if (name === '' || KEYWORD.test(name)) return [];
      const one = readAt(view, syntax, { name, index, open: index + text.length - 1 });
      if (one === undefined || isLockStatement(one, syntax)) return [];
      return [{ ...one, comment: commentOf(rows, one, syntax) }];
    });
  return syntax === 'script' ? [...found, ...shortArrows(view, rows)] : found;
}

/** True for `lock (gate) { ... }` of C# and `synchronized (gate) { ... }` of Java. */
function isLockStatement({ name, params }: FunctionWithoutComment, syntax: Syntax): boolean {
  return syntax === 'braces' && /^(?:lock|synchronized)$/.test(name) && /^[\w.]+$/.test(params.trim());
}

function nameIn(text: string): string {
  return /([\w$]{1,80})\s{0,3}(?:<[^<>]{0,80}>)?\s{0,3}\($/.exec(text)?.[1] ?? '';
}

interface Header {
  name: string;
  index: number;
  /** Index of the bracket before the parameters. */
  open: number;
}

type FunctionWithoutComment = Omit<ReadFunction, 'comment'>;

function readAt(view: CodeView, syntax: Syntax, { name, index, open }: Header): FunctionWithoutComment | undefined {
  const { text } = view;
  const hasParams = text[open] === '(';
  const close = hasParams ? closingOf(view, open, MAX_PARAMS_CHARS) : open;
  if (close === undefined) return undefined;
  const params = hasParams ? text.slice(open + 1, close) : '';
  const start = startOf(text, index);
  if (syntax === 'python' || syntax === 'ruby') {
    const body = syntax === 'python' ? pythonBody(text, start, close + 1) : rubyBody(text, start, close + 1);
    return body === undefined ? undefined : toFunction(view, { name, params, start, ...body });
  }
  const after = text.slice(close + 1, close + 260);
  const [brace] = TO_BODY.exec(after) ?? [];
  if (brace !== undefined) {
    const from = close + brace.length;
    const end = closingOf(view, from, MAX_BODY_CHARS);
    return end === undefined ? undefined : toFunction(view, { name, params, start, from: from + 1, end });
  }
  const [arrow] = TO_EXPRESSION.exec(after) ?? [];
  if (arrow === undefined) return undefined;
  const from = close + 1 + arrow.length;
  return toFunction(view, { name, params, start, from, end: endOfExpression(view, from) });
}

/** Skips a blank line at the start of the match. */
function startOf(text: string, index: number): number {
  return index + Math.max(0, text.slice(index, index + 200).search(/\S/));
}

function toFunction(
  { text, lines }: CodeView,
  { name, params, start, from, end }: { name: string; params: string; start: number; from: number; end: number },
): FunctionWithoutComment {
  const [line, to] = [lines[start] ?? 1, lines[Math.max(from, end - 1)] ?? 1];
  return { name, params, body: text.slice(from, end), line, to, from };
}

function closingOf({ text, isText }: CodeView, open: number, limit: number): number | undefined {
  let depth = 0;
  for (let at = open; at < Math.min(text.length, open + limit); at += 1) {
    if (isText[at] === true) continue;
    const sign = text[at] ?? '';
    if ('({['.includes(sign)) depth += 1;
    else if (')}]'.includes(sign)) {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return undefined;
}

/** Returns the index of the closing bracket around the expression, of a comma, or of the end of the statement. */
function endOfExpression({ text, isText }: CodeView, from: number): number {
  let depth = 0;
  for (let at = from; at < Math.min(text.length, from + MAX_BODY_CHARS); at += 1) {
    if (isText[at] === true) continue;
    const sign = text[at] ?? '';
    if ('({['.includes(sign)) depth += 1;
    else if (')}]'.includes(sign)) depth -= 1;
    if (depth < 0 || (depth === 0 && /[;,]/.test(sign))) return at;
    if (depth === 0 && sign === '\n' && !/^\s{0,80}[.?:&|+]/.test(text.slice(at + 1, at + 90))) return at;
  }
  return Math.min(text.length, from + MAX_BODY_CHARS);
}

/** Returns the body of a Python function: the rows after the colon with a larger indent than the header. */
function pythonBody(text: string, start: number, after: number): { from: number; end: number } | undefined {
  const [head] = /^[^:\n]{0,120}:/.exec(text.slice(after, after + 130)) ?? [];
  if (head === undefined) return undefined;
  const from = after + head.length;
  const margin = /^[ \t]{0,200}/.exec(text.slice(text.lastIndexOf('\n', start) + 1, start))?.[0].length ?? 0;
  const body = text.slice(from, from + MAX_BODY_CHARS);
  const end = body.search(new RegExp(`\\n(?=[ \\t]{0,${margin}}[^\\s])`));
  return { from, end: end === -1 ? from + body.length : from + end };
}

/** Returns the body of a Ruby function, up to the `end` with the indent of the header. */
function rubyBody(text: string, start: number, after: number): { from: number; end: number } | undefined {
  const margin = text.slice(text.lastIndexOf('\n', start) + 1, start);
  const line = text.indexOf('\n', after);
  if (line === -1 || margin.trim() !== '') return undefined;
  const body = text.slice(line, line + MAX_BODY_CHARS);
  const end = body.search(new RegExp(`\\n${margin}end\\b`));
  return end === -1 ? undefined : { from: line, end: line + end };
}

/** Finds arrow functions with one parameter without brackets: `const lock = work => work();` */
function shortArrows(view: CodeView, rows: readonly string[]): ReadFunction[] {
  return matchesOf(
    /(?<![\w$.])([\w$]{1,80})\s{0,3}[:=]\s{0,3}(?:async\s{1,3})?([\w$]{1,80})\s{0,3}=>\s{0,9}/g,
    view.text,
  ).map(({ index, text, groups: [name = '', params = ''] }) => {
    const from = index + text.length;
    const isBlock = view.text[from] === '{';
    const end = isBlock ? (closingOf(view, from, MAX_BODY_CHARS) ?? from + 1) : endOfExpression(view, from);
    const one = toFunction(view, { name, params, start: index, from: isBlock ? from + 1 : from, end });
    return { ...one, comment: commentOf(rows, one, 'script') };
  });
}

function commentOf(rows: readonly string[], { line, to }: Pick<ReadFunction, 'line' | 'to'>, syntax: Syntax): string {
  const comment: string[] = [];
  for (let at = line - 2; at >= line - 2 - MAX_LINES_TO_COMMENT && comment.length < MAX_COMMENT_LINES; at -= 1) {
    const row = (rows[at] ?? '').slice(0, MAX_COMMENT_CHARS);
    if (/^\s{0,80}(?:@|\[|#\[(?!\[))/.test(row)) continue;
    if (!/^\s{0,80}(?:\/\/|\/?\*|#)/.test(row)) break;
    comment.unshift(row);
  }
  if (syntax === 'python') comment.push(...docstring(rows.slice(line - 1, Math.min(to, line + MAX_COMMENT_LINES))));
  return comment.join('\n');
}

function docstring(rows: readonly string[]): string[] {
  const from = rows.findIndex((row) => /^\s{0,80}[rRuU]?(?:"""|''')/.test(row));
  if (from === -1) return [];
  const end = rows.findIndex(
    (row, at) => (at > from && /"""|'''/.test(row)) || (at === from && /("""|''').*\1/.test(row)),
  );
  return rows.slice(from, end === -1 ? rows.length : end + 1);
}
