/**
 * Finds the added row that replaces a removed row without its protection: it contains nearly all of the other words, and
 * is not much shorter. Pure.
 *
 * Rows are found through their rarest words, because a comparison of all pairs would be quadratic.
 */
import type { Row } from './hunk';

/** Share of the removed row's words that the added row must contain. */
const MIN_SHARED_WORDS = 0.8;
/** The added row must have at least this share of the number of words. */
const MIN_LENGTH_RATIO = 0.6;

export interface Replacements {
  /** Returns the first row that replaces the text; undefined if there is none, or if the text has fewer than two words. */
  find(text: string): Row | undefined;
}

export function createReplacements(rows: readonly Row[]): Replacements {
  let index: WordIndex | undefined;
  const known = new Map<string, Row | undefined>();
  return {
    find(text) {
      const words = wordsOf(text);
      if (words.length < 2) return undefined;
      const key = words.join(' ');
      if (!known.has(key)) known.set(key, rows[firstSimilar((index ??= indexRows(rows)), words) ?? -1]);
      return known.get(key);
    },
  };
}

interface WordIndex {
  /** Indexes of rows by word. Of rows with equal words only the first one is kept. */
  rowsByWord: Map<string, number[]>;
  /** The words of each row, and their number; undefined for a row with the words of an earlier one. */
  sets: Array<{ words: ReadonlySet<string>; count: number } | undefined>;
}

function indexRows(rows: readonly Row[]): WordIndex {
  const rowsByWord = new Map<string, number[]>();
  const seen = new Set<string>();
  const sets = rows.map(({ text }, at) => {
    const words = wordsOf(text);
    const key = words.join(' ');
    if (seen.has(key)) return undefined;
    seen.add(key);
    const wordSet = new Set(words);
    for (const word of wordSet) {
      const places = rowsByWord.get(word);
      if (places === undefined) rowsByWord.set(word, [at]);
      else places.push(at);
    }
    return { words: wordSet, count: words.length };
  });
  return { rowsByWord, sets };
}

function firstSimilar({ rowsByWord, sets }: WordIndex, words: readonly string[]): number | undefined {
  const isSimilar = (at: number): boolean => {
    const row = sets[at];
    if (row === undefined) return false;
    const sharedCount = words.filter((one) => row.words.has(one)).length;
    return sharedCount / words.length >= MIN_SHARED_WORDS && row.count >= words.length * MIN_LENGTH_RATIO;
  };
  let first: number | undefined;
  for (const word of rarestWords(rowsByWord, words)) {
    const at = rowsByWord.get(word)?.find((one) => (first !== undefined && one >= first) || isSimilar(one));
    if (at !== undefined && (first === undefined || at < first)) first = at;
  }
  return first;
}

/** Returns the rarest words, as many as needed: a row without any of them cannot reach the required share. */
function rarestWords(rowsByWord: WordIndex['rowsByWord'], words: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const byRows = [...counts.keys()].sort((a, b) => (rowsByWord.get(a)?.length ?? 0) - (rowsByWord.get(b)?.length ?? 0));
  const chosen: string[] = [];
  let missing = 0;
  for (const word of byRows) {
    if ((words.length - missing) / words.length < MIN_SHARED_WORDS) break;
    chosen.push(word);
    missing += counts.get(word) ?? 0;
  }
  return chosen;
}

function wordsOf(text: string): string[] {
  return text.match(/[\w$]+/g) ?? [];
}
