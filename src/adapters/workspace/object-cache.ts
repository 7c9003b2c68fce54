/**
 * Caches git's answers about commits, trees and small blobs in memory. Their ids name their content, so they never change, and a
 * build reads the same ones again and again.
 *
 * Failures are not cached, nor are trees and blobs that are larger than the cache.
 */
import { LRUCache } from 'lru-cache';
import type { Git, GitAnswer } from './git';

/** One entry takes about 300 bytes. */
const MAX_TREE_ENTRIES = 100_000;
const MAX_BLOBS_BYTES = 32 * 1024 * 1024;
const MAX_BLOB_BYTES = 256 * 1024;
const MAX_ANSWERS_BYTES = 16 * 1024 * 1024;

const trees = new LRUCache<string, readonly unknown[]>({
  maxSize: MAX_TREE_ENTRIES,
  sizeCalculation: (entries) => entries.length + 1,
});
const blobs = new LRUCache<string, Buffer>({
  maxSize: MAX_BLOBS_BYTES,
  sizeCalculation: (bytes) => bytes.length + 100,
});

const answers = new LRUCache<string, GitAnswer>({
  maxSize: MAX_ANSWERS_BYTES,
  maxEntrySize: MAX_ANSWERS_BYTES / 4,
  sizeCalculation: ({ stdout }) => stdout.length + 500,
});

/**
 * Caches the answers of commands that read only commits, named by full ids, and no input; all others go to git. The buffers are
 * shared: do not change them.
 */
export function cachedAnswer(git: Git): Git {
  return async (args, call = {}) => {
    const { stdin, env, maxBytes, cut, allowExit } = call;
    if (!readsCommitsOnly(args) || stdin !== undefined || env !== undefined) return git(args, call);
    const key = JSON.stringify([args, maxBytes, cut, allowExit]);
    const stored = answers.get(key);
    if (stored !== undefined) return stored;
    const answer = await git(args, call);
    answers.set(key, answer);
    return answer;
  };
}

/**
 * True for `diff-tree` of two full commit ids, and for `rev-parse` of a commit's tree or first parent. The first argument is
 * `--git-dir=<folder>`.
 */
function readsCommitsOnly([folder = '', command, ...args]: string[]): boolean {
  if (!folder.startsWith('--git-dir=')) return false;
  if (command === 'diff-tree') return args.filter((arg) => COMMIT.test(arg)).length === 2;
  return command === 'rev-parse' && args.some((arg) => PART_OF_COMMIT.test(arg));
}
const COMMIT = /^[0-9a-f]{40}$/;
const PART_OF_COMMIT = /^[0-9a-f]{40}\^(?:\{tree\}|1)$/;

/** `folder` is the repository's: another one may not have the commit. The list is a copy; its entries are shared: do not change them. */
export async function cachedTree<T>(folder: string, commit: string, read: () => Promise<T[]>): Promise<T[]> {
  const key = `${folder} ${commit}`;
  const stored = trees.get(key) as readonly T[] | undefined;
  if (stored !== undefined) return [...stored];
  const entries = await read();
  trees.set(key, [...entries]);
  return entries;
}

export function cachedBlob(folder: string, oid: string): Buffer | undefined {
  return blobs.get(`${folder} ${oid}`);
}

export function cacheBlob(folder: string, oid: string, bytes: Buffer): void {
  // It stores a copy: a slice would keep the buffer of git's whole answer in memory.
  if (bytes.length <= MAX_BLOB_BYTES) blobs.set(`${folder} ${oid}`, Buffer.from(bytes));
}
