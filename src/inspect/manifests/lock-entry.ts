/**
 * Defines the entry of a package in a lock file of any format.
 */
export interface LockEntry {
  name: string;
  version: string;
  /** As written in the lock file; null if it has none. */
  integrity: string | null;
  source: 'registry' | 'local' | 'other';
  /** Where npm would install it, such as `node_modules/a`; '' if the format does not say. */
  place: string;
}
