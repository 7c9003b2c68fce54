/** Finds the harms of a change of one file. The lines between the common first and last lines count as altered. */
import { alteredHarms } from '../../../../src/inspect/harm/altered/altered';

/** Name, path, the file before, a harmful change of it, what it does, and an honest change. */
export type AlteredRow = [name: string, path: string, before: string, harmful: string, does: RegExp, honest: string];

export function harmsOfChange(path: string, before: string, after: string): string[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  let head = 0;
  while (head < Math.min(old.length, now.length) && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < Math.min(old.length, now.length) - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const removedLines = old.slice(head, old.length - tail);
  const changedLines = new Set(now.slice(head, now.length - tail).map((_, index) => head + index + 1));
  const removed = removedLines.length === 0 ? [] : [{ line: head + 1, text: `${removedLines.join('\n')}\n` }];
  return alteredHarms({ path, before, after, change: { changed: changedLines, removed } }).map(
    ({ line, does }) => `${line} ${does}`,
  );
}
