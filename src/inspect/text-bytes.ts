/**
 * Converts between the bytes and the text of a file: as UTF-8 if the bytes are valid UTF-8, else as latin-1, which has a character
 * for each byte. Pure.
 *
 * A model that writes a whole file does not choose its encoding, byte order mark and line ends: the file keeps them (decision 0014).
 */
import { isUtf8 } from 'node:buffer';

export type TextEncoding = 'utf-8' | 'latin-1';
export interface FileText {
  text: string;
  encoding: TextEncoding;
}

const BYTE_ORDER_MARK = '\ufeff';

/** Returns undefined for bytes that are no text: those that include a NUL byte. */
export function textOf(bytes: Buffer): FileText | undefined {
  if (bytes.includes(0)) return undefined;
  return isUtf8(bytes)
    ? { text: bytes.toString('utf8'), encoding: 'utf-8' }
    : { text: bytes.toString('latin1'), encoding: 'latin-1' };
}

/** Splits git's output into lines and decodes each line alone, because lines of different files can have different encodings. */
export function linesFromBytes(output: Buffer, decodeOdd: (line: Buffer) => string = latin1Of): string[] {
  if (isUtf8(output)) return output.toString('utf8').split('\n');
  const lines: string[] = [];
  for (let at = 0; at <= output.length;) {
    const end = output.indexOf(10, at);
    const line = output.subarray(at, end === -1 ? output.length : end);
    lines.push(isUtf8(line) ? line.toString('utf8') : decodeOdd(line));
    at += line.length + 1;
  }
  return lines;
}

function latin1Of(line: Buffer): string {
  return line.toString('latin1');
}

/**
 * Encodes `next` as the new content of a file whose old bytes are `before`. A latin-1 file stays latin-1, and a byte order mark that
 * `next` omits is added again. If `next` has no CR, the line ends come from `before`: unchanged lines at the beginning and at the end
 * keep theirs, and all other lines get the most frequent one. `problem`: why `next` cannot be encoded, as half a sentence.
 */
export function encodeLike(before: Buffer, next: string): { bytes: Buffer } | { problem: string } {
  const old = textOf(before);
  if (old === undefined) return { bytes: Buffer.from(next, 'utf8') };
  if (old.encoding === 'latin-1') return encodeText('latin-1', withLineEnds(old.text, next));
  const hasMark = old.text.startsWith(BYTE_ORDER_MARK);
  const withoutMark = (text: string): string => (text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text);
  const text = withLineEnds(withoutMark(old.text), withoutMark(next));
  return { bytes: Buffer.from(hasMark || next.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK + text : text, 'utf8') };
}

/** `problem`: which character of the text latin-1 does not have, and the way out, as half a sentence. */
export function encodeText(encoding: TextEncoding, text: string): { bytes: Buffer } | { problem: string } {
  if (encoding === 'utf-8') return { bytes: Buffer.from(text, 'utf8') };
  const problem = latin1Problem(text);
  return problem === undefined ? { bytes: Buffer.from(text, 'latin1') } : { problem: problem };
}

/** Returns the most frequent line end; LF if the text has none. */
export function usualLineEnd(text: string): '\r\n' | '\n' {
  const { crlf, lf } = countLineEnds(text);
  return crlf > 0 && crlf >= lf ? '\r\n' : '\n';
}

/** Counts the lines that end in CRLF, and those that end in LF alone. */
export function countLineEnds(text: string): { crlf: number; lf: number } {
  const CR = 13;
  let [all, crlf] = [0, 0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    all += 1;
    if (at > 0 && text.charCodeAt(at - 1) === CR) crlf += 1;
  }
  return { crlf, lf: all - crlf };
}

function latin1Problem(text: string): string | undefined {
  const at = text.search(/[^\u0000-\u00ff]/u);
  if (at === -1) return undefined;
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const code = (text.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const line = text.slice(0, at).split('\n').length;
  return (
    `its text is latin-1, not UTF-8, and line ${line} of the new text has ${JSON.stringify(character)} (U+${code}), ` +
    'which latin-1 does not have; leave that character out, or give the whole file as base64'
  );
}

/** Gives `next` the line ends of `before`, unless `next` has a CR itself. `usual`: the line end for a `before` without line ends. */
export function withLineEnds(before: string, next: string, usual: '\r\n' | '\n' = '\n'): string {
  const end = before.includes('\n') ? usualLineEnd(before) : usual;
  if (next.includes('\r') || (end === '\n' && !before.includes('\r'))) return next;
  const [old, now] = [linesOf(before), linesOf(next)];
  const shorter = Math.min(old.length, now.length);
  const isSame = (a: number, b: number): boolean => old[a]?.text === now[b]?.text;
  let head = 0;
  while (head < shorter && isSame(head, head)) head += 1;
  let tail = 0;
  while (tail < shorter - head && isSame(old.length - 1 - tail, now.length - 1 - tail)) tail += 1;
  const endOf = (index: number): string => {
    const kept =
      index < head ? old[index] : index >= now.length - tail ? old[old.length - now.length + index] : undefined;
    return kept === undefined || kept.end === '' ? end : kept.end;
  };
  return now.map(({ text, end }, index) => (end === '' ? text : text + endOf(index))).join('');
}

/** Returns each line with its line end. The last line has no line end, and can be empty. */
function linesOf(text: string): Array<{ text: string; end: string }> {
  const parts = text.split(/(\r?\n)/);
  return parts.flatMap((part, index) => (index % 2 === 0 ? [{ text: part, end: parts[index + 1] ?? '' }] : []));
}
