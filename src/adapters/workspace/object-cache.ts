/**
 * What git said of a commit's tree and of small blobs, kept in memory: both are named by their content, and a build asks for the same
 * ones again and again.
 *
 * A failure is not kept. A tree or a blob that is larger than the whole cache is asked for each time.
 */
import { LRUCache } from 'lru-cache';

/** Some 300 bytes each. */
const TREE_ENTRIES = 100_000;
const BLOB_BYTES = 32 * 1024 * 1024;
const LARGEST_BLOB_BYTES = 256 * 1024;

const trees = new LRUCache<string, readonly unknown[]>({
  maxSize: TREE_ENTRIES,
  sizeCalculation: (entries) => entries.length + 1,
});
const blobs = new LRUCache<string, Buffer>({ maxSize: BLOB_BYTES, sizeCalculation: (bytes) => bytes.length + 100 });

/** `of`: the repository, since another one may not have the commit. Whoever gets the list may not change its entries. */
export async function cachedTree<T>(of: string, commit: string, read: () => Promise<T[]>): Promise<T[]> {
  const key = `${of} ${commit}`;
  const known = trees.get(key) as readonly T[] | undefined;
  if (known !== undefined) return [...known];
  const entries = await read();
  trees.set(key, [...entries]);
  return entries;
}

export function cachedBlob(of: string, oid: string): Buffer | undefined {
  return blobs.get(`${of} ${oid}`);
}

export function keepBlob(of: string, oid: string, bytes: Buffer): void {
  // A copy: a part of git's answer would keep the whole of it.
  if (bytes.length <= LARGEST_BLOB_BYTES) blobs.set(`${of} ${oid}`, Buffer.from(bytes));
}
