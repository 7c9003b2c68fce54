/**
 * Text that displays as other code than it runs is found; usual text in every script is not.
 */
import { misleadingReason } from '../../../src/inspect/delivered/readable';

const problemOf = (path: string, text: string, line = 3): string | undefined =>
  misleadingReason({ path, line, text }, `${text}\nconst pay = copy;\n`);

test.each([
  ['a mark of direction in a comment', 'src/a.js', '/* whole cents \u2067*/ if (sum > 9) return sum; /*\u2069 */'],
  ['an invisible name', 'src/a.js', 'const { \u3164 } = basket;'],
  ['a letter of no width in a name', 'a.py', 'pa\u200by = 1'],
  ['a tag behind a text', 'src/a.ts', `const a = 'x\u{e0041}';`],
  ['a byte order mark within a line', 'src/a.ts', 'const a\ufeff = 1;'],
  ['a variation behind a letter', 'src/a.go', 'var pay\ufe00 = 1'],
  ['a run of variations', 'src/a.js', "const s = '\ufe00\ufe01\ufe02';"],
  ['an end of line that editors do not show', 'src/a.js', '// whole cents\u2028return 0;'],
  ['a carriage return in a comment', 'src/a.js', '// whole cents\rreturn 0;'],
  ['Latin with one letter of Cyrillic', 'src/a.js', 'const p\u0430y = 1;'],
  ['a word of Cyrillic that looks like a name of the file', 'src/a.js', 'const \u0441\u043e\u0440\u0443 = 1;'],
  ['a name after a lifetime of Rust', 'src/a.rs', "fn f<'a>(p\u0430y: &'a u8) {}"],
  ['styled letters, which Python reads as plain ones', 'a.py', '\u{1d41e}xec(text)'],
  ['a hidden sign in a guide for agents', 'AGENTS.md', 'Be kind.\u200b'],
])('%s is found', (_name, path, text) =>
  expect(problemOf(path, text)).toMatch(/sign that cannot be seen|letters|looks like/),
);

test.each([
  ['a byte order mark at the beginning', 'src/a.cs', '\ufeffusing System;', 1],
  ['code that takes a byte order mark away', 'src/a.js', "text.replace(/^\ufeff/, '')", 3],
  ['a family of signs', 'src/a.js', "const a = '\u{1f468}\u200d\u{1f469}\u200d\u{1f467} \u2764\ufe0f';", 3],
  ['a flag of a region', 'src/a.js', "const a = '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}';", 3],
  ['Persian with a joiner', 'src/a.js', "const a = '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645';", 3],
  ['Hebrew with marks in a translation', 'locales/he.json', '"a": "\u200f\u05e9\u05dc\u05d5\u05dd\u202b!\u202c"', 3],
  [
    'words of Cyrillic',
    'src/a.py',
    '\u0441\u0443\u043c\u043c\u0430 = \u0446\u0435\u043d\u0430 # \u0438\u0442\u043e\u0433\u043e pay',
    3,
  ],
  ['two scripts in a text', 'src/a.js', "const a = 'HTML\u043e\u043c';", 3],
  ['signs of mathematics', 'a.py', '\u0394t = \u03b1Max * d\u03b8 + \u03c4_rise', 3],
  ['a line that ends in CR LF', 'src/a.cs', 'var \u00fc = 1;\r', 3],
  ['umlauts and Chinese', 'src/a.js', "const gr\u00f6\u00dfe = '\u4ef7\u683c';", 3],
])('%s is read as it runs', (_name, path, text, line) => expect(problemOf(path, text, line)).toBeUndefined());
