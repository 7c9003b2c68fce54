/**
 * Whether a file that says it was generated was written by hand: nothing of the repository before the change makes it, so its mark
 * is no reason to leave it out.
 */
import { canMake, generatorNames, saysGenerated, schemaOf } from '../../inspect/units/generators';
import type { RepoId } from '../../ports/workspace';
import type { Deps } from '../deps';

export async function isHandWritten(
  { workspace }: { workspace: Pick<Deps['workspace'], 'list' | 'search'> },
  { path, after }: { path: string; after: string },
  { repo, base }: { repo: RepoId; base: string },
): Promise<boolean> {
  if (!saysGenerated(path, after)) return false;
  const at = { ...repo, commit: base };
  const schema = schemaOf(path);
  if (schema !== undefined && (await workspace.list(at)).some((one) => schema.test(one.path))) return false;
  for (const name of generatorNames(path, after)) {
    const places = await workspace.search(at, name);
    if (places.some((place) => place.path !== path && canMake(place))) return false;
  }
  return true;
}
