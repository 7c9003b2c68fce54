/**
 * One package as a lock file holds it, whatever the format.
 */
export interface LockEntry {
  name: string;
  version: string;
  /** As the lock writes it; null where it holds none. */
  integrity: string | null;
  source: 'registry' | 'local' | 'other';
  /** Where npm would put it, such as `node_modules/a`; '' where the format does not say. */
  place: string;
}
