/**
 * What an entry of the overseer's checklist may stand on.
 */
export interface KnownThings {
  /** Paths of the tree, and of what was deleted from it. */
  paths: string[];
  tests: string[];
  /** Digests, commits, ids of requirements and criteria. */
  names: string[];
}
export interface ChecklistEntry {
  item: string;
  evidence: string;
}
