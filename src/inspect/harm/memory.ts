/**
 * Rules for memory errors: C and C++ that write past a buffer or use input as a format, and unsafe code of Rust and Go.
 * Pure.
 */
import type { CodeView } from '../asks/code-view';
import type { HarmRule, Match } from './rule';

const OVERFLOW = {
  does: 'copies a text of any length beyond the bounds of a fixed buffer',
  why: 'a longer text is written over other memory; pass the size, or refuse a text that is too long',
} as const;
const FORMAT = {
  does: 'takes input as a format string',
  why: 'the author of the input can read and write memory; print it with "%s"',
} as const;
const UNSAFE = {
  does: 'goes around the checks of the language',
  why: 'no compiler checks what the code relies on',
  isNote: true,
} as const;
const C = { in: ['braces'] as const, beside: /#\s{0,3}include\b/ };
/** The first argument of a call, the buffer that is written; its group is the name. */
const TARGET_ARGUMENT = String.raw`\(\s{0,9}&?(\w{1,60})(?:->\w{1,60}|\.\w{1,60})?(?:\[0\])?(?:\s{0,3}\+\s{0,3}[^,;\n]{1,60})?\s{0,9},\s{0,9}`;

export const MEMORY: readonly HarmRule[] = [
  {
    ...OVERFLOW,
    ...C,
    pattern: new RegExp(
      String.raw`(?<![\w.>])(?:std::)?(?:strcpy|strcat|stpcpy|wcscpy|wcscat)${TARGET_ARGUMENT}(?!')(\w{1,60})`,
      'g',
    ),
    holds: isUncheckedFixedBuffer,
  },
  {
    ...{ ...OVERFLOW, ...C },
    pattern: new RegExp(
      String.raw`(?<![\w.>])(?:std::)?v?sprintf${TARGET_ARGUMENT}'[^']{0,200}%(?:-?\d{1,3})?s[^']{0,200}'\s{0,3},\s{0,9}([^;]{1,120})`,
      'g',
    ),
    holds: isUncheckedFixedBuffer,
  },
  {
    ...OVERFLOW,
    ...C,
    pattern: /(?<![\w.>:])gets\(\s{0,3}\w|(?<![\w.>])(?:std::)?[fs]?scanf\([^;\n]{0,60}?'[^'\n]{0,60}%s/g,
  },
  {
    ...OVERFLOW,
    ...C,
    pattern: new RegExp(
      String.raw`(?<![\w.>])(?:std::)?(?:memcpy|memmove|bcopy|strncpy)${TARGET_ARGUMENT}[^,;\n]{1,80},\s{0,9}(\w{1,60})\s{0,3}\)`,
      'g',
    ),
    holds: isUncheckedFixedBuffer,
  },
  {
    ...{ ...FORMAT, ...C },
    pattern:
      /(?<![\w.>])(?:std::)?(?:printf\(|(?:fprintf|dprintf)\(\s{0,3}\w{1,40}\s{0,3},|syslog\(\s{0,3}\w{1,40}\s{0,3},)\s{0,3}(\w{1,60})\s{0,3}\)/g,
    holds: isVariable,
  },
  {
    ...UNSAFE,
    ...C,
    does: 'allocates memory of the stack by a variable size',
    pattern: /(?<![\w.>])(?:alloca|_alloca)\(\s{0,3}[a-z]\w{0,60}/g,
  },
  {
    ...{ ...UNSAFE, in: ['rust'] },
    pattern:
      /\b(?:get_unchecked(?:_mut)?|from_utf8_unchecked|transmute|unwrap_unchecked|from_raw_parts(?:_mut)?|set_len|assume_init|unreachable_unchecked)\s{0,3}(?:::<[^<>\n]{0,60}>)?\(/g,
  },
  { ...{ ...UNSAFE, in: ['braces'] }, pattern: /\bunsafe\.(?:Pointer|Slice|String|Add)\(/g, beside: /'unsafe'/ },
];

const MAX_CHARS_ABOVE = 1_200;

/** True if the buffer is an array of fixed size and no code nearby checks the length of the text. */
function isUncheckedFixedBuffer({ text }: CodeView, { index, groups: [to = '', from = ''] }: Match): boolean {
  const above = text.slice(Math.max(0, index - MAX_CHARS_ABOVE), index);
  if (
    !new RegExp(
      `\\b(?:char|wchar_t|uint8_t|unsigned\\s{1,3}char|int8_t|BYTE)\\s{1,3}(?:\\w{1,40}(?:\\[[^\\]]{0,40}\\])?\\s{0,3},\\s{0,3}){0,4}${to}\\s{0,3}\\[\\s{0,3}[A-Z\\d]`,
    ).test(text)
  )
    return false;
  const names = (from.match(/[A-Za-z_]\w{0,60}/g) ?? []).filter((name) => !/^(?:strlen|sizeof|std|c_str)$/.test(name));
  // The size of the buffer, or a constant, limits the copy.
  if (names.length === 0 || names.every((name) => /^[A-Z][A-Z\d_]*$/.test(name))) return false;
  return !names.some((name) =>
    new RegExp(
      `\\bstr(?:n?len)(?:_s)?\\(\\s{0,3}${name}\\b|\\b${name}(?:\\.(?:size|length)\\(\\))?\\s{0,3}(?:[<>]=?)|[<>]=?\\s{0,3}${name}\\b|\\bmin(?:<\\w+>)?\\([^()\\n]{0,60}\\b${name}\\b|\\b${name}\\s{0,3}=\\s{0,3}[^;\\n]{0,60}(?:sizeof|min|strnlen)|\\b(?:const\\s{1,3})?char\\s{0,3}\\*\\s{0,3}(?:const\\s)?${name}\\s{0,3}=\\s{0,3}'`,
    ).test(above),
  );
}

/** False for names in capitals and for names with a literal value. */
function isVariable({ text }: CodeView, { groups: [name = ''] }: Match): boolean {
  if (/^[A-Z\d_]+$|^\d/.test(name)) return false;
  return !new RegExp(`\\b${name}\\s{0,3}(?:\\[\\s{0,3}\\d{0,6}\\s{0,3}\\])?\\s{0,3}=\\s{0,3}'`).test(text);
}
