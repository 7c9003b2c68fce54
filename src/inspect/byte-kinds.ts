/**
 * Names the kind of a binary file by its first bytes, for messages. Pure.
 */

/** The first bytes of each kind, written as latin-1 characters. */
const KINDS: Array<[string, string]> = [
  ['\xff\xfe', 'text in UTF-16 (little endian)'],
  ['\xfe\xff', 'text in UTF-16 (big endian)'],
  ['\x89PNG\r\n', 'a PNG image'],
  ['\xff\xd8\xff', 'a JPEG image'],
  ['GIF8', 'a GIF image'],
  ['RIFF', 'a RIFF file (WebP, WAV or AVI)'],
  ['%PDF-', 'a PDF document'],
  ['PK\x03\x04', 'a ZIP archive'],
  ['\x1f\x8b', 'a gzip archive'],
  ['\x7fELF', 'a program (ELF)'],
  ['\0asm', 'a WebAssembly module'],
  ['\xca\xfe\xba\xbe', 'a Java class'],
  ['SQLite format 3\0', 'an SQLite database'],
  ['wOF', 'a font (WOFF)'],
];

/** True if the bytes begin with a UTF-16 byte order mark; hardly any latin-1 text begins with these two bytes. */
export function isUtf16(bytes: Buffer): boolean {
  const first = bytes.toString('latin1', 0, 2);
  return first === '\xff\xfe' || first === '\xfe\xff';
}

export function describeBinary(bytes: Buffer): string {
  const head = bytes.toString('latin1', 0, 16);
  return KINDS.find(([start]) => head.startsWith(start))?.[1] ?? 'no text in UTF-8 or latin-1 (it holds NUL bytes)';
}
