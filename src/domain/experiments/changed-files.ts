/**
 * Reads the files of a change from its unified diff: the new or altered lines, and the removed text. Pure.
 */

export interface FileChange {
  /** Line numbers in the new text, from 1. */
  changed: Set<number>;
  /** Removed text, with the line of the new text before which it stood. */
  removed: Array<{ line: number; text: string }>;
}

/** Returns the changes by new path; deleted files are not included. */
export function changesOf(diff: string): Map<string, FileChange> {
  const found = new Map<string, FileChange>();
  let change: FileChange | undefined;
  let line = 0;
  let removedLines: string[] = [];
  const endRemoval = (): void => {
    if (removedLines.length > 0)
      change?.removed.push({ line: line - countAddedAbove(change, line), text: `${removedLines.join('\n')}\n` });
    removedLines = [];
  };
  for (const text of diff.split('\n')) {
    const hunk = /^@@ -\S+ \+(\d+)(?:,(\d+))? @@/.exec(text);
    if (text.startsWith('diff --git ')) {
      endRemoval();
      change = undefined;
      line = 0;
    } else if (hunk !== null) {
      endRemoval();
      // The header of a hunk without added lines names the line before it.
      line = Number(hunk[1]) + (hunk[2] === '0' ? 1 : 0);
    } else if (line === 0) {
      const header = /^\+\+\+ (?:b\/(.*)|"b\/(.*)")$/.exec(text);
      // git ends a name that contains a space with a tab.
      const path = (header?.[1] ?? header?.[2])?.replace(/\t$/, '');
      if (path === undefined) continue;
      change = { changed: new Set(), removed: [] };
      found.set(path, change);
    } else if (text.startsWith('-')) removedLines.push(text.slice(1));
    else if (text.startsWith('+')) change?.changed.add(line++);
    else if (text.startsWith(' ')) {
      endRemoval();
      line += 1;
    }
  }
  endRemoval();
  return found;
}

/** Counts the added lines right above: the removed text stood before these. */
function countAddedAbove(change: FileChange | undefined, line: number): number {
  let count = 0;
  while (change?.changed.has(line - count - 1) === true) count += 1;
  return count;
}
