/**
 * Matches paths against the patterns of workspace members: `*`, `?`, `**` and `{a,b}`. Pure.
 *
 * The patterns are foreign text. Matching therefore takes at most as many steps as the product of the lengths of pattern and path.
 */

/** Maximum number of patterns with wildcards, far more than workspaces have; further ones are ignored. */
const MAX_PATTERNS = 500;
/** Maximum characters of a pattern; a longer one matches nothing. */
const MAX_PATTERN_CHARS = 250;

/** Returns a function that is true for paths that match one of the patterns. Leading `./` and trailing `/` of patterns are ignored. */
export function pathPatterns(patterns: readonly string[]): (path: string) => boolean {
  const barePatterns = patterns.map(barePath);
  const plainPaths = new Set(barePatterns.filter((pattern) => !/[*?{}]/.test(pattern)));
  const wildcards: string[][] = [];
  for (const pattern of barePatterns) {
    if (wildcards.length >= MAX_PATTERNS) break;
    if (/[*?{}]/.test(pattern) && pattern.length <= MAX_PATTERN_CHARS)
      wildcards.push(...expandBraces(pattern).map((one) => one.split('/')));
  }
  const used = wildcards.slice(0, MAX_PATTERNS);
  return (path) => plainPaths.has(path) || used.some((components) => fitsPath(components, path.split('/')));
}

/** Removes leading `./` and trailing `/`. */
export function barePath(path: string): string {
  let [from, to] = [0, path.length];
  while (path.startsWith('./', from)) from += 2;
  while (to > from && path[to - 1] === '/') to -= 1;
  return path.slice(from, to);
}

/** Expands braces, the innermost first; an unpaired brace is a character. */
function expandBraces(pattern: string): string[] {
  const expanded: string[] = [];
  const queue = [pattern];
  // The loop also visits texts that are added during the loop.
  for (const text of queue) {
    const group = /\{([^{}]*)\}/.exec(text);
    if (group === null) expanded.push(text);
    else if (queue.length < MAX_PATTERNS) {
      const [before, after] = [text.slice(0, group.index), text.slice(group.index + group[0].length)];
      for (const part of (group[1] ?? '').split(',')) queue.push(`${before}${part}${after}`);
    }
  }
  return expanded;
}

const fitsPath = createMatcher<string>('**', fitsName);

function fitsName(pattern: string, name: string): boolean {
  return fitsCharacters([...pattern], [...name]);
}

const fitsCharacters = createMatcher<string>('*', (mark, character) => mark === '?' || mark === character);

/**
 * Makes a matcher of a pattern against items. Of the pattern's parts, `wildcard` stands for any number of items. After a mismatch only
 * the last wildcard is extended by one item, so the work is at most the product of both lengths.
 */
function createMatcher<Item>(wildcard: Item, fits: (part: Item, item: Item) => boolean) {
  return (pattern: readonly Item[], items: readonly Item[]): boolean => {
    let [itemAt, partAt] = [0, 0];
    let [wildcardAt, wildcardEnd] = [-1, 0];
    while (itemAt < items.length) {
      const [part, item] = [pattern[partAt], items[itemAt]];
      if (part !== undefined && part === wildcard) [wildcardAt, wildcardEnd, partAt] = [partAt, itemAt, partAt + 1];
      else if (part !== undefined && item !== undefined && fits(part, item))
        [itemAt, partAt] = [itemAt + 1, partAt + 1];
      else if (wildcardAt < 0) return false;
      else [wildcardEnd, itemAt, partAt] = [wildcardEnd + 1, wildcardEnd + 1, wildcardAt + 1];
    }
    return pattern.slice(partAt).every((part) => part === wildcard);
  };
}
