/**
 * The contents of many blobs by one git process.
 */
import { cachedBlob, keepBlob } from './object-cache';
import type { ProjectGit } from './repository';

export interface BlobName {
  oid: string;
  bytes: number;
  /** Named where it is missing. */
  path: string;
}

/** In the order of the entries. The bytes are shared: do not change them. */
export async function readBlobs(git: ProjectGit, entries: BlobName[]): Promise<Buffer[]> {
  const known = entries.map(({ oid }) => cachedBlob(git.folder, oid));
  const missing = entries.filter((_, index) => known[index] === undefined);
  if (missing.length === 0) return known as Buffer[];
  const read = await askForBlobs(git, missing);
  for (const [index, { oid }] of missing.entries()) keepBlob(git.folder, oid, read[index] as Buffer);
  let next = 0;
  return known.map((bytes) => bytes ?? (read[next++] as Buffer));
}

/** One git process for many blobs. Answer of each: `<oid> blob <size>\n<bytes>\n`. */
async function askForBlobs(git: ProjectGit, entries: BlobName[]): Promise<Buffer[]> {
  const total = entries.reduce((sum, entry) => sum + entry.bytes + 100, 0);
  const stdin = entries.map(({ oid }) => `${oid}\n`).join('');
  const { stdout } = await git(['cat-file', '--batch'], { stdin, maxBytes: total + 1024, timeoutMs: 300_000 });
  let offset = 0;
  return entries.map(({ path, bytes }) => {
    const start = stdout.indexOf(10, offset) + 1;
    if (!stdout.toString('latin1', offset, start).endsWith(` blob ${bytes}\n`))
      throw new Error(`git gave no content of ${path}.`);
    offset = start + bytes + 1;
    return stdout.subarray(start, start + bytes);
  });
}

/** Sizes in bytes, by the names given; a name that is no blob has none. */
export async function blobSizes(git: ProjectGit, oids: string[]): Promise<Map<string, number>> {
  if (oids.length === 0) return new Map();
  const stdin = oids.map((oid) => `${oid}\n`).join('');
  const { stdout } = await git(['cat-file', '--batch-check=%(objectname) %(objecttype) %(objectsize)'], { stdin });
  const lines = stdout
    .toString('utf8')
    .split('\n')
    .map((line) => line.split(' '));
  return new Map(lines.filter(([, type]) => type === 'blob').map(([oid, , size]) => [oid ?? '', Number(size)]));
}
