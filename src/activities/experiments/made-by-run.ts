/**
 * Finds changed tests that compare with a golden file or a snapshot that the commit lacks. The test run writes such a file itself, so
 * the test compares an answer with itself.
 */
import type { FoundMaterial } from '../../inspect/readings/material';
import type { TreeAt } from '../../ports/workspace';
import type { Deps } from '../deps';

export async function findSelfComparisons(
  { workspace }: Pick<Deps, 'workspace'>,
  at: TreeAt,
  { goldens, snapshots }: Pick<FoundMaterial, 'goldens' | 'snapshots'>,
): Promise<FoundMaterial['idle']> {
  if (goldens.length + snapshots.length === 0) return [];
  const names = new Set((await workspace.list(at)).map(({ path }) => nameOf(path)));
  const hasSnapshot = (test: string): boolean =>
    [...names].some((name) => /\.snap(?:shot)?$/.test(name) && isSnapshotOf(test, name));
  return [
    ...goldens
      .filter(({ file }) => !names.has(file))
      .map(({ path, line, file }) => ({
        ...{ path, line, test: '' },
        says: `writes ${file} if it is missing and compares with it; the commit has no such file, so the run compares an answer with itself`,
      })),
    ...snapshots
      .filter(({ path }) => !hasSnapshot(nameOf(path)))
      .map(({ path, line }) => ({
        ...{ path, line, test: '' },
        says: 'compares with a snapshot that the commit does not have, so the run itself writes it',
      })),
  ];
}

/** True for `price.test.ts.snap` and `price.test.snapshot` with the test `price.test.ts`. */
function isSnapshotOf(test: string, snapshot: string): boolean {
  return snapshot.startsWith(test.replace(/\.\w+$/, ''));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
