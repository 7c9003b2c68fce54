/**
 * Counts the rows that contain each of many words, in one pass over the rows. Pure.
 *
 * Uses the automaton of Aho and Corasick: "Efficient string matching: an aid to bibliographic search", 1975.
 */
export interface RowCount {
  /** Index of the first row that contains the word. */
  firstRow: number;
  /** How many rows contain it. */
  count: number;
}

/** The result has no entry for a word that no row contains, nor for the empty word. */
export function countRowsWith(words: Iterable<string>, rows: readonly string[]): ReadonlyMap<string, RowCount> {
  const { root, wordCount } = automatonOf(words);
  const found = new Map<string, RowCount>();
  if (wordCount === 0) return found;
  rows.forEach((row, index) => {
    let state = root;
    for (let column = 0; column < row.length; column += 1) {
      state = nextState(state, row.charCodeAt(column));
      // If a word is already counted for this row, so are the shorter words that it ends with.
      let end: State | undefined = state.word === undefined ? state.shorterWord : state;
      for (; end !== undefined && end.lastRow !== index; end = end.shorterWord) {
        end.lastRow = index;
        const known = found.get(end.word ?? '');
        if (known === undefined) found.set(end.word ?? '', { firstRow: index, count: 1 });
        else known.count += 1;
      }
    }
  });
  return found;
}

interface State {
  next: Map<number, State> | undefined;
  /** The state of the longest proper suffix of the text that leads here; undefined at the root. */
  suffix: State | undefined;
  /** The state of the longest word that is a proper suffix of the text that leads here; undefined if there is none. */
  shorterWord: State | undefined;
  /** The word that leads to this state; undefined if only the beginning of a word does. */
  word: string | undefined;
  /** Index of the last row in which this word was counted. */
  lastRow: number;
}

function automatonOf(words: Iterable<string>): { root: State; wordCount: number } {
  const root = newState();
  let wordCount = 0;
  for (const word of words) {
    let at = root;
    for (let place = 0; place < word.length; place += 1) {
      at.next ??= new Map();
      const code = word.charCodeAt(place);
      const known = at.next.get(code) ?? newState();
      at.next.set(code, known);
      at = known;
    }
    if (at === root) continue;
    at.word = word;
    wordCount += 1;
  }
  // States are linked in the order of their depth, because each link uses the links of the shallower states.
  let states = [root];
  while (states.length > 0) {
    const deeperStates: State[] = [];
    for (const state of states)
      for (const [code, child] of state.next ?? []) {
        child.suffix = state.suffix === undefined ? root : nextState(state.suffix, code);
        child.shorterWord = child.suffix.word === undefined ? child.suffix.shorterWord : child.suffix;
        deeperStates.push(child);
      }
    states = deeperStates;
  }
  return { root, wordCount };
}

function newState(): State {
  return { next: undefined, suffix: undefined, shorterWord: undefined, word: undefined, lastRow: -1 };
}

function nextState(from: State, code: number): State {
  for (let at = from; ; at = at.suffix) {
    const next = at.next?.get(code);
    if (next !== undefined) return next;
    if (at.suffix === undefined) return at;
  }
}
