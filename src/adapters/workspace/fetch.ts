/**
 * Fetches one ref of another repository into a project's repository, with limits of time, tries and disk space.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isCode } from '../machine/errno';
import type { PublicFetch } from '../network/public-fetch';
import { accessEnv } from './access';
import { withinBudget } from './disk-budget';
import { withRetries } from './explain-fetch';
import { GitError } from './git';
import type { ProjectGit } from './repository';
import type { LookOptions, Source } from './source';
import { refuseLeadingOut } from './stays-inside';

export interface FetchOptions extends LookOptions {
  /** Limit of bytes on disk for the project's repository. */
  maxBytes: number;
  fetchTimeoutMs: number;
  /** Fetches LFS objects, which git itself does not. If it is left out, a fetch without proxy and settings is used. */
  publicFetch?: PublicFetch | undefined;
}

/** Number of a repository's shallow boundaries that are examined. */
const MAX_BOUNDARIES = 50;

interface RefFetch {
  source: Pick<Source, 'place' | 'protocols'>;
  from: string;
  to: string;
  depth?: string[];
}

/** Fetches one ref. Throws a Failure if git's output names the reason, and git's own error for a ref that does not exist. */
export async function fetchInto(
  git: ProjectGit,
  { source, from, to, depth = [] }: RefFetch,
  { access, maxBytes, fetchTimeoutMs: timeoutMs, roots }: FetchOptions,
): Promise<void> {
  const { place, protocols } = source;
  if (protocols === 'file') await refuseLeadingOut(git.elsewhere, place, roots);
  // git also fetches the tags of this history: projects derive their versions from them.
  const flags = ['--quiet', '--no-write-fetch-head', '--no-recurse-submodules', '--no-auto-maintenance'];
  const args = ['fetch', ...flags, '--update-shallow', ...depth, '--end-of-options', place, `+${from}:${to}`];
  const env = await accessEnv(access, protocols);
  const fetch = () => withinBudget(git.folder, maxBytes, (signal) => git(args, { timeoutMs, signal, env }));
  const tryFetch = async (): Promise<Error | undefined> => {
    try {
      await fetch();
      return undefined;
    } catch (error) {
      // The server answered, so another try would not help: the caller handles these errors.
      if (error instanceof Error && (isNoSuchRef(error) || isPartial(error))) return error;
      throw error;
    }
  };
  const error = await withRetries(place, tryFetch);
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

/** True if the other repository is a partial clone that lacks requested objects. */
export function isPartial(error: unknown): boolean {
  return error instanceof GitError && /promisor|lazy fetch/i.test(error.stderr);
}

/** True if the history before the commit is not complete (a shallow clone). */
export async function isCutOff(git: ProjectGit, commit: string): Promise<boolean> {
  const boundaries = await readFile(join(git.folder, 'shallow'), 'utf8').catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return '';
    throw error;
  });
  for (const boundary of boundaries.split('\n').filter(Boolean).slice(-MAX_BOUNDARIES)) {
    const { exitCode } = await git(['merge-base', '--is-ancestor', boundary, commit], { allowExit: [1, 128] });
    if (exitCode === 0) return true;
  }
  return false;
}
