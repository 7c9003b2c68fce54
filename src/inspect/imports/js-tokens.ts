/**
 * Splits JavaScript and TypeScript into tokens: words, texts and signs. This is enough to find imports, and to skip comments. Pure.
 */
import { cacheLast } from '../last-asked';
import { createRegexEnds } from '../literal-ends';

export interface Token {
  kind: 'word' | 'text' | 'sign';
  value: string;
  /** Counts from 1. */
  line: number;
  /** Where it begins in the text. */
  at: number;
}

/** A comment (first group), a text in quotes (second group) or a lone slash. */
const COMMENT_TEXT_OR_SLASH =
  /(\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|("(?:[^"\\\n]|\\[\s\S])*"?|'(?:[^'\\\n]|\\[\s\S])*'?)|\//y;
const WORD = /[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*/y;
const NUMBER = /\d[\w.]*/y;
const BLANK = /\s/;

/** The kind of each ASCII character, as a table for speed. */
const KIND_BY_CODE = Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code);
  if (char === '\n') return 'line end';
  if (BLANK.test(char)) return 'blank';
  if (/\d/.test(char)) return 'number';
  if (/[A-Za-z_$]/.test(char)) return 'word';
  if (/["'/]/.test(char)) return 'opened';
  return char === '`' ? 'template' : 'sign';
});

/** After these tokens a slash certainly begins a regular expression. */
const BEFORE_REGEX = /^(?:[(,=:[&|?{;%~^]|return|typeof|case|in|of|do|else|void|delete|throw|new|await|yield)$/;
/** After these signs a slash mostly does: `}` mostly ends a block, not an object, and `+` is mostly `a + /b/`, not `a++ / b`. */
const MOSTLY_BEFORE_REGEX = /^[}!+\-*>]$/;
/** After the closing bracket of these a slash begins a regular expression: `if (a) /b/.test(c)`. */
const HEAD_KEYWORD = /^(?:if|while|for|with|await)$/;
const IMPORT_WORD = /\b(?:from|import|require)\b/;
const CUT_IMPORT = /\b(?:from\s*|import\s*\(?\s*|require\s*\(\s*)$/;
const CUT_NAME = /[\w@./:-]{1,200}(?=["'])/y;

/** Caches one file, because several rules read it one after the other. A WeakRef would keep all files of a job until the job ends. */
const tokensOfLast = cacheLast((source: string) => readTokens(source));

export function tokensOf(source: string): readonly Token[] {
  return tokensOfLast(source);
}

/** With `allDivide`, no slash begins a regular expression. */
function readTokens(source: string, allDivide = false): Token[] {
  const tokens: Token[] = [];
  const regexEnd = createRegexEnds(source);
  const brackets = createBrackets();
  let line = 1;
  // Numbers are no tokens, but after a number a slash divides.
  let isAfterNumber = false;
  const add = (kind: Token['kind'], value: string, at: number): void => {
    if (kind === 'sign') brackets.add(value, tokens);
    isAfterNumber = false;
    tokens.push({ kind, value, line, at });
  };
  const endOfSlash = (at: number): number => {
    const kind = allDivide || isAfterNumber ? 'division' : kindOfSlash(tokens, brackets.isAfterHead());
    add('sign', '/', at);
    // Undefined also if the line ends before a closing slash: this slash then divides.
    const end = kind === 'division' ? undefined : regexEnd(at + 1);
    if (end === undefined) return at + 1;
    if (kind === 'mostly regex') tokens.push(...hiddenImports(source.slice(at + 1, end), { line, at: at + 1 }));
    return end + 1;
  };
  const endOfOpened = (at: number): number => {
    const [all = '', comment, text] = matchAt(COMMENT_TEXT_OR_SLASH, source, at) ?? [];
    if (comment === undefined && text === undefined) return endOfSlash(at);
    if (text !== undefined) {
      add('text', unquote(text), at);
      tokens.push(...cutImport(source, text, { line, at: at + all.length }));
    }
    return at + all.length;
  };
  /** Reads a part of a template, which begins at its backtick or at the `}` of a hole, and returns where the part ends. */
  const endOfTemplate = (at: number): number => {
    const { end, isHole } = templateChunk(source, at + 1);
    if (source[at] === '`' && !isHole) add('text', source.slice(at + 1, end - 1), at);
    else if (!isHole || source[at] === '`') add('sign', '`', isHole ? at : end - 1);
    if (!isHole) return end;
    add('sign', '{', end - 1);
    brackets.openHole();
    return end;
  };
  for (let at = 0; at < source.length;) {
    const kind = kindAt(source, at);
    const isHoleEnd = kind === 'sign' && source[at] === '}' && brackets.closeHole();
    if (kind === 'sign') add('sign', source[at] ?? '', at);
    if (kind === 'line end') line += 1;
    if (isHoleEnd || kind === 'template') {
      const end = endOfTemplate(at);
      line += countLineEnds(source, at, end);
      at = end;
    } else if (kind === 'sign' || kind === 'line end' || kind === 'blank') at += 1;
    else if (kind === 'word' || kind === 'number') {
      const [value = ''] = matchAt(kind === 'word' ? WORD : NUMBER, source, at) ?? [];
      if (kind === 'word') add('word', value, at);
      else isAfterNumber = true;
      at += value.length;
    } else {
      const end = endOfOpened(at);
      line += countLineEnds(source, at, end);
      at = end;
    }
  }
  return tokens;
}

/** Keeps which brackets are open: those of holes in templates (`${`), and those of heads such as `if (`. */
function createBrackets() {
  const heads: boolean[] = [];
  const holes: number[] = [];
  let depth = 0;
  let hasClosedHead = false;
  return {
    add(sign: string, before: readonly Token[]): void {
      hasClosedHead = sign === ')' ? heads.pop() === true : false;
      if (sign === '(') heads.push(HEAD_KEYWORD.test(keywordAt(before, before.length - 1)));
      if (sign === '{') depth += 1;
      if (sign === '}') depth -= 1;
    },
    openHole: (): void => void holes.push(depth),
    /** True if the next `}` ends a hole; the hole is then closed. */
    closeHole(): boolean {
      if (holes.at(-1) !== depth) return false;
      holes.pop();
      return true;
    },
    /** True if the last sign was the `)` of a head such as `if (a)`. */
    isAfterHead: () => hasClosedHead,
  };
}

/** Returns the word at `at`; '' for the name of a member: `a.of / b` divides. */
function keywordAt(tokens: readonly Token[], at: number): string {
  const token = tokens[at];
  return token?.kind !== 'word' || tokens[at - 1]?.value === '.' ? '' : token.value;
}

function kindOfSlash(tokens: readonly Token[], isAfterHead: boolean): 'division' | 'regex' | 'mostly regex' {
  const last = tokens.at(-1);
  if (last === undefined) return 'regex';
  if (last.kind === 'word') return BEFORE_REGEX.test(keywordAt(tokens, tokens.length - 1)) ? 'regex' : 'division';
  if (last.kind === 'text') return 'division';
  if (last.value === ')') return isAfterHead ? 'regex' : 'division';
  if (BEFORE_REGEX.test(last.value) || (last.value === '>' && tokens.at(-2)?.value === '=')) return 'regex';
  return MOSTLY_BEFORE_REGEX.test(last.value) ? 'mostly regex' : 'division';
}

/** Reads a text that is perhaps a regular expression as code as well, so that no import can hide between two divisions. */
function hiddenImports(text: string, { line, at }: Pick<Token, 'line' | 'at'>): Token[] {
  if (!IMPORT_WORD.test(text)) return [];
  return readTokens(text, true).map((token) => ({ ...token, line, at: at + token.at }));
}

/** More than the longest text that `CUT_IMPORT` must match. */
const CUT_CHARS = 40;

/** Finds the import in `don't</p>; import x from 'a'`: after a lone quote, code is read as text and the module's name as code. */
function cutImport(source: string, text: string, place: Pick<Token, 'line' | 'at'>): Token[] {
  const call = CUT_IMPORT.exec(text.slice(-CUT_CHARS, -1))?.[0];
  const name = call === undefined ? undefined : matchAt(CUT_NAME, source, place.at)?.[0];
  if (call === undefined || name === undefined) return [];
  const token = (kind: Token['kind'], value: string): Token => ({ kind, value, ...place });
  const word = token('word', /\w+/.exec(call)?.[0] ?? '');
  return [token('sign', ';'), word, ...(call.includes('(') ? [token('sign', '(')] : []), token('text', name)];
}

function kindAt(source: string, at: number): string {
  const code = source.charCodeAt(at);
  return KIND_BY_CODE[code] ?? (BLANK.test(source[at] ?? '') ? 'blank' : 'word');
}

function matchAt(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(source);
}

function unquote(text: string): string {
  const end = text.length > 1 && text.endsWith(text[0] ?? '') ? -1 : undefined;
  // Escapes are decoded, so that `'\x66s'` cannot hide the module `fs`.
  return text
    .slice(1, end)
    .replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|u\{([0-9a-f]+)\}|([\s\S]))/gi, (_, ...groups: string[]) => {
      const [byte, unit, point, other] = groups;
      const code = byte ?? unit ?? point;
      return code === undefined ? String(other) : String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10ffff));
    });
}

/** Returns the index after the closing backtick, or after the `${` of the next hole. */
function templateChunk(source: string, start: number): { end: number; isHole: boolean } {
  for (let index = start; index < source.length; index++) {
    const sign = source[index];
    if (sign === '\\') index += 1;
    else if (sign === '`') return { end: index + 1, isHole: false };
    else if (sign === '$' && source[index + 1] === '{') return { end: index + 2, isHole: true };
  }
  return { end: source.length, isHole: false };
}

/** Counts line ends by characters, since `indexOf` could search far beyond `to` for the next one. */
function countLineEnds(source: string, from: number, to: number): number {
  let lines = 0;
  for (let at = from; at < to; at += 1) if (source.charCodeAt(at) === LINE_END) lines += 1;
  return lines;
}

const LINE_END = 10;
