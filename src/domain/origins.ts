/**
 * Facts of gate `origins`: new ways in which a change fetches code, that the base commit does not use, and the text for the person who
 * judges them. Pure.
 */
import { diffsByPath, shownDiff } from './evidence/diff-sections';
import type { PathChange } from './evidence/tampering';

/** One new way in which the change fetches, replaces or runs code, and that the base commit does not use. */
export interface OriginFact {
  path: string;
  /** The line number from 1; null if the fact belongs to no line. */
  line: number | null;
  what: string;
  /** True if the code runs only after installation, e.g. a start script, an image, a CI workflow. */
  runsAfterInstallation?: true;
}

/** All unknown origins in one file. */
export interface OriginsOfFile {
  path: string;
  /** Digest of the artifact that shows them. */
  digest: string;
  facts: OriginFact[];
}

/** The text that a person judges for one file; an approval names its digest. Contents are named by git's object ids. */
export function originsText(facts: OriginFact[], { path, before, after }: PathChange, diff: string): string {
  const found = facts.map(({ line, what }) => ({ line, what }));
  // Approvals name the digest of this text: a change of these words would void the approvals of running builds.
  const about = 'where the code comes from that this file has fetched, replaced or run';
  const shown = shownDiff(diffsByPath(diff).get(path), { before, after });
  return JSON.stringify({ gate: 'origins', about, path, before, after, found, diff: shown }, null, 1);
}

export function describeOrigin({ path, line, what }: OriginFact): string {
  return `${path}${line === null ? '' : `:${line}`} ${what}`;
}
