/**
 * Reads the guides of a tree, for a role's context and for `GET prompt`, which shows the same.
 */
import { selectGuides, guidesToRead, showGuides } from '../domain/guides';
import type { ShownGuides } from '../domain/guides';
import type { TreeAt, Workspace } from '../ports/workspace';
import { digestOf } from './digest';

/** Returns null if the tree has none. */
export async function readGuides(
  workspace: Pick<Workspace, 'list' | 'contents'>,
  at: TreeAt,
): Promise<ShownGuides | null> {
  const paths = guidesToRead(await workspace.list(at));
  const texts = await workspace.contents(at, paths);
  const read = paths.flatMap((path) => {
    const text = texts.get(path);
    return text === undefined ? [] : [{ path, digest: digestOf(text), text }];
  });
  return showGuides(selectGuides(read));
}
