/**
 * A change whose packages cannot, or must not, be installed goes back to the Code Writer without a run of its tests.
 */
import { Failure } from '../../domain/failures';
import type { RepoId } from '../../ports/workspace';
import type { Deps } from '../deps';
import { refusedPackages } from '../verification/facts/changed-packages';

/** Why its packages must not be installed; undefined where nothing speaks against it. */
export async function uninstallable(
  deps: Deps,
  at: { repo: RepoId; base: string; commit: string },
): Promise<string[] | undefined> {
  const reasons = await refusedPackages(deps, at);
  return reasons.length === 0 ? undefined : reasons.map((reason) => `dependencies: ${reason}`);
}

/** Why they could not be; any other error is thrown again. */
export function notInstalled(error: unknown): string[] {
  if (error instanceof Failure && error.type === 'Change.SetupFailed') return [`dependencies: ${error.message}`];
  throw error;
}
