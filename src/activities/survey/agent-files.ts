/**
 * Finds the files for agents in a tree, which tell agents how to work there, with the digests of their texts.
 */
import { isGuideName } from '../../domain/guides';
import type { RepositoryReport } from '../../domain/repository-report';
import { digestOf } from '../../inspect/digest';
import type { TreeAt } from '../../ports/workspace';
import type { Deps } from '../deps';

const MAX_FILES = 50;

export async function findAgentFiles(
  { workspace }: Pick<Deps, 'workspace'>,
  at: TreeAt,
  files: ReadonlyArray<{ path: string; bytes: number }>,
): Promise<RepositoryReport['agent_files']> {
  const found = files.filter(({ path }) => isGuideName(path)).slice(0, MAX_FILES);
  const texts = await workspace.contents(
    at,
    found.map(({ path }) => path),
  );
  return found.flatMap(({ path, bytes }) => {
    const text = texts.get(path);
    return text === undefined ? [] : [{ path, digest: digestOf(text), bytes }];
  });
}
