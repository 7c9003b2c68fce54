/**
 * Matches paths against the patterns of workspace members: `*`, `?`, `**` and `{a,b}`. Pure.
 *
 * A repository chooses its patterns, so matching takes at most the product of the lengths of pattern and path.
 */

/** Maximum number of patterns with wildcards, far more than workspaces have; further ones are ignored. */
const MAX_PATTERNS = 500;
/** Maximum characters of a pattern; a longer one matches nothing. */
const MAX_PATTERN_CHARS = 250;

/** Returns a function that is true for paths that match. Leading `./` and trailing `/` are ignored. */
export function pathPatterns(patterns: readonly string[]): (path: string) => boolean {
  const bare = patterns.map(barePath);
  const plain = new Set(bare.filter((pattern) => !/[*?{}]/.test(pattern)));
  const marked: string[][] = [];
  for (const pattern of bare) {
    if (marked.length >= MAX_PATTERNS) break;
    if (/[*?{}]/.test(pattern) && pattern.length <= MAX_PATTERN_CHARS)
      marked.push(...withoutBraces(pattern).map((one) => one.split('/')));
  }
  return (path) => plain.has(path) || marked.slice(0, MAX_PATTERNS).some((one) => fitsPath(one, path.split('/')));
}

/** Removes leading `./` and trailing `/`. */
export function barePath(path: string): string {
  let [from, to] = [0, path.length];
  while (path.startsWith('./', from)) from += 2;
  while (to > from && path[to - 1] === '/') to -= 1;
  return path.slice(from, to);
}

/** Expands braces, the innermost first; an unpaired brace is a character. */
function withoutBraces(pattern: string): string[] {
  const done: string[] = [];
  const open = [pattern];
  // The loop also visits texts that are added during the loop.
  for (const text of open) {
    const group = /\{([^{}]*)\}/.exec(text);
    if (group === null) done.push(text);
    else if (open.length < MAX_PATTERNS) {
      const [before, after] = [text.slice(0, group.index), text.slice(group.index + group[0].length)];
      for (const part of (group[1] ?? '').split(',')) open.push(`${before}${part}${after}`);
    }
  }
  return done;
}

const fitsPath = createMatcher<string>('**', fitsName);

function fitsName(pattern: string, name: string): boolean {
  return fitsCharacters([...pattern], [...name]);
}

const fitsCharacters = createMatcher<string>('*', (mark, character) => mark === '?' || mark === character);

/**
 * Makes a matcher of marks against items in which one mark (`any`) stands for any number of items. Only the last such mark is
 * widened on a mismatch, so the work is at most the product of both lengths.
 */
function createMatcher<Item>(any: Item, fits: (mark: Item, item: Item) => boolean) {
  return (marks: readonly Item[], items: readonly Item[]): boolean => {
    let [at, mark, star, begin] = [0, 0, -1, 0];
    while (at < items.length) {
      const [one, item] = [marks[mark], items[at]];
      if (one !== undefined && one === any) [star, begin, mark] = [mark, at, mark + 1];
      else if (one !== undefined && item !== undefined && fits(one, item)) [at, mark] = [at + 1, mark + 1];
      else if (star < 0) return false;
      else [begin, at, mark] = [begin + 1, begin + 1, star + 1];
    }
    return marks.slice(mark).every((one) => one === any);
  };
}
