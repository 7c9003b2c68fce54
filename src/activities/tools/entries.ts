/**
 * Reads the entries and files of a tool's tree, and writes the error message for a file that is missing.
 */
import { Failure } from '../../domain/failures';
import type { TreeItem, Workspace } from '../../ports/workspace';
import { pathProblem } from '../../inspect/paths';
import type { ToolCallContext } from './tool-context';

export type TreeEntries = TreeItem[];
export type FileMode = TreeItem['mode'];

const MAX_ALIKE_PATHS = 5;

export function entriesOf({ deps, at }: Pick<ToolCallContext, 'deps' | 'at'>): Promise<TreeEntries> {
  return deps.workspace.entries(at);
}

/** Gives the error message for a path without a file, with paths of files of the same name; undefined where the file exists. */
export async function missingFile(context: ToolCallContext, path: string): Promise<string | undefined> {
  const entries = await entriesOf(context);
  if (entries.some((entry) => entry.path === path)) return undefined;
  const quoted = JSON.stringify(path.slice(0, 400));
  if (path === '' || entries.some((entry) => entry.path.startsWith(`${path}/`)))
    return `${quoted} is a folder; list shows it`;
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const alike = entries
    .map((entry) => entry.path)
    .filter((other) => other.slice(other.lastIndexOf('/') + 1).toLowerCase() === name);
  if (alike.length === 0) return `there is no file ${quoted}; list and search show what there is`;
  const more = alike.length > MAX_ALIKE_PATHS ? ' and more' : '';
  return `there is no file ${quoted}; of that name there are ${alike
    .slice(0, MAX_ALIKE_PATHS)
    .map((other) => JSON.stringify(other))
    .join(', ')}${more}`;
}

/** Reads a file. Throws Failure `Workspace.PathRefused`; for a missing file its message names files of the same name. */
export function readText(context: ToolCallContext, path: string): ReturnType<Workspace['readFile']> {
  return orMissing(context, path, () => context.deps.workspace.readFile(context.at, path));
}

/** Runs `use`. If it fails for a missing file, the failure gets a message with similar paths; only then the tree is listed. */
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
