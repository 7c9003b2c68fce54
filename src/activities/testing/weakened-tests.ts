/**
 * Finds old test files in which the Test Auditor changes more than the tests that the change turned red. Other tests of such a file
 * may now check less than before under the same names.
 */
import type { Locked } from '../../domain/evidence/tampering';
import type { RepoId } from '../../ports/workspace';
import type { Deps } from '../deps';
import { runReader } from '../run-reader';
import type { LockedTests } from './locked-tests';

/** Gives the paths of these files, in the order of the lock. */
export async function weakenedFiles(
  deps: Pick<Deps, 'workspace' | 'readers'>,
  repo: RepoId,
  { base, locked }: { base: string; locked: LockedTests },
): Promise<string[]> {
  const { lock, files } = locked;
  const before = await deps.workspace.contents(
    { ...repo, commit: base },
    files.map(({ path }) => path),
  );
  const edits = files.flatMap(({ path, text }) => {
    const old = before.get(path);
    return old === undefined || old === text ? [] : [{ path, before: old, after: text, obsolete: namesOf(path, lock) }];
  });
  return edits.length === 0 ? [] : runReader(deps, 'weakened', edits);
}

/** Gives the names of the file's tests that the change turned red, as the run names them, with the groups around them. */
function namesOf(path: string, lock: Locked | null): string[] {
  return (lock?.obsolete ?? []).filter(({ file }) => file === path || file === '').map(({ name }) => name);
}
