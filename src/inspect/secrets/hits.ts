/**
 * Finds the secrets of one line: the rule that recognizes each, and the characters that are the secret.
 */
import { assignmentsIn } from './assignments';
import type { Candidate } from './assignments';
import { cardIn } from './cards';
import { credentialsIn, isShownToken } from './credentials';
import type { Place } from './places';
import { isHumanPassword, isRandom } from './randomness';
import { isStandIn } from './stand-ins';
import { TOKEN_FORMATS, TOKEN_MARK } from './token-formats';

export interface Hit {
  rule: string;
  /** The secret as the line writes it. A value that the line joins from several literals may not occur in the line as a whole. */
  written: string;
}

export const BY_NAME = 'secret by its name';
/** Longer lines are minified code or data. They are searched in pieces, so that no pattern takes too long. */
export const PIECE_CHARS = 4_000;
const OVERLAP_CHARS = 300;
/** Keys of the providers' documents contain EXAMPLE or a row of one sign. The last alternative is the token that jwt.io shows. */
const MADE_UP = /example|(.)\1{7}|^eyJ\w+\.eyJzdWIiOiIxMjM0NTY3ODkw/i;
/** Each secret that is found by its name, in an address or in a header has one of these in its line. */
export const NAME_HINT =
  /pass|pwd|secret|token|key|credential|kennwort|senha|pw|psk|:\/\/[^\s@]{3,200}@|@(?:tcp|unix)\(|authorization|bearer|basic |curl|"auth"/i;
/** In a test a shorter value is never a secret: it looks made up by a person. */
const LEAST_TEST_CHARS = 16;
const LEAST_PROSE_CHARS = 12;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Private keys and payment cards. */
const OTHER_HINT = /PRIVATE KEY|PuTTY-User-Key|\d{4}[ -]?\d{4}/;

/** False for a text that certainly holds no secret; a text for which it is true must be searched. */
export function mayHoldSecret(text: string): boolean {
  return NAME_HINT.test(text) || TOKEN_MARK.test(text) || OTHER_HINT.test(text);
}

/** A generator, so that a caller who needs only the first hit searches no further. */
export function* hitsIn(text: string, place: Place): Generator<Hit, undefined> {
  for (let start = 0; start === 0 || start < text.length; start += PIECE_CHARS) {
    const piece = text.slice(start, start + PIECE_CHARS + OVERLAP_CHARS);
    if (TOKEN_MARK.test(piece)) yield* formatsIn(piece, place);
    const card = place.isLock || place.isProse ? undefined : cardIn(piece);
    if (card !== undefined) yield { rule: 'number of a payment card', written: card };
    if (place.isLock || !(NAME_HINT.test(piece) || place.isPasswordList)) continue;
    for (const { rule, value, written } of credentialsIn(piece, place))
      if (isSecret({ value, isQuoted: true }, place)) yield { rule, written };
    for (const candidate of assignmentsIn(piece, place.isNetrc).candidates) {
      const written = secretIn(candidate, place);
      if (written !== undefined) yield { rule: BY_NAME, written };
    }
  }
}

/** The formats with global patterns, which find all tokens of a text. */
const GLOBAL_FORMATS = new Map(TOKEN_FORMATS.map((format) => [format, new RegExp(format.pattern, 'g')]));

function* formatsIn(piece: string, place: Place): Generator<Hit, undefined> {
  for (const [{ name, marks }, pattern] of GLOBAL_FORMATS) {
    // To search for a literal is many times faster than to match a pattern.
    if (!marks.some((mark) => piece.includes(mark))) continue;
    for (const [, value = ''] of piece.matchAll(pattern))
      if (value !== '' && !MADE_UP.test(value) && !isShownToken(value, place)) yield { rule: name, written: value };
  }
}

export function isSecret(candidate: Candidate, place: Place): boolean {
  return secretIn(candidate, place) !== undefined;
}

function secretIn({ value, isQuoted }: Candidate, place: Place): string | undefined {
  if (!isQuoted && isExpression(value, place)) return undefined;
  return partsOf({ value, isQuoted }, place).find((part) => {
    if (isStandIn(part) || isShownToken(part, place)) return false;
    if (place.isTest) return part.length >= LEAST_TEST_CHARS && !UUID.test(part) && isRandom(part);
    if (UUID.test(part)) return !place.isProse;
    if (place.isProse) return part.length >= LEAST_PROSE_CHARS && isRandom(part);
    return isRandom(part) || isHumanPassword(part);
  });
}

/** Returns the words of a quoted value, unless it is prose; of a value without quotes, the value without signs of the language. */
function partsOf({ value, isQuoted }: Candidate, { isSettings }: Place): string[] {
  if (isQuoted) {
    if (isStandIn(value.trim())) return [];
    const words = value.trim().split(/\s+/, 3);
    return words.length > 2 ? [] : words;
  }
  const [first = ''] = value.split(isSettings ? /[,;&)}\]\\]/ : /[^\w+/=~.@#%^!$-]/, 1);
  return isSettings ? [value.replace(/[,;)}\]\\"'&]+$/, ''), first] : [first];
}

/** True for a call, a member or an index. In settings these signs are part of the value. */
function isExpression(value: string, { isSettings }: Place): boolean {
  if (isSettings) return false;
  return /^[a-z_$][\w$]*(?:\??\.[a-z_$][\w$]*)+[;,)]*$/i.test(value) || /[(){[]|=>|\?\?|&&/.test(value);
}
