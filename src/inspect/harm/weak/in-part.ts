/**
 * Finds operations on a part that must cover the whole: one character of several is escaped (CWE-116), a signature is
 * compared by its prefix (CWE-347), a password is hashed without its case or its end (CWE-521). Pure.
 */
import { literal } from '../../../domain/literal';
import type { CodeView } from '../../asks/code-view';
import type { HarmRule, Match } from '../rule';

const ESCAPES_FIRST_ONLY = {
  does: 'makes only the first sign harmless and leaves all others',
  why: 'a text with two of them still runs as code; replace all of them',
  after: 'CWE-116',
} as const;
const COMPARES_PART = {
  does: 'takes a signature of which only a part is right',
  why: 'a few attempts find the part, and an empty one may pass; compare all of it in constant time',
  after: 'CWE-347',
} as const;
const PART_OF_PASSWORD = {
  does: 'hashes or compares less than the password',
  why: 'many other passwords are accepted as well; hash it as it was typed',
  after: 'CWE-521',
} as const;

/** A literal of one character that has a meaning in markup or a query. */
const SPECIAL_CHARACTER = String.raw`'(?:[<>&"']|\\["'])'`;
/** The escape that replaces it. */
const HARMLESS = String.raw`'(?:&(?:lt|gt|amp|quot|apos|#\d{2,3}|#x[\da-fA-F]{2});|''|""|\\\\?["']|'\\''|'"'"')'`;
const COMMA = String.raw`\s{0,3},\s{0,3}`;

/** A number of characters up to eleven. Some protocols compare sixteen or more on purpose. */
const FEW = '(?:[1-9]|1[01])';
/** The objects before a member. */
const PATH = String.raw`\$?(?:[\w$]{1,30}(?:\??\.|->)){0,2}`;
/** A variable that holds a signature or a digest, by its name. */
const SIGNATURE = String.raw`${PATH}[\w$]{0,24}?(?:[sS]ignature|[sS]ig|[hH]mac|HMAC|[dD]igest|[mM]ac|[tT]ag|[hH]ash|[cC]hecksum|[eE]xpected|[cC]omputed|[cC]alculated|[aA]ctual|[gG]iven|[pP]rovided|[rR]eceived|[sS]ent)(?:Hex|_hex|Bytes|_bytes|Header|_header)?(?![\w$])`;
/** The beginning of a text by its first characters. */
const CUT = String.raw`(?:\.(?:slice|substring|substr|subarray|Substring)\(\s{0,3}0\s{0,3},\s{0,3}${FEW}\s{0,3}\)|\[\s{0,3}0?\s{0,3}:\s{0,3}${FEW}\s{0,3}\])`;
const EQUAL = String.raw`\s{0,3}[!=]==?\s{0,3}`;

/** A variable that holds a password, by its name. */
const PASSWORD = String.raw`\$?(?:[\w$]{1,30}(?:\??\.|->|\[:?')){0,3}[\w$]{0,20}?[pP]ass(?:[wW]ord|[pP]hrase|[wW]d)(?:'\])?(?![\w$])`;
/** A number of characters up to 59. */
const SMALL = '(?:[1-9]|[1-5]\\d)';

export const IN_PART: readonly HarmRule[] = [
  {
    ...{ ...ESCAPES_FIRST_ONLY, in: ['script'] },
    pattern: new RegExp(
      String.raw`\.replace\(\s{0,9}(?:${SPECIAL_CHARACTER}(?![a-z]{0,6}g)[a-z]{0,6}${COMMA}${HARMLESS}|'\[(?=[^\]\n]{0,8}<)[&<>"'\/\\\x60]{2,10}\]'(?![a-z]{0,6}g)[a-z]{0,6}${COMMA}(?!''\s{0,3}\)))`,
      'g',
    ),
  },
  {
    ...{ ...ESCAPES_FIRST_ONLY, in: ['python', 'braces', 'ruby', 'rust'] },
    pattern: new RegExp(
      String.raw`(?:\.replacen?\(|\bstrings\.Replace\(\s{0,3}[\w.]{1,60}\s{0,3},)\s{0,3}${SPECIAL_CHARACTER}${COMMA}${HARMLESS}${COMMA}1\s{0,3}\)|\.(?:replaceFirst\(|sub[( ])\s{0,3}${SPECIAL_CHARACTER}${COMMA}${HARMLESS}`,
      'g',
    ),
  },
  {
    ...{ ...COMPARES_PART, beside: /hmac|signature|\bsign\(/i },
    pattern: new RegExp(
      String.raw`(?<![\w$.>])(${SIGNATURE})\??\.(?:startsWith|startswith|StartsWith|starts_with|start_with\?|indexOf)\(\s{0,3}&?(${SIGNATURE})\s{0,3}(?:,\s{0,3}StringComparison\.\w{1,30}\s{0,3})?\)(?:\s{0,3}===?\s{0,3}0\b)?|\b(?:strings|bytes)\.HasPrefix\(\s{0,3}(?:\[\]byte\()?(${SIGNATURE})\)?\s{0,3},\s{0,3}(?:\[\]byte\()?${SIGNATURE}\)?\s{0,3}\)|\b(?:str_starts_with|strncmp)\(\s{0,3}${SIGNATURE}\s{0,3},\s{0,3}${SIGNATURE}\s{0,3}[,)]`,
      'g',
    ),
    holds: (_, { text: call }) => isOfSignature(call) && !(/indexOf/.test(call) && !/0$/.test(call)),
  },
  {
    ...{ ...COMPARES_PART, beside: /hmac|signature|\bsign\(/i },
    pattern: new RegExp(
      String.raw`(?<![\w$.>])${SIGNATURE}${CUT}${EQUAL}${SIGNATURE}|(?<![\w$.>])${SIGNATURE}${EQUAL}${SIGNATURE}${CUT}|\b(?:timingSafeEqual|compare_digest|ConstantTimeCompare|hmac\.Equal|hash_equals)\(\s{0,9}(?:Buffer\.from\(\s{0,3}|\[\]byte\(\s{0,3})?${SIGNATURE}${CUT}`,
      'g',
    ),
    holds: (_, { text: all }) => isOfSignature(all),
  },
  {
    ...COMPARES_PART,
    pattern:
      /\bif\s{0,3}\(?\s{0,3}(?:(?:!|not\s{1,3})\s{0,3}[\w$.]{0,30}[sS]ignature|[\w$.]{0,30}[sS]ignature\s{0,3}(?:===?|\bis\b)\s{0,3}(?:''|null|nil|None|undefined))\s{0,3}\)?\s{0,3}[:{]?\s{0,60}return\s{1,3}(?:true|True)\b/g,
  },
  {
    ...PART_OF_PASSWORD,
    pattern: new RegExp(
      String.raw`(?<![\w$.>])(${PASSWORD})(?:\??\.(?:trim|strip)\(\))?(?:\??\.(?:toLowerCase|toUpperCase|toLocaleLowerCase|lower|upper|casefold|ToLower|ToUpper|ToLowerInvariant|ToUpperInvariant|lowercase|uppercase|to_lowercase|to_uppercase)\(\)|\.(?:downcase|upcase)\b|\.(?:slice|substring|substr|Substring|take)\(\s{0,3}(?:0\s{0,3},\s{0,3})?${SMALL}\s{0,3}\)|\[\s{0,3}0?\s{0,3}(?::|,|\.\.\.?)\s{0,3}${SMALL}\s{0,3}\])|\b(?:strings\.To(?:Lower|Upper)|strto(?:lower|upper)|mb_strtolower)\(\s{0,3}(${PASSWORD})\s{0,3}\)|\bsubstr\(\s{0,3}(${PASSWORD})\s{0,3},\s{0,3}0\s{0,3},\s{0,3}${SMALL}\s{0,3}\)`,
      'g',
    ),
    holds: isHashedOrCompared,
  },
];

/** True if a name says that it is a signature; words such as `given` and `hash` alone do not. */
function isOfSignature(text: string): boolean {
  return /sig(?:nature)?(?![a-z])|hmac|(?<![a-z])mac(?![a-z])|Mac(?![a-z])|digest/i.test(text);
}

/** The start of a call that hashes or compares a password. */
const HASH_CALL = String.raw`[\w$.:]{0,40}(?:[hH]ash|scrypt|[bB]crypt|[aA]rgon2?|pbkdf2|PBKDF2|[dD]igest|[hH]mac|[dD]erive|[sS]ha\d|SHA\d|md5|MD5|checkpw|check_password|CompareHash|timingSafeEqual|compare_digest|[eE]ncrypt)\w{0,30}(?:\.\w{1,20}|::\w{1,20})?\(`;
/** Words for a check that the password is not a common one. */
const WEAK_PASSWORD_CHECK =
  /common|weak|breach|pwned|black_?list|deny_?list|forbidden|dictionary|strength|similar|zxcvbn|banned/i;

/** True if the code hashes the changed password, or compares it with the stored one. */
function isHashedOrCompared({ text }: CodeView, { index, text: found, groups }: Match): boolean {
  const above = text.slice(Math.max(0, index - 160), index);
  const before = above.split(/[;{}]|\n\s{0,40}\n/).at(-1) ?? '';
  const after = text.slice(index + found.length, index + found.length + 1_000);
  if (WEAK_PASSWORD_CHECK.test(before + after.slice(0, 80))) return false;
  if (new RegExp(`${HASH_CALL}[^;]{0,120}$`).test(before)) return true;
  if (/\.update\(\s{0,3}$/.test(before) || /^\)?\s{0,3}\.(?:encode|getBytes|as_bytes|toByteArray)\(/.test(after))
    return true;
  const password = groups.find((one) => one !== '') ?? /\(\s{0,3}([\w$.>-]{1,80})/.exec(found)?.[1] ?? '';
  const other = /^\s{0,3}[!=]==?\s{0,3}([\w$.>-]{1,80})/.exec(after)?.[1];
  if (other !== undefined) return /pass|hash|stored|secret/i.test(other) && !other.startsWith(password);
  const [, target] = /([\w$]{1,40})\s{0,3}(?::[^=\n]{1,30})?:?=\s{0,3}$/.exec(before) ?? [];
  return (
    target !== undefined && new RegExp(`${HASH_CALL}[^;\\n]{0,120}(?<![\\w$.])${literal(target)}(?![\\w$])`).test(after)
  );
}
