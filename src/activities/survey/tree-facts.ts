/**
 * Converts facts about a tree and its git history to the form of the repository report, and writes the notes about them for a person.
 */
import type { TreeFacts } from '../../domain/repository-report';
import type { RepositoryFacts } from '../../ports/repository-facts';
import type { TreeAt, Workspace } from '../../ports/workspace';

/** The facts that this file uses. */
type Facts = Omit<RepositoryFacts, 'files' | 'bytes' | 'largest'>;

const MAX_ENTRIES = 50;

/** Null where the workspace has no function `facts`, as in some tests. */
export async function readTreeFacts(
  workspace: Pick<Workspace, 'list'> & { facts?(at: TreeAt): Promise<Facts> },
  at: TreeAt,
): Promise<TreeFacts | null> {
  const facts = await workspace.facts?.(at);
  if (facts === undefined) return null;
  const { source, submodules, lfs, links, lineEnds } = facts;
  return {
    ...{ branch: source.branch, uncommitted: source.uncommitted, shallow: source.isShallow },
    submodules: submodules.slice(0, MAX_ENTRIES),
    lfs: lfs.slice(0, MAX_ENTRIES).map(({ path, bytes, isPresent }) => ({ path, bytes, present: isPresent })),
    links: { kept: links.kept, refused: links.refused.slice(0, MAX_ENTRIES) },
    ...{ names_not_utf8: facts.oddNames, texts_not_utf8: facts.oddTexts, byte_order_marks: facts.marked },
    line_ends: lineEnds,
    files_not_read: facts.unread,
  };
}

export function notesOn(tree: TreeFacts | null): string[] {
  if (tree === null) return [];
  const { uncommitted, lfs, links, texts_not_utf8: texts, shallow } = tree;
  const missingContents = lfs.filter(({ present }) => !present).map(({ path }) => path);
  return [
    ...((uncommitted ?? 0) > 0
      ? [`${uncommitted} uncommitted changes are not part of the build; commit those that belong to it`]
      : []),
    ...(missingContents.length > 0
      ? [`the content of git LFS files is not here, only their pointers: ${listPaths(missingContents)}`]
      : []),
    ...(links.refused.length > 0
      ? [`links that lead out of the repository are left out: ${listPaths(links.refused.map(({ path }) => path))}`]
      : []),
    ...(texts.count > 0
      ? [`${texts.count} texts are not UTF-8 and are taken for latin-1: ${listPaths(texts.paths)}`]
      : []),
    ...(shallow ? ['the git history is incomplete: the repository is a shallow clone'] : []),
  ];
}

function listPaths(paths: string[]): string {
  const more = paths.length > 5 ? ` and ${paths.length - 5} more` : '';
  return `${paths.slice(0, 5).join(', ')}${more}`;
}
