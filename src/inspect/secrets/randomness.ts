/**
 * Decides whether a value looks random, that is, made by a generator. Words, names, versions and dates do not, also if they are
 * joined by signs. Pure.
 *
 * A pair of neighbouring characters counts as `odd` if language and names hardly ever contain it. The usual pairs of letters are the
 * 223 that make up 93 % of the words in the READMEs and type files of this repository's own packages (counted in November 2026).
 */

const PAIRS = new Set(
  `abcdgilmnprstuvy baeilorsu cacehiklortu dadeiorsu eacdefglmnpqrstvx faefilou gaehinru haeior iabcdefglmnoprstvz js keis
  ladeilostuy mabeimopu nacdefgiknostuv oabcdgilmnoprstuvw paeiloprstu qu racdegikmnorstuvy sacehilopstuy tacehilorstuy
  uabcegilmnprst vaei waeio xept yp ze`
    .split(/\s+/)
    .flatMap(([first = '', ...others]) => others.map((other) => first + other)),
);
const LEAST_ODD_PAIRS = 4;
const LEAST_ODD_SHARE = 0.5;
/** For a long value a smaller share is enough, since chance changes its share less. */
const LONG = { chars: 16, leastOddShare: 0.4 };
const LEAST_CHARS = 8;
const LEAST_ENTROPY_BITS = 2.7;

export function isRandom(value: string): boolean {
  if (value.length < LEAST_CHARS || entropyOf(value) < LEAST_ENTROPY_BITS || looksLikeName(value)) return false;
  const { odd, usual } = countPairs(value);
  const share = value.length >= LONG.chars ? LONG.leastOddShare : LEAST_ODD_SHARE;
  return odd >= LEAST_ODD_PAIRS && odd / (odd + usual) >= share;
}

/** True for names such as `kafka-python` and `HTTP_PROXY`: short words of one case are never called random. */
function looksLikeName(value: string): boolean {
  return /^(?:[a-z]+|[A-Z]+)$/.test(value.replace(/[-_./:@ ]/g, '')) && value.split(/[-_./:@ ]/).every(isShort);
}

function isShort(part: string): boolean {
  return part.length < 12;
}

/** True for a password that a person made up: letters, digits and a sign that no name has (`Summer2024!`). */
export function isHumanPassword(value: string): boolean {
  return value.length >= LEAST_CHARS && /[a-z]/i.test(value) && /\d/.test(value) && /[!#%&*+?^~$@]/.test(value);
}

function countPairs(value: string): { odd: number; usual: number } {
  let odd = 0;
  let usual = 0;
  /** How many characters of one kind in a row end before the current one. */
  let run = 1;
  for (let index = 1; index < value.length; index += 1) {
    const [before, after] = [value.charAt(index - 1), value.charAt(index)];
    const [from, to] = [kindOf(before), kindOf(after)];
    const isLetterPair = isLetter(from) && isLetter(to);
    if (from === 'sign' || to === 'sign') {
      odd += /[!#%&*+?^~$@=]/.test(to === 'sign' ? after : before) ? 0.5 : 0;
    } else if (from === 'lower' && to === 'upper') {
      // A hump of camel case ends a word.
      odd += run >= 2 ? 0 : 1;
    } else if (isLetterPair) {
      if (PAIRS.has((before + after).toLowerCase())) usual += 1;
      else odd += 1;
    } else if (from !== to) {
      // `sha256` and `beta1` end in a number; `x4k9q` does not.
      odd += to === 'digit' && run >= 3 ? 0 : 1;
    }
    run = from === to || (from === 'upper' && to === 'lower') ? run + 1 : 1;
  }
  return { odd, usual };
}

type Kind = 'lower' | 'upper' | 'digit' | 'sign';

function kindOf(sign: string): Kind {
  if (sign >= 'a' && sign <= 'z') return 'lower';
  if (sign >= 'A' && sign <= 'Z') return 'upper';
  return sign >= '0' && sign <= '9' ? 'digit' : 'sign';
}

function isLetter(kind: Kind): boolean {
  return kind === 'lower' || kind === 'upper';
}

/** Returns the Shannon entropy in bits per character. */
export function entropyOf(value: string): number {
  const counts = new Map<string, number>();
  for (const sign of value) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => {
    const share = count / value.length;
    return sum - share * Math.log2(share);
  }, 0);
}
