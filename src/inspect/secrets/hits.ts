/**
 * The secrets of one line: which rule knows each, and the signs that are it.
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
  /** As it stands in the line; of a value that is written in parts, one of them or none. */
  written: string;
}

export const BY_NAME = 'secret by its name';
/** Longer lines are minified code or data: looked at piece by piece, so that no pattern runs away. */
export const PIECE_CHARS = 4_000;
const OVERLAP_CHARS = 300;
/** The providers' documents write keys with EXAMPLE or rows of one sign in them; the last is the token that jwt.io shows. */
const MADE_UP = /example|(.)\1{7}|^eyJ\w+\.eyJzdWIiOiIxMjM0NTY3ODkw/i;
/** Nothing has a secret by its name, or in an address or a header, without one of these. */
export const NAME_HINT =
  /pass|pwd|secret|token|key|credential|kennwort|senha|pw|psk|:\/\/[^\s@]{3,200}@|@(?:tcp|unix)\(|authorization|bearer|basic |curl|"auth"/i;
/** A value of this many signs looks made up by a person; in a test that is nothing. */
const LEAST_TEST_CHARS = 16;
const LEAST_PROSE_CHARS = 12;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Private keys and payment cards. */
const OTHER_HINT = /PRIVATE KEY|PuTTY-User-Key|\d{4}[ -]?\d{4}/;

/** False for most texts; what is left needs a closer look. */
export function mayHoldSecret(text: string): boolean {
  return NAME_HINT.test(text) || TOKEN_MARK.test(text) || OTHER_HINT.test(text);
}

/** Lazily, so that who asks for the first pays for no more. */
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

/** Each pattern takes the next place where it left off. */
const EVERYWHERE = new Map(TOKEN_FORMATS.map((format) => [format, new RegExp(format.pattern, 'g')]));

function* formatsIn(piece: string, place: Place): Generator<Hit, undefined> {
  for (const [{ name, marks }, pattern] of EVERYWHERE) {
    // A literal is found many times faster than a pattern.
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

/** Text has several words; what stands without quotes may have signs of the language behind it. */
function partsOf({ value, isQuoted }: Candidate, { isSettings }: Place): string[] {
  if (isQuoted) {
    if (isStandIn(value.trim())) return [];
    const words = value.trim().split(/\s+/, 3);
    return words.length > 2 ? [] : words;
  }
  const [first = ''] = value.split(isSettings ? /[,;&)}\]\\]/ : /[^\w+/=~.@#%^!$-]/, 1);
  return isSettings ? [value.replace(/[,;)}\]\\"'&]+$/, ''), first] : [first];
}

/** A call, a member or an index; in settings these signs are part of the value. */
function isExpression(value: string, { isSettings }: Place): boolean {
  if (isSettings) return false;
  return /^[a-z_$][\w$]*(?:\??\.[a-z_$][\w$]*)+[;,)]*$/i.test(value) || /[(){[]|=>|\?\?|&&/.test(value);
}
