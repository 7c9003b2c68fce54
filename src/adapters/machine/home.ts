/**
 * Finds the home folder of this user, and the cache folder in it. A user with neither HOME nor an entry in /etc/passwd has no home.
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

/** Returns the default folder for downloaded programs. */
export function cacheFolder(): string {
  const home = homeFolder();
  if (home === undefined) throw new Error('this user has no home folder: set HOME, or XDG_CACHE_HOME');
  return join(home, '.cache', 'q-orchestrator');
}
