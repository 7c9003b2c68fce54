/**
 * Finds source files of a commit that its build command rewrites: the release would differ from the tested files. Files that the
 * base's build rewrites too do not count.
 */
import { createHash } from 'node:crypto';
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Context } from '@temporalio/activity';
import { syntaxOf } from '../../../inspect/asks/code-view';
import type { ProjectOverrides } from '../../../ports/checkouts';
import type { TreeAt, TreeItem } from '../../../ports/workspace';
import type { Deps } from '../../deps';

interface BuiltTree {
  at: TreeAt;
  base: string;
  overrides: ProjectOverrides;
  command: string[];
  /** The tree after the build. */
  folder: string;
}
type BuildDeps = Pick<Deps, 'workspace' | 'checkouts' | 'testTimeoutMs'>;

/** Gives the paths, sorted. */
export async function findChangedByBuild(
  deps: BuildDeps,
  { at, base, overrides, command, folder }: BuiltTree,
): Promise<string[]> {
  const found = await rewrittenSources(deps, at, folder);
  if (found.length === 0) return [];
  const signal = Context.current().cancellationSignal;
  const before = { ...at, commit: base };
  const atBase = await deps.checkouts.with({ at: before, base, overrides, signal }, async (checkout) => {
    await checkout.run({ command, timeoutMs: deps.testTimeoutMs, signal });
    return rewrittenSources(deps, before, checkout.folder);
  });
  return found.filter((path) => !atBase.includes(path));
}

/** Names at most ten of the paths. */
export function describeChanged(paths: string[]): string {
  const more = paths.length > 10 ? ` and ${paths.length - 10} more` : '';
  return `it changes these files of the commit, which were tested without that change: ${paths.slice(0, 10).join(', ')}${more}`;
}

async function rewrittenSources({ workspace }: Pick<Deps, 'workspace'>, at: TreeAt, folder: string): Promise<string[]> {
  const entries = await workspace.entries(at);
  const sources = entries.filter(({ path, mode }) => mode.startsWith('100') && syntaxOf(path) !== undefined);
  const found: string[] = [];
  for (const entry of sources) if (!(await isAsCommitted(folder, entry))) found.push(entry.path);
  return found.sort();
}

/** True where the file has the content of the commit. It is read only if its size is the same, so a huge file is never read. */
async function isAsCommitted(folder: string, { path, bytes, id }: TreeItem): Promise<boolean> {
  const absolute = join(folder, path);
  const stats = await lstat(absolute).catch(() => undefined);
  if (stats?.isFile() !== true || stats.size !== bytes) return false;
  const content = await readFile(absolute);
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex') === id;
}
