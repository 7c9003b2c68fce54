/**
 * What git said of commits, trees and small blobs, kept in memory: they are named by their content, and a build asks for the same ones
 * again and again.
 *
 * A failure is not kept. A tree or a blob that is larger than the whole cache is asked for each time.
 */
import { LRUCache } from 'lru-cache';
import type { Git, GitAnswer } from './git';

/** Some 300 bytes each. */
const TREE_ENTRIES = 100_000;
const BLOB_BYTES = 32 * 1024 * 1024;
const LARGEST_BLOB_BYTES = 256 * 1024;
const ANSWER_BYTES = 16 * 1024 * 1024;

const trees = new LRUCache<string, readonly unknown[]>({
  maxSize: TREE_ENTRIES,
  sizeCalculation: (entries) => entries.length + 1,
});
const blobs = new LRUCache<string, Buffer>({ maxSize: BLOB_BYTES, sizeCalculation: (bytes) => bytes.length + 100 });

const answers = new LRUCache<string, GitAnswer>({
  maxSize: ANSWER_BYTES,
  maxEntrySize: ANSWER_BYTES / 4,
  sizeCalculation: ({ stdout }) => stdout.length + 500,
});

/**
 * Keeps the answers of commands that read only commits, named in full, and no input; all others go to git. The bytes are shared: do not
 * change them.
 */
export function cachedAnswer(git: Git): Git {
  return async (args, call = {}) => {
    const { stdin, env, maxBytes, cut, allowExit } = call;
    if (!readsCommitsOnly(args) || stdin !== undefined || env !== undefined) return git(args, call);
    const key = JSON.stringify([args, maxBytes, cut, allowExit]);
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = await git(args, call);
    answers.set(key, answer);
    return answer;
  };
}

/** `--git-dir=<folder>`, the command, options and commits; or `rev-parse` of a commit's tree or first parent. */
function readsCommitsOnly([folder = '', command, ...args]: string[]): boolean {
  if (!folder.startsWith('--git-dir=')) return false;
  if (command === 'diff-tree') return args.filter((arg) => COMMIT.test(arg)).length === 2;
  return command === 'rev-parse' && args.some((arg) => PART_OF_COMMIT.test(arg));
}
const COMMIT = /^[0-9a-f]{40}$/;
const PART_OF_COMMIT = /^[0-9a-f]{40}\^(?:\{tree\}|1)$/;

/** `of`: the repository, since another one may not have the commit. The list is a copy, its entries are shared: do not change them. */
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
