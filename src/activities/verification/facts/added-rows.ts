/**
 * Rows of text files that a change adds, and those that changed files had at the base, so that a line that only moved is no news.
 */
import type { Deps } from '../../deps';
import type { Change } from './change';

/** Lines of a file, counted from 1; `to` is the last one. */
interface Rows {
  line: number;
  to: number;
}

/** True where the change adds one of the rows, and of all where its added lines are not known whole. */
export function addedIn({ added }: Pick<Change, 'added'>): (path: string, rows: Rows) => boolean {
  const byPath = new Map<string, Set<number>>();
  for (const { path, line } of added.lines) byPath.set(path, (byPath.get(path) ?? new Set()).add(line));
  return (path, { line, to }) => {
    if (!added.isWhole) return true;
    const lines = byPath.get(path);
    for (let at = line; at <= to; at++) if (lines?.has(at) === true) return true;
    return false;
  };
}

/** Texts at the base of files that lost lines by the change. */
export function textsBefore(
  { workspace }: Pick<Deps, 'workspace'>,
  { repo, base, files }: Change,
  isWanted: (path: string) => boolean,
): Promise<Map<string, string>> {
  const shrunk = files.filter(({ removed, status, path }) => removed > 0 && status !== 'added' && isWanted(path));
  return workspace.contents(
    { ...repo, commit: base },
    shrunk.map(({ path }) => path),
  );
}

/** On one line, however they are indented. */
export function wordsOf(rows: string[]): string {
  return rows.join(' ').replace(/\s+/g, ' ').trim();
}
