/**
 * Reads the files for agents of a tree: for the context of a role, and for `GET prompt`, which shows the same.
 */
import { selectGuides, guidesToRead, showGuides } from '../domain/guides';
import type { ShownGuides } from '../domain/guides';
import type { TreeAt, Workspace } from '../ports/workspace';
import { digestOf } from './digest';

/** Null where the tree has none. */
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
