/**
 * Finds numbers that a change makes less secure: rounds of password hashing, key lengths, session lifetimes, attempt
 * limits. A number is compared with the one in its place before, so new settings are never reported. Pure.
 */
import type { Harm } from '../rule';
import { rowsAround, alteredRow } from './hunk';
import type { Altered, Hunk, Row } from './hunk';
import { namedValues, numbersOf, quantitiesOf } from './quantities';

/** A kind of number that protects, and when its new value is worse. */
interface Measure extends Pick<Harm, 'does' | 'why'> {
  /** Names of the number. */
  names: RegExp;
  /** Must match the name, the rows around it or the path. */
  about: RegExp;
  /** If the name or the rows around it match, the number has another meaning. */
  unless?: RegExp;
  isWorse: (before: string, after: string) => boolean;
}

const TENFOLD = 10;
const GUESSING_IS_FASTER = 'an attacker needs less time to try a password';

const MEASURES: readonly Measure[] = [
  {
    does: 'lowers the work of hashing passwords',
    why: GUESSING_IS_FASTER,
    names:
      /pbkdf2|bcrypt|scrypt|argon|gensalt|hashpw|rfc2898|PBEKeySpec|iterations?\b|rounds\b|strength|work_?factor|(?:time|mem(?:ory)?|hash|crypt)_?cost|\bcost\b|opslimit|memlimit|password_?hash|GenerateFromPassword|DeriveBytes|deriveKey|^'?N'?$|\b(?:hash|hashSync|Params(?:::new)?)$/i,
    about:
      /pbkdf2|bcrypt|scrypt|argon|rfc2898|PBEKeySpec|passlib|hashpw|password_?(?:hash|encoder|hasher)|DeriveBytes/i,
    isWorse: hasLowerNumber,
  },
  {
    does: 'shortens a key, a salt, a token or a password',
    why: 'a shorter one is guessed sooner',
    names:
      /key_?(?:len|length|size|bits)|dklen|hash_?len|modulus|bits\b|token_?(?:bytes|hex|urlsafe|len|length|size)|generate_?(?:private_?|rsa_?)?key|KeyGenerator|rsa|initialize|random_?bytes|(?:salt|nonce|secret|session_?id)_?(?:len|length|size|bytes)|min_?(?:password_?)?len|password_?min|min_?password|(?:otp|code)_?(?:len|length|digits)|^'?min(?:imum)?'?$/i,
    about: /key|token|secret|salt|nonce|password|session|otp|code|random|crypt/i,
    unless: /\bprimary_?key|foreign_?key|keyboard|map\.keys|cache_?key/i,
    isWorse: hasLowerNumber,
  },
  {
    does: 'lets a sign-in, a token or a cookie live ten times as long or more',
    why: 'a stolen one can be used for longer',
    names:
      /expir|max_?age|max-age|ttl|life_?time|valid|time_?out|duration|inactive|_age\b|^'?exp'?$|not_?after|remember|\bage\b/i,
    about: /session|token|jwt|cookie|auth|log_?in|sign_?in|credential|password|otp|magic|remember|bearer|sso|saml/i,
    unless:
      /cache|asset|static|retr|request_?time|connect|socket|read_?time|cors|preflight|hsts|strict-transport|keep_?alive/i,
    isWorse: (before, after) => isRaised(before, after) || isEndless(after),
  },
  {
    does: 'raises a limit of attempts or requests tenfold or more',
    why: 'an attacker who guesses or floods is stopped later or never',
    names:
      /max|limit|points|attempts?|tries|rate|requests?|burst|permits?|threshold|lock_?out|throttle|fail|quota|#.{0,9}(?:per|\/)/i,
    about:
      /rate_?-?limit|limiter|throttl|brute|rack.?attack|limit_req|(?:log_?in|sign_?in|auth|otp|pin|password|code|verif\w{0,8}|fail\w{0,5})_?\w{0,12}(?:attempt|tries|fail)|(?:attempt|tries|fail\w{0,5})[\s\S]{0,200}(?:log_?in|sign_?in|password|lock|otp)|(?:log_?in|sign_?in|password|lock|otp)[\s\S]{0,200}(?:attempt|tries|fail)/i,
    unless: /retr(?:y|ies)|back_?off|reconnect|poll_?|max_?age|max_?(?:len|size|bytes)|page_?size|body/i,
    isWorse: (before, after) => isRaised(before, after) || isTurnedOff(before, after),
  },
  {
    does: 'shortens to a tenth or less the time for which attempts are counted or locked',
    why: 'an attacker may soon continue to guess',
    names:
      /window|period|interval|block_?duration|lock(?:_?out)?_?(?:time|duration|min|sec|for|ms)|cool_?(?:off|down)/i,
    about: /rate_?-?limit|limiter|throttl|brute|lock_?out|lock_?time|log_?in|sign_?in|attempt/i,
    unless: /retr(?:y|ies)|back_?off|poll_?/i,
    isWorse: (before, after) => isRaised(after, before),
  },
];

export function weakened(file: Altered): Harm[] {
  let isAboutHashing: boolean | undefined;
  // The name of the hash function may be at the top of the file, far above its use.
  const isHashingFile = (): boolean => (isAboutHashing ??= file.before.some((row) => MEASURES[0]?.about.test(row)));
  return file.hunks.flatMap((hunk) => inHunk(file, hunk, isHashingFile));
}

function inHunk(file: Altered, { removed, added }: Hunk, isHashingFile: () => boolean): Harm[] {
  if (removed.length === 0) return [];
  const before = new Map<string, ChangedValue['was']>();
  for (const row of removed)
    for (const { name, value } of namedValues(row.text)) if (!before.has(name)) before.set(name, { value, row });
  const harms: Harm[] = [];
  for (const row of added) {
    const found = namedValues(row.text).flatMap(({ name, value }) => {
      const was = before.get(name);
      return was === undefined || was.value.trim() === value.trim()
        ? []
        : measureHarm(file, { name, value, row, was }, isHashingFile);
    });
    harms.push(...found.slice(0, 1));
  }
  return harms;
}

interface ChangedValue {
  name: string;
  value: string;
  row: Row;
  was: { value: string; row: Row };
}

function measureHarm(
  { path, after }: Altered,
  { name, value, row, was }: ChangedValue,
  isHashingFile: () => boolean,
): Harm[] {
  const context = `${path}\n${rowsAround(after, row.line)}`;
  return MEASURES.filter(({ names, about, unless, isWorse }) => {
    return (
      isNamed(names, name, context) &&
      (about.test(context) || (about === MEASURES[0]?.about && isHashingFile())) &&
      unless?.test(rowsAround(after, row.line, 2)) !== true &&
      isWorse(was.value, value)
    );
  })
    .slice(0, 1)
    .map((measure) => alteredRow(measure, row, was.row));
}

/** The pattern is tested on the name. If the row is only a number, it is tested on the rows around it. */
function isNamed(names: RegExp, name: string, context: string): boolean {
  return /\w{2}/.test(name.replaceAll('#', '')) || /^\w$/.test(name) ? names.test(name) : names.test(context);
}

/** Compares the numbers one by one if both values have the same count of numbers. */
function hasLowerNumber(before: string, after: string): boolean {
  const [was, now] = [numbersOf(before), numbersOf(after)];
  if (/[?|]|\bif\b|\bor\b/.test(after)) {
    const [quantitiesBefore, quantitiesNow] = [quantitiesOf(before), quantitiesOf(after)];
    const hasBoth = quantitiesBefore.length > 0 && quantitiesNow.length > 0;
    return hasBoth && Math.max(...quantitiesNow) < Math.min(...quantitiesBefore);
  }
  if (/[*]|<</.test(before + after) && !before.includes(',')) {
    const [[quantityBefore], [quantityNow]] = [quantitiesOf(before), quantitiesOf(after)];
    return quantityBefore !== undefined && quantityNow !== undefined && quantityNow < quantityBefore;
  }
  return was.length === now.length && was.some((one, index) => (now[index] ?? one) < one);
}

function isRaised(before: string, after: string): boolean {
  const [was, now] = [quantitiesOf(before), quantitiesOf(after)];
  if (was.length === 0 || now.length === 0) return false;
  const smallest = Math.min(...now);
  return Math.max(...was) > 0 && smallest >= Math.max(...was) * TENFOLD;
}

function isEndless(after: string): boolean {
  return /^\s{0,9}(?:Infinity|null|None|nil|false|'never')\s{0,9}[,)}]?\s{0,9}$/.test(after);
}

function isTurnedOff(before: string, after: string): boolean {
  const [[was], [now]] = [numbersOf(before), numbersOf(after)];
  if (was === undefined || was <= 0) return false;
  return (now === 0 && numbersOf(after).length === 1 && numbersOf(before).length === 1) || isEndless(after);
}
