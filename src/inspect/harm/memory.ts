/**
 * Rules for memory that C and C++ write beyond, texts of users as formats, and what Rust and Go do unsafely. Pure.
 */
import type { CodeView } from '../asks/code-view';
import type { HarmRule, Match } from './rule';

const BEYOND = {
  does: 'copies a text of any length beyond the bounds of a fixed buffer',
  why: 'what is longer is written over other memory; give the size, or refuse what is too long',
} as const;
const FORMAT = {
  does: 'takes a text that comes in as a format that copies memory',
  why: 'who writes the text reads and writes memory; print it with "%s"',
} as const;
const UNSAFE = {
  does: 'goes around the checks of the language',
  why: 'what it relies on no compiler asks',
  isNote: true,
} as const;
const C = { in: ['braces'] as const, beside: /#\s{0,3}include\b/ };
const TO = String.raw`\(\s{0,9}&?(\w{1,60})(?:->\w{1,60}|\.\w{1,60})?(?:\[0\])?(?:\s{0,3}\+\s{0,3}[^,;\n]{1,60})?\s{0,9},\s{0,9}`;

export const MEMORY: readonly HarmRule[] = [
  {
    ...BEYOND,
    ...C,
    pattern: new RegExp(
      String.raw`(?<![\w.>])(?:std::)?(?:strcpy|strcat|stpcpy|wcscpy|wcscat)${TO}(?!')(\w{1,60})`,
      'g',
    ),
    holds: isFixed,
  },
  {
    ...{ ...BEYOND, ...C },
    pattern: new RegExp(
      String.raw`(?<![\w.>])(?:std::)?v?sprintf${TO}'[^']{0,200}%(?:-?\d{1,3})?s[^']{0,200}'\s{0,3},\s{0,9}([^;]{1,120})`,
      'g',
    ),
    holds: isFixed,
  },
  {
    ...BEYOND,
    ...C,
    pattern: /(?<![\w.>:])gets\(\s{0,3}\w|(?<![\w.>])(?:std::)?[fs]?scanf\([^;\n]{0,60}?'[^'\n]{0,60}%s/g,
  },
  {
    ...BEYOND,
    ...C,
    pattern: new RegExp(
      String.raw`(?<![\w.>])(?:std::)?(?:memcpy|memmove|bcopy|strncpy)${TO}[^,;\n]{1,80},\s{0,9}(\w{1,60})\s{0,3}\)`,
      'g',
    ),
    holds: isFixed,
  },
  {
    ...{ ...FORMAT, ...C },
    pattern:
      /(?<![\w.>])(?:std::)?(?:printf\(|(?:fprintf|dprintf)\(\s{0,3}\w{1,40}\s{0,3},|syslog\(\s{0,3}\w{1,40}\s{0,3},)\s{0,3}(\w{1,60})\s{0,3}\)/g,
    holds: isNoConstant,
  },
  {
    ...UNSAFE,
    ...C,
    does: 'takes memory of the stack by a number that is given',
    pattern: /(?<![\w.>])(?:alloca|_alloca)\(\s{0,3}[a-z]\w{0,60}/g,
  },
  {
    ...{ ...UNSAFE, in: ['rust'] },
    pattern:
      /\b(?:get_unchecked(?:_mut)?|from_utf8_unchecked|transmute|unwrap_unchecked|from_raw_parts(?:_mut)?|set_len|assume_init|unreachable_unchecked)\s{0,3}(?:::<[^<>\n]{0,60}>)?\(/g,
  },
  { ...{ ...UNSAFE, in: ['braces'] }, pattern: /\bunsafe\.(?:Pointer|Slice|String|Add)\(/g, beside: /'unsafe'/ },
];

const NEAR_CHARS = 1_200;

/** The buffer is an array of a fixed size, and nothing near asks how long the text is. */
function isFixed({ text }: CodeView, { index, groups: [to = '', from = ''] }: Match): boolean {
  const above = text.slice(Math.max(0, index - NEAR_CHARS), index);
  if (
    !new RegExp(
      `\\b(?:char|wchar_t|uint8_t|unsigned\\s{1,3}char|int8_t|BYTE)\\s{1,3}(?:\\w{1,40}(?:\\[[^\\]]{0,40}\\])?\\s{0,3},\\s{0,3}){0,4}${to}\\s{0,3}\\[\\s{0,3}[A-Z\\d]`,
    ).test(text)
  )
    return false;
  const names = (from.match(/[A-Za-z_]\w{0,60}/g) ?? []).filter((name) => !/^(?:strlen|sizeof|std|c_str)$/.test(name));
  // A size of the buffer itself, or a constant, is a bound.
  if (names.length === 0 || names.every((name) => /^[A-Z][A-Z\d_]*$/.test(name))) return false;
  return !names.some((name) =>
    new RegExp(
      `\\bstr(?:n?len)(?:_s)?\\(\\s{0,3}${name}\\b|\\b${name}(?:\\.(?:size|length)\\(\\))?\\s{0,3}(?:[<>]=?)|[<>]=?\\s{0,3}${name}\\b|\\bmin(?:<\\w+>)?\\([^()\\n]{0,60}\\b${name}\\b|\\b${name}\\s{0,3}=\\s{0,3}[^;\\n]{0,60}(?:sizeof|min|strnlen)|\\b(?:const\\s{1,3})?char\\s{0,3}\\*\\s{0,3}(?:const\\s)?${name}\\s{0,3}=\\s{0,3}'`,
    ).test(above),
  );
}

/** A name in capitals, or one that has a literal, says itself what it is. */
function isNoConstant({ text }: CodeView, { groups: [name = ''] }: Match): boolean {
  if (/^[A-Z\d_]+$|^\d/.test(name)) return false;
  return !new RegExp(`\\b${name}\\s{0,3}(?:\\[\\s{0,3}\\d{0,6}\\s{0,3}\\])?\\s{0,3}=\\s{0,3}'`).test(text);
}
