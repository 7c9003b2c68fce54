/**
 * Takes one ref of another repository into a project's own: bounded in time, tries and disk.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isCode } from '../machine/errno';
import type { PublicFetch } from '../network/public-fetch';
import { accessEnv } from './access';
import { withinBudget } from './disk-budget';
import { inAFewTries } from './explain-fetch';
import { GitError } from './git';
import type { ProjectGit } from './repository';
import type { LookOptions, Source } from './source';
import { refuseLeadingOut } from './stays-inside';

export interface FetchOptions extends LookOptions {
  /** What the project's repository may take on disk. */
  maxBytes: number;
  fetchTimeoutMs: number;
  /** For what git itself does not fetch; without proxy and settings where it is left out. */
  publicFetch?: PublicFetch | undefined;
}

/** As many places of a project where a history was cut off are looked at. */
const CUTS_LIMIT = 50;

interface Fetch {
  source: Pick<Source, 'place' | 'protocols'>;
  from: string;
  to: string;
  depth?: string[];
}

/** Fetches one ref. Throws a failure where git says why, and git's own error for a ref that is not there. */
export async function fetchInto(
  git: ProjectGit,
  { source, from, to, depth = [] }: Fetch,
  { access, maxBytes, fetchTimeoutMs: timeoutMs, roots }: FetchOptions,
): Promise<void> {
  const { place, protocols } = source;
  if (protocols === 'file') await refuseLeadingOut(git.elsewhere, place, roots);
  // Tags of the history come along: versions are derived from them.
  const flags = ['--quiet', '--no-write-fetch-head', '--no-recurse-submodules', '--no-auto-maintenance'];
  const args = ['fetch', ...flags, '--update-shallow', ...depth, '--end-of-options', place, `+${from}:${to}`];
  const env = await accessEnv(access, protocols);
  const fetch = () => withinBudget(git.folder, maxBytes, (signal) => git(args, { timeoutMs, signal, env }));
  const known = async (): Promise<Error | undefined> => {
    try {
      await fetch();
      return undefined;
    } catch (error) {
      // These are for the caller: an answer, and no trouble on the way.
      if (error instanceof Error && (isNoSuchRef(error) || isPartial(error))) return error;
      throw error;
    }
  };
  const error = await inAFewTries(place, known);
  if (error !== undefined) throw error;
}

export function isNoSuchRef(error: unknown): boolean {
  return (
    error instanceof GitError &&
    /couldn't find remote ref|not our ref|no such ref|invalid refspec|Not a valid object name|Needed a single/i.test(
      error.message,
    )
  );
}

/** The other repository is a partial clone, and misses objects that were asked of it. */
export function isPartial(error: unknown): boolean {
  return error instanceof GitError && /promisor|lazy fetch/i.test(error.stderr);
}

/** True where the history before the commit is not whole. */
export async function isCutOff(git: ProjectGit, commit: string): Promise<boolean> {
  const cuts = await readFile(join(git.folder, 'shallow'), 'utf8').catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return '';
    throw error;
  });
  for (const cut of cuts.split('\n').filter(Boolean).slice(-CUTS_LIMIT)) {
    const { exitCode } = await git(['merge-base', '--is-ancestor', cut, commit], { allowExit: [1, 128] });
    if (exitCode === 0) return true;
  }
  return false;
}
