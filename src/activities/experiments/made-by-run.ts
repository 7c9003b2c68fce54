/**
 * What changed tests compare with and what the commit does not have: the run makes it, so an answer is compared with itself.
 */
import type { FoundMaterial } from '../../inspect/readings/material';
import type { TreeAt } from '../../ports/workspace';
import type { Deps } from '../deps';

export async function madeByRun(
  { workspace }: Pick<Deps, 'workspace'>,
  at: TreeAt,
  { goldens, snapshots }: Pick<FoundMaterial, 'goldens' | 'snapshots'>,
): Promise<FoundMaterial['idle']> {
  if (goldens.length + snapshots.length === 0) return [];
  const names = new Set((await workspace.list(at)).map(({ path }) => nameOf(path)));
  const isKept = (stem: string): boolean =>
    [...names].some((name) => /\.snap(?:shot)?$/.test(name) && isOf(stem, name));
  return [
    ...goldens
      .filter(({ file }) => !names.has(file))
      .map(({ path, line, file }) => ({
        ...{ path, line, test: '' },
        says: `writes ${file} where it is missing and compares with it: the commit has no such file, so the run compares an answer with itself`,
      })),
    ...snapshots
      .filter(({ path }) => !isKept(nameOf(path)))
      .map(({ path, line }) => ({
        ...{ path, line, test: '' },
        says: 'compares with a snapshot that the commit does not have: the run writes it',
      })),
  ];
}

/** `price.test.ts.snap` and `price.test.snapshot` are of `price.test.ts`. */
function isOf(test: string, snapshot: string): boolean {
  return snapshot.startsWith(test.replace(/\.\w+$/, ''));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
