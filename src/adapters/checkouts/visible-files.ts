/**
 * Checks out the files that a setup step may see: the whole commit, or only the files that the digest in its cache key covers.
 */
import { readdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TreeAt, Workspace } from '../../ports/workspace';

/** `isVisible`: true for visible files; undefined: all. `isNameVisible`: true for files whose name is visible, with empty content. */
export async function checkOutVisibleFiles(
  workspace: Workspace,
  at: TreeAt,
  {
    tree,
    isVisible,
    isNameVisible,
  }: { tree: string; isVisible?: ((path: string) => boolean) | undefined; isNameVisible?: (path: string) => boolean },
): Promise<void> {
  await workspace.checkout(at, tree);
  if (isVisible === undefined) return;
  const visit = async (below: string): Promise<number> => {
    let remainingCount = 0;
    for (const entry of await readdir(join(tree, below), { withFileTypes: true })) {
      const path = join(below, entry.name);
      if (entry.isDirectory()) {
        const visibleCount = await visit(path);
        if (visibleCount === 0) await rmdir(join(tree, path));
        remainingCount += visibleCount === 0 ? 0 : 1;
      } else if (isVisible(path)) remainingCount += 1;
      else if (entry.isFile() && isNameVisible?.(path) === true) {
        await writeFile(join(tree, path), '');
        remainingCount += 1;
      } else await rm(join(tree, path));
    }
    return remainingCount;
  };
  await visit('');
}
