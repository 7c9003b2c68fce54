/**
 * Finds objections to the packages of a change, with which it goes back to the Code Writer without a test run.
 */
import { Failure } from '../../domain/failures';
import type { RepoId } from '../../ports/workspace';
import type { Deps } from '../deps';
import { refusedPackages } from '../verification/facts/changed-packages';

/** Gives the reasons why the packages of the change must not be installed; undefined where there are none. */
export async function packageObjections(
  deps: Deps,
  at: { repo: RepoId; base: string; commit: string },
): Promise<string[] | undefined> {
  const reasons = await refusedPackages(deps, at);
  return reasons.length === 0 ? undefined : reasons.map((reason) => `dependencies: ${reason}`);
}

/** Turns a failed installation of the change's packages into an objection. Throws every other error again. */
export function installObjections(error: unknown): string[] {
  if (error instanceof Failure && error.type === 'Change.SetupFailed') return [`dependencies: ${error.message}`];
  throw error;
}
