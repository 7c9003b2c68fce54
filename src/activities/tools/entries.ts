/**
 * What the tree of a context holds, and what to say of a file that it does not hold.
 */
import { Failure } from '../../domain/failures';
import type { TreeItem, Workspace } from '../../ports/workspace';
import { pathProblem } from '../../inspect/paths';
import type { ToolCallContext } from './tool-context';

export type TreeEntries = TreeItem[];
export type FileMode = TreeItem['mode'];

const MOST_NAMED = 5;

export function entriesOf({ deps, at }: Pick<ToolCallContext, 'deps' | 'at'>): Promise<TreeEntries> {
  return deps.workspace.entries(at);
}

/** Where there is nothing at the path: the sentence that says so, with files of the same name. Undefined where there is something. */
export async function missingFile(context: ToolCallContext, path: string): Promise<string | undefined> {
  const entries = await entriesOf(context);
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

/** Throws Failure `Workspace.PathRefused`; of a file that is not there, with what there is. */
export function readText(context: ToolCallContext, path: string): ReturnType<Workspace['readFile']> {
  return orMissing(context, path, () => context.deps.workspace.readFile(context.at, path));
}

/** Asked for what is there only where `use` was refused: the tree may be large. */
export async function orMissing<T>(context: ToolCallContext, path: string, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    if (!(error instanceof Failure) || error.type !== 'Workspace.PathRefused') throw error;
    const missing = await missingFile(context, path);
    if (missing === undefined || pathProblem(path) !== undefined) throw error;
    throw new Failure('Workspace.PathRefused', missing);
  }
}
