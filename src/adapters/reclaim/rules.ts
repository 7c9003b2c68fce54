/**
 * The types of the reclaim job. docs/decisions/0033-reclaim.md describes what it removes and keeps.
 */
export const KINDS = ['artifacts', 'journals', 'documents', 'releases', 'repositories'] as const;
export type Kind = (typeof KINDS)[number];

export interface Rules {
  /** How long a file is kept after the last reference to it is gone, in milliseconds. */
  keepMs: number;
  /** Longer than the time between writing a file and naming it in any piece of work, in milliseconds. */
  graceMs: number;
  /** Number of the newest releases that are kept, as well as the live one and its predecessors. */
  keepReleases: number;
  /** Milliseconds since 1970. */
  now: number;
}

/** Something to remove: a file, a folder, or the unreachable objects of one repository. */
export interface Candidate {
  kind: Kind;
  /** Null if it does not belong to one project. */
  project: string | null;
  /** Bytes of disk. */
  bytes: number;
  /** Removes it and returns the freed bytes; 0 if it was used meanwhile and stays. */
  remove(): Promise<number>;
}

/** An open workflow. */
export interface OpenWork {
  workflowId: string;
  isBuild: boolean;
  /** Milliseconds since 1970. */
  startedAt: number;
  /** The build's whole state as JSON; null if it did not answer. */
  state: string | null;
}

export interface Folders {
  artifacts: string;
  documents: string;
  journals: string;
  repositories: string;
  releases: string;
}

/** Everything that documents and open work refer to: it must not be removed. */
export interface References {
  /** Hex digits of the artifacts that records, documents, open builds and other named artifacts name. */
  artifacts: ReadonlySet<string>;
  /** Commits that open builds name. */
  commits: ReadonlySet<string>;
  /** Workflow ids of open builds. */
  openBuilds: ReadonlySet<string>;
  /** Ids of projects in which a restore is running. */
  restoringProjects: ReadonlySet<string>;
  /** Start of the oldest open build; Infinity if none is open. */
  oldestOpenBuildAt: number;
  /**
   * Start of the oldest open build that did not answer the query of its state. No artifact younger than that is removed, as that
   * build may need it.
   */
  oldestBuildWithoutStateAt: number;
}
