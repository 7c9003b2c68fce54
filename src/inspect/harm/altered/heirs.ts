/**
 * The added row that says what a gone one said, but for the protection: nearly all of its words, and not many less. Pure.
 *
 * Rows are found by the words that few of them have, not each beside each.
 */
import type { Row } from './hunk';

/** Of the words of the gone row, this part must stand in the other; and it must have this part of their number. */
const SHARED = 0.8;
const AS_MANY = 0.6;

export interface Heirs {
  /** The first of the rows; undefined where none says the same, or the text has fewer than two words. */
  of(text: string): Row | undefined;
}

export function createHeirs(rows: readonly Row[]): Heirs {
  let kept: Indexed | undefined;
  const known = new Map<string, Row | undefined>();
  return {
    of(text) {
      const words = wordsOf(text);
      if (words.length < 2) return undefined;
      const key = words.join(' ');
      if (!known.has(key)) known.set(key, rows[firstAlike((kept ??= indexed(rows)), words) ?? -1]);
      return known.get(key);
    },
  };
}

interface Indexed {
  /** By word, the rows that have it, by their index; of rows with the same words only the first one. */
  having: Map<string, number[]>;
  sets: Array<{ words: ReadonlySet<string>; count: number } | undefined>;
}

function indexed(rows: readonly Row[]): Indexed {
  const having = new Map<string, number[]>();
  const seen = new Set<string>();
  const sets = rows.map(({ text }, at) => {
    const words = wordsOf(text);
    const key = words.join(' ');
    if (seen.has(key)) return undefined;
    seen.add(key);
    const own = new Set(words);
    for (const word of own) {
      const places = having.get(word);
      if (places === undefined) having.set(word, [at]);
      else places.push(at);
    }
    return { words: own, count: words.length };
  });
  return { having, sets };
}

function firstAlike({ having, sets }: Indexed, words: readonly string[]): number | undefined {
  const isAlike = (at: number): boolean => {
    const row = sets[at];
    if (row === undefined) return false;
    const same = words.filter((one) => row.words.has(one)).length;
    return same / words.length >= SHARED && row.count >= words.length * AS_MANY;
  };
  let first: number | undefined;
  for (const word of rarest(having, words)) {
    const at = having.get(word)?.find((one) => (first !== undefined && one >= first) || isAlike(one));
    if (at !== undefined && (first === undefined || at < first)) first = at;
  }
  return first;
}

/** So many of the words, those that the fewest rows have first, that a row without any of them cannot have enough of all. */
function rarest(having: Indexed['having'], words: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const byRows = [...counts.keys()].sort((a, b) => (having.get(a)?.length ?? 0) - (having.get(b)?.length ?? 0));
  const taken: string[] = [];
  let missing = 0;
  for (const word of byRows) {
    if ((words.length - missing) / words.length < SHARED) break;
    taken.push(word);
    missing += counts.get(word) ?? 0;
  }
  return taken;
}

function wordsOf(text: string): string[] {
  return text.match(/[\w$]+/g) ?? [];
}
