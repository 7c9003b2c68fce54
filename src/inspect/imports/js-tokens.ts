/**
 * JavaScript and TypeScript as a row of words, texts and signs: enough to find imports, and not to take a comment for one. Pure.
 */
import { lastAsked } from '../last-asked';
import { createRegexEnds } from '../literal-ends';

export interface Token {
  kind: 'word' | 'text' | 'sign';
  value: string;
  /** Counts from 1. */
  line: number;
  /** Where it begins in the text. */
  at: number;
}

/** What begins with a sign that decides how far it reaches: a comment, a text, a slash. */
const OPENED = /(\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|("(?:[^"\\\n]|\\[\s\S])*"?|'(?:[^'\\\n]|\\[\s\S])*'?)|\//y;
const WORD = /[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*/y;
const NUMBER = /\d[\w.]*/y;
const BLANK = /\s/;

/** The kind of each ASCII character: most characters of a text are told apart by one look at this table. */
const KINDS = Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code);
  if (char === '\n') return 'line end';
  if (BLANK.test(char)) return 'blank';
  if (/\d/.test(char)) return 'number';
  if (/[A-Za-z_$]/.test(char)) return 'word';
  if (/["'/]/.test(char)) return 'opened';
  return char === '`' ? 'template' : 'sign';
});

/** After these a slash begins a regular expression; after anything else it divides. */
const BEFORE_REGEX = /^(?:[(,=:[!&|?{};+\-*%<>~^]|return|typeof|case|in|of|do|else|void|delete|throw|new|await|yield)$/;

/** One rule after the other asks for the same file. Not by a WeakRef: its target lives until the job ends, and a job reads many files. */
const tokensOfLast = lastAsked(readTokens);

export function tokensOf(source: string): readonly Token[] {
  return tokensOfLast(source);
}

function readTokens(source: string): Token[] {
  const tokens: Token[] = [];
  const regexEnd = createRegexEnds(source);
  let line = 1;
  const add = (kind: Token['kind'], value: string, at: number): void => {
    tokens.push({ kind, value, line, at });
  };
  const endOfSlash = (at: number): number => {
    const beginsRegex = BEFORE_REGEX.test(tokens.at(-1)?.value ?? '(');
    add('sign', '/', at);
    // After the closing slash; a line's end closes it too, since then it was none.
    return beginsRegex ? (regexEnd(at + 1) ?? at) + 1 : at + 1;
  };
  const endOfOpened = (at: number): number => {
    const [all = '', comment, text] = matchAt(OPENED, source, at) ?? [];
    if (comment === undefined && text === undefined) return endOfSlash(at);
    if (text !== undefined) add('text', unquote(text), at);
    return at + all.length;
  };
  for (let at = 0; at < source.length;) {
    const kind = kindAt(source, at);
    if (kind === 'sign') add('sign', source[at] ?? '', at);
    if (kind === 'line end') line += 1;
    if (kind === 'sign' || kind === 'line end' || kind === 'blank') at += 1;
    else if (kind === 'word' || kind === 'number') {
      const [value = ''] = matchAt(kind === 'word' ? WORD : NUMBER, source, at) ?? [];
      if (kind === 'word') add('word', value, at);
      at += value.length;
    } else {
      const end = kind === 'template' ? templateEnd(source, at + 1) : endOfOpened(at);
      if (kind === 'template') add(...templateToken(source.slice(at + 1, end - 1)), at);
      line += linesIn(source, at, end);
      at = end;
    }
  }
  return tokens;
}

function kindAt(source: string, at: number): string {
  const code = source.charCodeAt(at);
  return KINDS[code] ?? (BLANK.test(source[at] ?? '') ? 'blank' : 'word');
}

function matchAt(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(source);
}

/** A template without a hole in it is a text like any other. */
const templateToken = (content: string): [Token['kind'], string] =>
  content.includes('${') ? ['sign', '`'] : ['text', content];

function unquote(text: string): string {
  const end = text.length > 1 && text.endsWith(text[0] ?? '') ? -1 : undefined;
  // `'\x66s'` names `fs` to the machine, so an escape must not hide a name.
  return text
    .slice(1, end)
    .replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|u\{([0-9a-f]+)\}|([\s\S]))/gi, (_, ...groups: string[]) => {
      const [byte, unit, point, other] = groups;
      const code = byte ?? unit ?? point;
      return code === undefined ? String(other) : String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10ffff));
    });
}

/** After the closing backtick; holes may hold templates of their own. */
function templateEnd(source: string, start: number): number {
  let depth = 0;
  for (let index = start; index < source.length; index++) {
    const sign = source[index];
    if (sign === '\\') index += 1;
    else if (sign === '`' && depth === 0) return index + 1;
    else if (sign === '$' && source[index + 1] === '{') depth += 1;
    else if (sign === '}' && depth > 0) depth -= 1;
  }
  return source.length;
}

/** Looks no further than `to`: the next line may begin a million signs later. */
function linesIn(source: string, from: number, to: number): number {
  let lines = 0;
  for (let at = from; at < to; at += 1) if (source.charCodeAt(at) === LINE_END) lines += 1;
  return lines;
}

const LINE_END = 10;
