/** What a change of one file is found to do: its rows between the common first and last ones are the altered ones. */
import { alteredHarms } from '../../../../src/inspect/harm/altered/altered';

/** Name, path, the file before, a harmful change of it, what it does, and an honest change. */
export type AlteredRow = [name: string, path: string, before: string, harmful: string, does: RegExp, honest: string];

export function foundIn(path: string, before: string, after: string): string[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  let head = 0;
  while (head < Math.min(old.length, now.length) && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < Math.min(old.length, now.length) - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const gone = old.slice(head, old.length - tail);
  const changed = new Set(now.slice(head, now.length - tail).map((_, index) => head + index + 1));
  const removed = gone.length === 0 ? [] : [{ line: head + 1, text: `${gone.join('\n')}\n` }];
  return alteredHarms({ path, before, after, change: { changed, removed } }).map(({ line, does }) => `${line} ${does}`);
}
