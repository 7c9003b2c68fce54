/**
 * Lays out the tree that an install step may see: all of a commit, or only the files that its key digests.
 */
import { readdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TreeAt, Workspace } from '../../ports/workspace';

/** `sees`: undefined for all. `outlines`: files of which only the name is seen. */
export async function layOut(
  workspace: Workspace,
  at: TreeAt,
  {
    tree,
    sees,
    outlines,
  }: { tree: string; sees?: ((path: string) => boolean) | undefined; outlines?: (path: string) => boolean },
): Promise<void> {
  await workspace.checkout(at, tree);
  if (sees === undefined) return;
  const visit = async (below: string): Promise<number> => {
    let left = 0;
    for (const entry of await readdir(join(tree, below), { withFileTypes: true })) {
      const path = join(below, entry.name);
      if (entry.isDirectory()) {
        const inside = await visit(path);
        if (inside === 0) await rmdir(join(tree, path));
        left += inside === 0 ? 0 : 1;
      } else if (sees(path)) left += 1;
      else if (entry.isFile() && outlines?.(path) === true) {
        await writeFile(join(tree, path), '');
        left += 1;
      } else await rm(join(tree, path));
    }
    return left;
  };
  await visit('');
}
