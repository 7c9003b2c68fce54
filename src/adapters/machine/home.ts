/**
 * The home of this user, and the cache folder below it. A user without HOME and without an entry in /etc/passwd has none.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';

export function homeFolder(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}

/** Where fetched programs are kept without a setting. */
export function cacheFolder(): string {
  const home = homeFolder();
  if (home === undefined) throw new Error('this user has no home folder: set HOME, or XDG_CACHE_HOME');
  return join(home, '.cache', 'q-orchestrator');
}
