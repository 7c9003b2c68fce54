/**
 * Sources of a commit that its build writes: what goes live would not be what was tested. What the base's own build writes, too, is
 * the project's way.
 */
import { createHash } from 'node:crypto';
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Context } from '@temporalio/activity';
import { syntaxOf } from '../../../inspect/asks/code-view';
import type { ProjectWish } from '../../../ports/checkouts';
import type { TreeAt, TreeItem } from '../../../ports/workspace';
import type { Deps } from '../../deps';

interface Built {
  at: TreeAt;
  base: string;
  wish: ProjectWish;
  command: string[];
  /** The tree after the build. */
  folder: string;
}
type Needs = Pick<Deps, 'workspace' | 'checkouts' | 'testTimeoutMs'>;

/** Paths, in order. */
export async function changedByBuild(deps: Needs, { at, base, wish, command, folder }: Built): Promise<string[]> {
  const found = await sourcesUnlike(deps, at, folder);
  if (found.length === 0) return [];
  const signal = Context.current().cancellationSignal;
  const before = { ...at, commit: base };
  const atBase = await deps.checkouts.with({ at: before, base, wish, signal }, async (checkout) => {
    await checkout.run({ command, timeoutMs: deps.testTimeoutMs, signal });
    return sourcesUnlike(deps, before, checkout.folder);
  });
  return found.filter((path) => !atBase.includes(path));
}

/** At most ten paths. */
export function describeChanged(paths: string[]): string {
  const more = paths.length > 10 ? ` and ${paths.length - 10} more` : '';
  return `it changes these files of the commit, which were tested as they are there: ${paths.slice(0, 10).join(', ')}${more}`;
}

async function sourcesUnlike({ workspace }: Pick<Deps, 'workspace'>, at: TreeAt, folder: string): Promise<string[]> {
  const entries = await workspace.entries(at);
  const sources = entries.filter(({ path, mode }) => mode.startsWith('100') && syntaxOf(path) !== undefined);
  const found: string[] = [];
  for (const entry of sources) if (!(await isAsCommitted(folder, entry))) found.push(entry.path);
  return found.sort();
}

/** Read only where the size is right, so that what a build has put there cannot be larger than what the commit has. */
async function isAsCommitted(folder: string, { path, bytes, id }: TreeItem): Promise<boolean> {
  const place = join(folder, path);
  const stats = await lstat(place).catch(() => undefined);
  if (stats?.isFile() !== true || stats.size !== bytes) return false;
  const content = await readFile(place);
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex') === id;
}
