/**
 * Finds added lines that display as other code than they run: controls of text direction, invisible characters, line
 * ends that editors do not show, and names that look like others. Pure; each line is read once.
 */
import { CODE } from '../judges/graph';
import { isForTests } from './tree';
import { isGuide } from './guides';
import { lookalikeProblem } from './lookalikes';

export interface Line {
  path: string;
  line: number;
  text: string;
}

/** Settings and scripts whose text has an effect, in addition to code. */
const SETTINGS =
  /\.(?:json5?|jsonc|ya?ml|toml|ini|cfg|conf|env|properties|xml|html?|sql|gradle|mk|cmake|tf|proto|graphql|ps1|bat|zsh|sol|zig|jl|hs|clj|erl|nim|astro|mts|cts)$|(?:^|\/)(?:[^/]*Dockerfile[^/]*|[^/]*[mM]akefile|Jenkinsfile|Procfile|\.[\w.-]+)$/;
const DATA = /\.(?:json5?|jsonc|ya?ml|toml|ini|cfg|conf|env|properties)$|(?:^|\/)\.env(?:\.[\w-]+)?$/;
const TRANSLATIONS =
  /(^|\/)(?:locales?|i18n|l10n|langs?|languages|translations?|messages|intl|strings)(?:[./_-]|$)|\.(?:po|pot|arb|strings|xlf|xliff|resx|ftl)$|[._-](?:ar|fa|he|ur|ps|yi|ku|ckb|hi|bn|ta)(?:[_-]\w+)?\.\w+$/i;

/** Controls that change the order in which characters are displayed. */
const DIRECTION_CONTROL = /[\u061c\u202a-\u202e\u2066-\u2069]/u;
const DIRECTION_MARK = /[\u200e\u200f]/u;
const JOINER = /[\u200c\u200d]/u;
const TAG_CHARACTER = /[\u{e0000}-\u{e007f}]/u;
const VARIATION_SELECTOR = /[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/u;
const INVISIBLE_SIGN =
  /[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u2060-\u2065\u206a-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb]/u;
/** Control characters that end a line for some readers, or that a terminal takes for commands. */
const CONTROL = /[\u0000-\u0008\u000d\u000e-\u001f\u007f-\u009f\u2028\u2029]/u;
const INVISIBLE = new RegExp(
  [DIRECTION_CONTROL, DIRECTION_MARK, JOINER, TAG_CHARACTER, VARIATION_SELECTOR, INVISIBLE_SIGN, CONTROL]
    .map(({ source }) => source)
    .join('|'),
  'u',
);
/** Scripts whose words need joiners. */
const JOINED_SCRIPT =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Gujarati}\p{Script=Gurmukhi}\p{Script=Oriya}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Thai}\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f]/u;

/** True for files in which such characters can hide an effect. */
export function isReadAsCode(path: string): boolean {
  return CODE.test(path) || SETTINGS.test(path) || isGuide(path);
}

/** Returns what is wrong with an added line; undefined for nearly all lines. `text` is the whole file. */
export function misleadingReason({ path, line, text: row }: Line, text: string): string | undefined {
  if (!/[^\t\n\f\v -~]/.test(row)) return undefined;
  const visibleRow = (line === 1 ? row.replace(/^\ufeff/, '') : row).replace(/\r$/, '');
  const invisible = invisibleCharacter(path, visibleRow);
  if (invisible !== undefined) return invisible;
  // In Rust a single quote may begin a lifetime, which is no literal.
  if (CODE.test(path))
    return lookalikeProblem(path.endsWith('.rs') ? visibleRow.replaceAll("'", ' ') : visibleRow, text);
  return DATA.test(path) ? lookalikeProblem(keysOf(visibleRow), text) : undefined;
}

/** Returns the keys of a line of data. Only keys can be mistaken for others: programs read them by name. */
function keysOf(row: string): string {
  return [...row.matchAll(/(?:^|[\s{,["'])([\p{L}\p{M}\p{N}_$.-]{2,80})["']?\s{0,3}[:=](?![:=])/gu)]
    .map(([, key = '']) => key)
    .join(' ');
}

/** Returns the reason for the first invisible character that is unusual at its place; undefined if there is none. */
function invisibleCharacter(path: string, row: string): string | undefined {
  if (!INVISIBLE.test(row)) return undefined;
  const signs = [...row];
  let quote = '';
  for (const [at, sign] of signs.entries()) {
    if (quote === '' ? /["'`]/.test(sign) : sign === quote && signs[at - 1] !== '\\') quote = quote === '' ? sign : '';
    if (INVISIBLE.test(sign) && !isUsualAt({ signs, at, path, isQuoted: quote !== '' }))
      return `has a sign that cannot be seen: U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  }
  return undefined;
}

interface Place {
  signs: string[];
  at: number;
  path: string;
  isQuoted: boolean;
}

/** True if the character is usual at its place: in words of other scripts, in translations, in emoji, in quoted test data. */
function isUsualAt({ signs, at, path, isQuoted }: Place): boolean {
  const [before = '', sign = '', next = ''] = [signs[at - 1], signs[at], signs[at + 1]];
  if (VARIATION_SELECTOR.test(sign))
    return before !== '' && !/[\p{Script=Latin}_$\s"'`]/u.test(before) && !VARIATION_SELECTOR.test(before);
  if (TAG_CHARACTER.test(sign)) return isFlag(signs, at);
  // Code that removes a byte order mark contains one: '\ufeff', /^\ufeff/.
  if (sign === '\ufeff' && /["'`^/]/.test(before) && /["'`/]/.test(next)) return true;
  const isTranslated = TRANSLATIONS.test(path) && (isQuoted || !CODE.test(path));
  if (JOINER.test(sign)) return (JOINED_SCRIPT.test(before) && JOINED_SCRIPT.test(next)) || isTranslated;
  if (DIRECTION_CONTROL.test(sign) || DIRECTION_MARK.test(sign) || sign === '\u200b' || sign === '\u2060')
    return isTranslated || (isForTests(path) && isQuoted && !DIRECTION_CONTROL.test(sign));
  if (CONTROL.test(sign) || INVISIBLE_SIGN.test(sign))
    return isForTests(path) && isQuoted && sign !== '\r' && !/\u2028|\u2029/.test(sign);
  return false;
}

/** True inside a flag emoji of a region: a black flag, followed by tag characters. */
function isFlag(signs: string[], at: number): boolean {
  let first = at;
  while (first > 0 && at - first < 8 && TAG_CHARACTER.test(signs[first - 1] ?? '')) first -= 1;
  return signs[first - 1] === '\u{1f3f4}';
}
