/**
 * Converts paths between bytes and text without loss. Git and file systems allow any bytes in a path.
 *
 * Each byte that is not valid UTF-8 is written `\xHH` (two lower-case hex digits), and a backslash is written `\x5c`, so that each
 * path has exactly one text form. Pure.
 */
import { isUtf8 } from 'node:buffer';

const BACKSLASH = 0x5c;

/** Example: `na\xefve` for the latin-1 bytes of "naïve". A UTF-8 path without a backslash stays unchanged. */
export function pathFromBytes(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8').replaceAll('\\', escapeByte(BACKSLASH));
  let path = '';
  for (let at = 0; at < bytes.length;) {
    const length = utf8LengthAt(bytes, at);
    path += length === 0 ? escapeByte(bytes[at] ?? 0) : pathFromBytes(bytes.subarray(at, at + length));
    at += Math.max(1, length);
  }
  return path;
}

/** Returns the bytes of a path; a backslash that begins no escape stands for itself. */
export function pathToBytes(path: string): Buffer {
  const parts = path.split(/\\x([0-9a-f]{2})/);
  return Buffer.concat(
    parts.map((part, index) => (index % 2 === 1 ? Buffer.from(part, 'hex') : Buffer.from(part, 'utf8'))),
  );
}

/** True for a path as `pathFromBytes` writes it; false for another form of the same bytes, such as `\xc3\xa9` for "é". */
export function isCanonicalPath(path: string): boolean {
  return pathFromBytes(pathToBytes(path)) === path;
}

/** Splits git's `-z` output at NUL bytes and reads each field as a path. */
export function splitFields(output: Buffer): string[] {
  const fields: string[] = [];
  for (let at = 0; at <= output.length;) {
    const end = output.indexOf(0, at);
    const stop = end === -1 ? output.length : end;
    fields.push(pathFromBytes(output.subarray(at, stop)));
    at = stop + 1;
  }
  return fields;
}

function escapeByte(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}

/** Returns the length of the valid UTF-8 sequence that begins here; 0 if there is none. */
function utf8LengthAt(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  return at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0;
}
