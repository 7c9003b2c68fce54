/**
 * Decides whether a file with a mark such as "generated" was written by hand: it was, if no program of the base commit makes it. Then
 * experiments break it like other code.
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
  if (schema !== undefined && (await workspace.list(at)).some((file) => schema.test(file.path))) return false;
  for (const name of generatorNames(path, after)) {
    const places = await workspace.search(at, name);
    if (places.some((place) => place.path !== path && canMake(place))) return false;
  }
  return true;
}
