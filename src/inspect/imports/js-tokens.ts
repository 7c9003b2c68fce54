/**
 * JavaScript and TypeScript as a row of words, texts and signs: enough to find imports, and not to take a comment for one. Pure.
 */
import { createRegexEnds } from '../literal-ends';

export interface Token {
  kind: 'word' | 'text' | 'sign';
  value: string;
  /** Counts from 1. */
  line: number;
  /** Where it begins in the text. */
  at: number;
}

const TOKEN =
  /(\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|("(?:[^"\\\n]|\\[\s\S])*"?|'(?:[^'\\\n]|\\[\s\S])*'?)|(`)|([A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*)|(\/)|(\n)|([^\s\w])|\d[\w.]*/g;
/** After these a slash begins a regular expression; after anything else it divides. */
const BEFORE_REGEX = /^(?:[(,=:[!&|?{};+\-*%<>~^]|return|typeof|case|in|of|do|else|void|delete|throw|new|await|yield)$/;

let last: { source: string; tokens: WeakRef<readonly Token[]> } | undefined;

/** One rule after the other asks for the same file: it is read once, as long as memory is not wanted for something else. */
export function tokensOf(source: string): readonly Token[] {
  const known = last?.source === source ? last.tokens.deref() : undefined;
  if (known !== undefined) return known;
  const tokens = readTokens(source);
  last = { source, tokens: new WeakRef(tokens) };
  return tokens;
}

function readTokens(source: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  const regexEnd = createRegexEnds(source);
  // After the closing slash; a line's end closes it too, since then it was none.
  const afterRegex = (start: number): number => (regexEnd(start) ?? start - 1) + 1;
  TOKEN.lastIndex = 0;
  const pattern = new RegExp(TOKEN);
  for (let match = pattern.exec(source); match !== null; match = pattern.exec(source)) {
    const [all, comment, text, backtick, word, slash, newline, sign] = match;
    const place = { line, at: match.index };
    if (text !== undefined) tokens.push({ kind: 'text', value: unquote(text), ...place });
    else if (word !== undefined) tokens.push({ kind: 'word', value: word, ...place });
    else if (sign !== undefined) tokens.push({ kind: 'sign', value: sign, ...place });
    let end = pattern.lastIndex;
    if (backtick !== undefined) {
      end = templateEnd(source, end);
      const content = source.slice(pattern.lastIndex, end - 1);
      // A template without a hole in it is a text like any other.
      if (content.includes('${')) tokens.push({ kind: 'sign', value: '`', ...place });
      else tokens.push({ kind: 'text', value: content, ...place });
    }
    if (slash !== undefined) {
      if (BEFORE_REGEX.test(tokens.at(-1)?.value ?? '(')) end = afterRegex(end);
      tokens.push({ kind: 'sign', value: '/', ...place });
    }
    if (newline !== undefined) line += 1;
    else if (comment !== undefined || text !== undefined || end > pattern.lastIndex)
      line += linesIn(source, match.index, Math.max(end, match.index + all.length));
    pattern.lastIndex = end;
  }
  return tokens;
}

function unquote(text: string): string {
  const end = text.length > 1 && text.endsWith(text[0] ?? '') ? -1 : undefined;
  // `'\x66s'` names `fs` to the machine; whoever writes so is not to be read past.
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
