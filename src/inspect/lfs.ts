/**
 * Reads Git LFS pointers, which are small files that replace large files stored elsewhere. Pure.
 *
 * The format is version 1 of the LFS specification: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
 */

export interface LfsPointer {
  /** sha256 of the content, 64 hex digits. */
  oid: string;
  /** Size of the content in bytes. */
  bytes: number;
}

const LIMIT_BYTES = 1024;
const POINTER =
  /^version https:\/\/(?:git-lfs\.github\.com|hawser\.github\.com)\/spec\/v1\n(?:[a-z0-9.-]+ [^\n]*\n)*?oid sha256:([0-9a-f]{64})\nsize (\d{1,15})\n/;

/** Returns undefined for any other file. */
export function lfsPointerOf(content: Buffer): LfsPointer | undefined {
  if (content.length >= LIMIT_BYTES) return undefined;
  const [, oid, size] = POINTER.exec(content.toString('latin1')) ?? [];
  return oid === undefined ? undefined : { oid, bytes: Number(size) };
}

/** Returns the pointers among the files of a tree. */
export function findLfsPointers(
  contents: Iterable<[path: string, content: Buffer]>,
): Array<LfsPointer & { path: string }> {
  return [...contents].flatMap(([path, content]) => {
    const pointer = lfsPointerOf(content);
    return pointer === undefined ? [] : [{ path, ...pointer }];
  });
}
