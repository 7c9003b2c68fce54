/**
 * The things that the evidence of a checklist entry may name.
 */
export interface KnownThings {
  /** Paths of the commit, and of files deleted from it. */
  paths: string[];
  tests: string[];
  /** Digests, commits, ids of requirements and criteria. */
  names: string[];
}
export interface ChecklistEntry {
  item: string;
  evidence: string;
}
