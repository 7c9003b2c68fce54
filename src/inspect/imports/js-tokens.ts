/**
 * JavaScript and TypeScript as a row of words, texts and signs: enough to find imports, and not to take a comment for one. Pure.
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

/** After these a slash begins a regular expression for sure; `=` also as the beginning of `=>`. */
const BEFORE_REGEX = /^(?:[(,=:[&|?{;%~^]|return|typeof|case|in|of|do|else|void|delete|throw|new|await|yield)$/;
/** After these it most often does: a block has ended, and no object; `a + /b/`, and no `a++ / b`. */
const MOSTLY_BEFORE_REGEX = /^[}!+\-*>]$/;
/** A regular expression may stand behind the closing bracket of these. */
const HEADS = /^(?:if|while|for|with|await)$/;
const IMPORTING = /\b(?:from|import|require)\b/;
const CUT_IMPORT = /\b(?:from\s*|import\s*\(?\s*|require\s*\(\s*)$/;
const CUT_NAME = /[\w@./:-]{1,200}(?=["'])/y;

/** One rule after the other asks for the same file. Not by a WeakRef: its target lives until the job ends, and a job reads many files. */
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
  // After a number, which is no token.
  let isAfterNumber = false;
  const add = (kind: Token['kind'], value: string, at: number): void => {
    if (kind === 'sign') brackets.add(value, tokens);
    isAfterNumber = false;
    tokens.push({ kind, value, line, at });
  };
  const endOfSlash = (at: number): number => {
    const kind = allDivide || isAfterNumber ? 'division' : kindOfSlash(tokens, brackets.closedHead());
    add('sign', '/', at);
    // A line's end closes it too, since then it was none.
    const end = kind === 'division' ? undefined : regexEnd(at + 1);
    if (end === undefined) return at + 1;
    if (kind === 'mostly regex') tokens.push(...hiddenImports(source.slice(at + 1, end), { line, at: at + 1 }));
    return end + 1;
  };
  const endOfOpened = (at: number): number => {
    const [all = '', comment, text] = matchAt(OPENED, source, at) ?? [];
    if (comment === undefined && text === undefined) return endOfSlash(at);
    if (text !== undefined) {
      add('text', unquote(text), at);
      tokens.push(...cutImport(source, text, { line, at: at + all.length }));
    }
    return at + all.length;
  };
  /** The template goes on after its backtick, or after the bracket of a hole. */
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
    const isHoleEnd = kind === 'sign' && source[at] === '}' && brackets.closesHole();
    if (kind === 'sign') add('sign', source[at] ?? '', at);
    if (kind === 'line end') line += 1;
    if (isHoleEnd || kind === 'template') {
      const end = endOfTemplate(at);
      line += linesIn(source, at, end);
      at = end;
    } else if (kind === 'sign' || kind === 'line end' || kind === 'blank') at += 1;
    else if (kind === 'word' || kind === 'number') {
      const [value = ''] = matchAt(kind === 'word' ? WORD : NUMBER, source, at) ?? [];
      if (kind === 'word') add('word', value, at);
      else isAfterNumber = true;
      at += value.length;
    } else {
      const end = endOfOpened(at);
      line += linesIn(source, at, end);
      at = end;
    }
  }
  return tokens;
}

/** Which brackets are open: those of templates' holes, and those behind `if` and its like. */
function createBrackets() {
  const heads: boolean[] = [];
  const holes: number[] = [];
  let depth = 0;
  let hasClosedHead = false;
  return {
    add(sign: string, before: readonly Token[]): void {
      hasClosedHead = sign === ')' ? heads.pop() === true : false;
      if (sign === '(') heads.push(HEADS.test(keywordAt(before, before.length - 1)));
      if (sign === '{') depth += 1;
      if (sign === '}') depth -= 1;
    },
    openHole: (): void => void holes.push(depth),
    /** True where the next `}` ends a hole. */
    closesHole(): boolean {
      if (holes.at(-1) !== depth) return false;
      holes.pop();
      return true;
    },
    /** The last sign was the `)` of `if (a)`. */
    closedHead: () => hasClosedHead,
  };
}

/** '' for the name of a member: `a.of / b` divides. */
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

/** What may be a regular expression, read as code as well: no import may hide between two divisions. */
function hiddenImports(text: string, { line, at }: Pick<Token, 'line' | 'at'>): Token[] {
  if (!IMPORTING.test(text)) return [];
  return readTokens(text, true).map((token) => ({ ...token, line, at: at + token.at }));
}

/** No text before a name is longer. */
const CUT_CHARS = 40;

/** `don't</p>; import x from 'a'`: a lone quote shifts all texts of its line, so that names of modules stand between them. */
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
  return KINDS[code] ?? (BLANK.test(source[at] ?? '') ? 'blank' : 'word');
}

function matchAt(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(source);
}

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

/** After the closing backtick, or after the `${` of the next hole. */
function templateChunk(source: string, start: number): { end: number; isHole: boolean } {
  for (let index = start; index < source.length; index++) {
    const sign = source[index];
    if (sign === '\\') index += 1;
    else if (sign === '`') return { end: index + 1, isHole: false };
    else if (sign === '$' && source[index + 1] === '{') return { end: index + 2, isHole: true };
  }
  return { end: source.length, isHole: false };
}

/** Looks no further than `to`: the next line may begin a million signs later. */
function linesIn(source: string, from: number, to: number): number {
  let lines = 0;
  for (let at = from; at < to; at += 1) if (source.charCodeAt(at) === LINE_END) lines += 1;
  return lines;
}

const LINE_END = 10;
