/**
 * Finds the packages that a change adds or updates, and the reasons against installing them.
 */
import { packageProblems } from '../../../domain/gates/dependencies';
import type { ChangeFacts } from '../../../domain/gates/facts';
import { isRead } from '../../../inspect/packages/managers';
import type { Deps } from '../../deps';
import { runReader } from '../../run-reader';
import { readChange } from './change';
import type { Change } from './change';
import { withRegistry } from './packages';

export async function changedPackages(
  deps: Pick<Deps, 'registry' | 'readers'>,
  change: Change,
): Promise<Pick<ChangeFacts['dependencies'], 'changed' | 'unreadable'>> {
  const { files, paths, after, before } = change;
  const { packages, unreadable } = await runReader(deps, 'packages', { files, paths, after, before });
  return { changed: await withRegistry(deps, packages), unreadable };
}

/**
 * Gives the reasons of the gate `dependencies` before anything is installed, because an install step may run a package's own code. If
 * a registry does not answer, the package is judged later, in verification.
 */
export async function refusedPackages(
  deps: Pick<Deps, 'workspace' | 'registry' | 'readers'>,
  { repo, base, commit }: Pick<Change, 'repo' | 'base' | 'commit'>,
): Promise<string[]> {
  const files = await deps.workspace.contentChanges(repo, base, commit);
  if (!files.some(({ path }) => isRead(path))) return [];
  const found = await changedPackages(deps, await readChange(deps, { repo, base, commit }));
  const changed = found.changed.filter(({ registry }) => registry.state !== 'unknown');
  return packageProblems({ ...found, changed }, new Date().toISOString());
}
