/**
 * Where fetched programs are kept without a setting: the user's cache folder.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Throws where this user has no home: neither HOME nor an entry in /etc/passwd. */
export function cacheFolder(): string {
  return join(homedir(), '.cache', 'q-orchestrator');
}

/** The same, or undefined. */
export function cacheFolderIfAny(): string | undefined {
  try {
    return cacheFolder();
  } catch {
    return undefined;
  }
}
