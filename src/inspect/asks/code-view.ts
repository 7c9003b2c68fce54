/**
 * Makes a searchable view of a source: comments are blank, every literal is in single quotes with its escapes decoded, and
 * concatenated literals are joined. For each character the view tells its line, and whether it is code or text. Pure; one pass.
 *
 * A hole is code inside of a literal, such as `${name}` in a template.
 */
import { createRegexEnds } from '../literal-ends';

export interface CodeView {
  text: string;
  /** By index in `text`: the line, from 1. */
  lines: number[];
  /** By index in `text`: true inside of a literal. */
  isText: boolean[];
}

export type Syntax = 'script' | 'python' | 'ruby' | 'php' | 'rust' | 'braces';

const SYNTAX: ReadonlyArray<readonly [RegExp, Syntax]> = [
  [/\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/, 'script'],
  [/\.pyw?$/, 'python'],
  [/\.(?:rb|rake|ex|exs)$/, 'ruby'],
  [/\.php$/, 'php'],
  [/\.rs$/, 'rust'],
  [/\.(?:go|java|kts?|scala|groovy|cs|swift|dart|c|h|cc|cpp|hpp)$/, 'braces'],
];

/** Returns the kind of syntax; undefined for other files. */
export function syntaxOf(path: string): Syntax | undefined {
  return SYNTAX.find(([files]) => files.test(path))?.[1];
}

const LINE_COMMENT: Record<Syntax, RegExp> = {
  script: /^\/\//,
  python: /^#/,
  ruby: /^#(?!\{)/,
  php: /^(?:\/\/|#(?!\[))/,
  rust: /^\/\//,
  braces: /^\/\//,
};
/** After these tokens a slash begins a regular expression. */
const BEFORE_REGEX =
  /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|void|delete|throw|new|await|yield))\s*$/;

/** Holes nested deeper than this are read as text. */
const MAX_HOLE_DEPTH = 50;

export function viewOf(source: string, syntax: Syntax): CodeView {
  const reader = new Reader(source, syntax);
  reader.readCode(source.length);
  return { text: reader.out.join(''), lines: reader.lines, isText: reader.isText };
}

class Reader {
  readonly out: string[] = [];
  readonly lines: number[] = [];
  readonly isText: boolean[] = [];
  private at = 0;
  private line = 1;
  /** Index in `out` of the quote that closed the last literal. */
  private closingQuoteAt = -1;
  private holeDepth = 0;
  /** Returns undefined if the line ends before a closing slash: the slash at `start` is then a division. */
  private readonly regexEnd: (start: number) => number | undefined;

  constructor(
    private readonly source: string,
    private readonly syntax: Syntax,
  ) {
    this.regexEnd = createRegexEnds(source);
  }

  /** Reads up to `end`; a hole only up to the brace that closes it. */
  readCode(end: number, isHole = false): void {
    let depth = 0;
    while (this.at < end) {
      const sign = this.source[this.at] ?? '';
      if (isHole && sign === '}' && depth === 0) return;
      if (sign === '{') depth += 1;
      else if (sign === '}') depth -= 1;
      if (this.skipComment() || this.readLiteral(sign)) continue;
      this.take(sign, false);
    }
  }

  private skipComment(): boolean {
    const nextTwo = this.source.slice(this.at, this.at + 2);
    const isBlock = nextTwo === '/*' && this.syntax !== 'python' && this.syntax !== 'ruby';
    if (!isBlock && !LINE_COMMENT[this.syntax].test(nextTwo)) return false;
    const close = isBlock ? this.source.indexOf('*/', this.at + 2) : this.source.indexOf('\n', this.at);
    this.blankUntil(close === -1 ? this.source.length : close + (isBlock ? 2 : 0));
    return true;
  }

  private readLiteral(sign: string): boolean {
    if (sign === '/' && this.syntax === 'script') return this.readRegex();
    if (sign === '`' ? this.syntax === 'python' || this.syntax === 'rust' : sign !== '"' && sign !== "'") return false;
    // In Rust a single quote that begins no character begins a lifetime.
    if (sign === "'" && this.syntax === 'rust' && !/^'(?:\\[^']{1,10}|[^'\\])'/.test(this.textAhead(12))) return false;
    const triple = sign.repeat(3);
    const isTriple = sign !== '`' && this.source.startsWith(triple, this.at);
    const quote = isTriple ? triple : sign;
    const before = this.out.slice(-12).join('');
    if (isTriple && this.syntax === 'python' && /(?:^|\n|:)\s*[rRuU]?$/.test(before)) {
      const close = this.source.indexOf(quote, this.at + 3);
      this.blankUntil(close === -1 ? this.source.length : close + 3);
      return true;
    }
    this.readQuoted(quote, this.holeStartOf(sign, before));
    return true;
  }

  /** Returns the signs that begin a hole in this literal; undefined if it can have none. */
  private holeStartOf(sign: string, before: string): string | undefined {
    if (this.syntax === 'script') return sign === '`' ? '${' : undefined;
    if (this.syntax === 'python') return /(?:^|\W)[rR]?[fF][rR]?$/.test(before) ? '{' : undefined;
    return this.syntax === 'ruby' && sign !== "'" ? '#{' : undefined;
  }

  private readQuoted(quote: string, hole: string | undefined): void {
    this.openLiteral();
    this.at += quote.length;
    const isOneLine = quote === '"' || quote === "'";
    while (this.at < this.source.length && !this.source.startsWith(quote, this.at)) {
      const sign = this.source[this.at] ?? '';
      if (isOneLine && sign === '\n') break;
      if (sign === '\\') this.readEscape();
      else if (hole !== undefined && this.holeDepth < MAX_HOLE_DEPTH && this.beginsHole(hole)) this.readHole(hole);
      else this.take(sign, true);
    }
    if (this.source.startsWith(quote, this.at)) this.at += quote.length;
    this.closeLiteral();
  }

  /** False for `{{`, which is an ordinary brace in a literal of Python. */
  private beginsHole(hole: string): boolean {
    return this.source.startsWith(hole, this.at) && this.textAhead(2) !== '{{';
  }

  private readHole(hole: string): void {
    this.closeLiteral();
    this.at += hole.length;
    this.holeDepth += 1;
    this.readCode(this.source.length, true);
    this.holeDepth -= 1;
    this.at += 1;
    this.openLiteral();
  }

  private readEscape(): void {
    const [escape = '', byte, unit, point] =
      /^\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|[\s\S]|$)/.exec(this.textAhead(12)) ?? [];
    const code = byte ?? unit ?? point;
    const value = code === undefined ? escape.slice(1) : String.fromCodePoint(Math.min(parseInt(code, 16), 0x10ffff));
    this.put(/^\n/.test(value) ? ' ' : value.slice(0, 1), true);
    if (escape.includes('\n')) this.line += 1;
    this.at += Math.max(escape.length, 1);
  }

  private readRegex(): boolean {
    if (!BEFORE_REGEX.test(this.out.slice(-12).join(''))) return false;
    const end = this.regexEnd(this.at + 1);
    if (end === undefined) return false;
    const body = this.source
      .slice(this.at + 1, end)
      .replace(/\\[a-zA-Z]/g, ' ')
      .replaceAll('\\', '');
    this.openLiteral();
    for (const sign of body) this.put(sign, true);
    this.at = end + 1;
    this.closeLiteral();
    return true;
  }

  /** Begins a literal. If the code concatenates it to the last literal, the view continues that one. */
  private openLiteral(): void {
    const between =
      this.closingQuoteAt === -1
        ? undefined
        : this.out.slice(this.closingQuoteAt + 1, this.closingQuoteAt + 40).join('');
    const joins = this.syntax === 'php' ? /^\s*\.\s*$/ : /^\s*\+\s*$/;
    if (between !== undefined && this.out.length - this.closingQuoteAt < 40 && joins.test(between)) {
      for (const list of [this.out, this.lines, this.isText]) list.length = this.closingQuoteAt;
    } else this.put("'", false);
  }

  private closeLiteral(): void {
    this.closingQuoteAt = this.out.length;
    this.put("'", false);
  }

  private blankUntil(to: number): void {
    this.put(' ', false);
    while (this.at < to) {
      if (this.source[this.at] === '\n') this.take('\n', false);
      else this.at += 1;
    }
  }

  private take(sign: string, isText: boolean): void {
    this.put(sign, isText);
    this.at += 1;
    if (sign === '\n') this.line += 1;
  }

  private put(sign: string, isText: boolean): void {
    this.out.push(sign);
    this.lines.push(this.line);
    this.isText.push(isText);
  }

  private textAhead(count: number): string {
    return this.source.slice(this.at, this.at + count);
  }
}
