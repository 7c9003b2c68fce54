/**
 * The document store: small JSON values by collection and key.
 */
/** Small JSON documents by key, written whole or not at all (temporary file, fsync, link or rename). */
export interface DocumentStore {
  /** Undefined where nothing was kept under the key. */
  load<T>(collection: string, key: string): Promise<T | undefined>;
  /** First writer wins: returns what is kept under the key afterwards, ours or the earlier one's. */
  keepFirst<T>(collection: string, key: string, value: T): Promise<T>;
  /** Keys that begin with `prefix`, sorted. */
  list(collection: string, prefix: string): Promise<string[]>;
  /** Last writer wins. */
  replace<T>(collection: string, key: string, value: T): Promise<void>;
}
