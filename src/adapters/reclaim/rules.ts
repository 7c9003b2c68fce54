/**
 * What is reclaimed, and what is not: docs/decisions/0033-reclaim.md has the rule in words.
 */
export const KINDS = ['artifacts', 'journals', 'documents', 'releases', 'repositories'] as const;
export type Kind = (typeof KINDS)[number];

export interface Rules {
  /** How long what nothing names any more is kept, in milliseconds. */
  keepMs: number;
  /** Longer than any piece of work takes between writing something and naming it, in milliseconds. */
  graceMs: number;
  /** Copies of releases that stay, the newest, beside the live one and its way back. */
  keepReleases: number;
  /** Milliseconds since 1970. */
  now: number;
}

/** One thing, or the unreachable objects of one repository. */
export interface Candidate {
  kind: Kind;
  /** Null: it is of no single project. */
  project: string | null;
  /** Bytes of disk. */
  bytes: number;
  /** Bytes that it gave free; 0 where it was used meanwhile and stays. */
  remove(): Promise<number>;
}

/** An open workflow. */
export interface OpenWork {
  workflowId: string;
  isBuild: boolean;
  /** Milliseconds since 1970. */
  startedAt: number;
  /** All that a build is, as JSON; null where it did not answer. */
  state: string | null;
}

export interface Folders {
  artifacts: string;
  documents: string;
  journals: string;
  repositories: string;
  releases: string;
}

/** What may not be removed. */
export interface Named {
  /** Hex digits of the artifacts that records, documents, open builds and other named artifacts name. */
  artifacts: ReadonlySet<string>;
  /** Commits that open builds name. */
  commits: ReadonlySet<string>;
  /** Workflow ids of open builds. */
  open: ReadonlySet<string>;
  /** Ids of projects of which a release is being made live again. */
  restoring: ReadonlySet<string>;
  /** Start of the oldest open build; Infinity where none is open. */
  oldestOpenAt: number;
  /** The same of those that did not say what they name: nothing younger is removed on their account. */
  oldestSilentAt: number;
}
