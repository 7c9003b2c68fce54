/**
 * Where code comes from: forms of a change that are not known to be safe, and the text by which a person judges them. Pure.
 */
import { diffsByPath, shownDiff } from './evidence/diff-sections';
import type { PathChange } from './evidence/tampering';

/** One form that fetches, replaces or runs code, and that the base does not have. */
export interface OriginFact {
  path: string;
  /** Counts from 1; null where no line shows it. */
  line: number | null;
  what: string;
  /** Nothing of it runs when packages are installed: a script that starts the project, an image, a workflow. */
  isLater?: true;
}

/** All that is unknown in one file. */
export interface OriginsOfFile {
  path: string;
  /** Of the artifact that shows it. */
  digest: string;
  facts: OriginFact[];
}

/** All that a person judges of one file; its digest is what an approval names. Contents stand by git's id. */
export function originsText(facts: OriginFact[], { path, before, after }: PathChange, diff: string): string {
  const found = facts.map(({ line, what }) => ({ line, what }));
  const about = 'where the code comes from that this file has fetched, replaced or run';
  const shown = shownDiff(diffsByPath(diff).get(path), { before, after });
  return JSON.stringify({ gate: 'origins', about, path, before, after, found, diff: shown }, null, 1);
}

export function describeOrigin({ path, line, what }: OriginFact): string {
  return `${path}${line === null ? '' : `:${line}`} ${what}`;
}
