/**
 * The live release of a build, and whether the orchestrator must still release the work of an external Release Manager.
 */
import type { Role, RoleMode } from '../roles';

export interface LiveRelease {
  number: number;
  id: string;
  commit: string;
  folder: string;
  version: string;
  smoke: string;
  /** The release target. Absent in builds that began before targets could be chosen: they mean `directory`. */
  target?: string;
  /** More facts from the target, such as the tag, the branch, or why there is no pull request. */
  details?: Record<string, string | null>;
}

/** Marks the release as pending if an external Release Manager completed the build: it only decided, so the orchestrator releases. */
export function pendingHandedRelease({
  release,
  roles,
}: {
  release: LiveRelease | null;
  roles: Record<Role, RoleMode>;
}): {
  releaseHanded?: true;
} {
  return release === null && roles.release_manager === 'external' ? { releaseHanded: true } : {};
}
