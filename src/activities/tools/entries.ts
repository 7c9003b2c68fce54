/**
 * What the tree of a bench holds, and what to say of a file that it does not hold.
 */
import type { TreeItem } from '../../ports/workspace';
import type { ToolBench } from './bench';

export type TreeEntries = TreeItem[];
export type FileMode = TreeItem['mode'];

const MOST_NAMED = 5;

export function entriesOf({ deps, at }: Pick<ToolBench, 'deps' | 'at'>): Promise<TreeEntries> {
  return deps.workspace.entries(at);
}

/** Where there is nothing at the path: the sentence that says so, with files of the same name. Undefined where there is something. */
export async function missingFile(bench: ToolBench, path: string): Promise<string | undefined> {
  const entries = await entriesOf(bench);
  if (entries.some((entry) => entry.path === path)) return undefined;
  const quoted = JSON.stringify(path.slice(0, 400));
  if (path === '' || entries.some((entry) => entry.path.startsWith(`${path}/`)))
    return `${quoted} is a folder; list shows it`;
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const alike = entries
    .map((entry) => entry.path)
    .filter((one) => one.slice(one.lastIndexOf('/') + 1).toLowerCase() === name);
  if (alike.length === 0) return `there is no file ${quoted}; list and search show what there is`;
  const more = alike.length > MOST_NAMED ? ' and more' : '';
  return `there is no file ${quoted}; of that name there are ${alike
    .slice(0, MOST_NAMED)
    .map((one) => JSON.stringify(one))
    .join(', ')}${more}`;
}
