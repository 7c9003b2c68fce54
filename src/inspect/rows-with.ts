/**
 * Finds the rows that contain each of many words, in one pass over the rows. Pure.
 *
 * Uses the automaton of Aho and Corasick: "Efficient string matching: an aid to bibliographic search", 1975.
 */
export interface Standing {
  /** Index of the first row that contains the word. */
  first: number;
  /** How many rows contain it. */
  count: number;
}

/** Words that no row contains are missing in the result; so is the empty word. */
export function rowsWith(words: Iterable<string>, rows: readonly string[]): ReadonlyMap<string, Standing> {
  const { root, asked } = automatonOf(words);
  const found = new Map<string, Standing>();
  if (asked === 0) return found;
  rows.forEach((row, index) => {
    let at = root;
    for (let place = 0; place < row.length; place += 1) {
      at = follow(at, row.charCodeAt(place));
      // If a word is already counted for this row, the shorter words that it ends with are counted, too.
      for (let one: State | undefined = at.word === undefined ? at.shorter : at; one !== undefined; one = one.shorter) {
        if (one.lastRow === index) break;
        one.lastRow = index;
        const known = found.get(one.word ?? '');
        if (known === undefined) found.set(one.word ?? '', { first: index, count: 1 });
        else known.count += 1;
      }
    }
  });
  return found;
}

interface State {
  next: Map<number, State> | undefined;
  /** The state of the longest proper suffix of the text that leads here; absent at the root. */
  back: State | undefined;
  /** The state of the longest word that is a proper suffix of the text that leads here. */
  shorter: State | undefined;
  /** The word that leads to this state, if one does. */
  word: string | undefined;
  /** Index of the last row in which this word was counted. */
  lastRow: number;
}

function automatonOf(words: Iterable<string>): { root: State; asked: number } {
  const root = newState();
  let asked = 0;
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
    asked += 1;
  }
  // States are linked in the order of their depth, because each link uses the links of the shallower states.
  let level = [root];
  while (level.length > 0) {
    const below: State[] = [];
    for (const state of level)
      for (const [code, child] of state.next ?? []) {
        child.back = state.back === undefined ? root : follow(state.back, code);
        child.shorter = child.back.word === undefined ? child.back.shorter : child.back;
        below.push(child);
      }
    level = below;
  }
  return { root, asked };
}

function newState(): State {
  return { next: undefined, back: undefined, shorter: undefined, word: undefined, lastRow: -1 };
}

function follow(from: State, code: number): State {
  for (let at = from; ; at = at.back) {
    const next = at.next?.get(code);
    if (next !== undefined) return next;
    if (at.back === undefined) return at;
  }
}
