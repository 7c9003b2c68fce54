/**
 * Finds the lines that a change adds, and the texts that its files had at the base, so that a line that only moved does not count as
 * new.
 */
import type { Deps } from '../../deps';
import type { Change } from './change';

/** A range of lines, from 1: `line` is the first, `to` the last. */
interface Rows {
  line: number;
  to: number;
}

/** Gives a function that is true where the change adds a line of the range; always true where the list of added lines was cut. */
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

/** Gives the base's texts of the files from which the change removes lines. */
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

/** Joins the rows to one line with single spaces. */
export function wordsOf(rows: string[]): string {
  return rows.join(' ').replace(/\s+/g, ' ').trim();
}
