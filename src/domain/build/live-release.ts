/**
 * What of a build is live, and whether the orchestrator still has to release what roles outside handed over.
 */
import type { Role, RoleMode } from '../roles';

export interface LiveRelease {
  number: number;
  id: string;
  commit: string;
  folder: string;
  version: string;
  smoke: string;
  /** Absent in builds of before there was a choice: `directory`. */
  target?: string;
  /** What the target has to add: a tag, a branch, why there is no pull request. */
  details?: Record<string, string | null>;
}

/** Completed by a Release Manager outside: its word is the decision, and the orchestrator does the release. */
export function handedReleaseOf({ release, roles }: { release: LiveRelease | null; roles: Record<Role, RoleMode> }): {
  releaseHanded?: true;
} {
  return release === null && roles.release_manager === 'external' ? { releaseHanded: true } : {};
}
