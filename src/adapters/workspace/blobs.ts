/**
 * Reads the contents and sizes of many blobs with one git process.
 */
import { cachedBlob, cacheBlob } from './object-cache';
import type { ProjectGit } from './repository';

export interface BlobName {
  oid: string;
  bytes: number;
  /** The path for the error message if the blob is missing. */
  path: string;
}

/** Returns the contents in the order of the entries. The buffers are shared with the cache: do not change them. */
export async function readBlobs(git: ProjectGit, entries: BlobName[]): Promise<Buffer[]> {
  const cachedBlobs = entries.map(({ oid }) => cachedBlob(git.folder, oid));
  const missingEntries = entries.filter((_, index) => cachedBlobs[index] === undefined);
  if (missingEntries.length === 0) return cachedBlobs as Buffer[];
  const contents = await fetchBlobs(git, missingEntries);
  for (const [index, { oid }] of missingEntries.entries()) cacheBlob(git.folder, oid, contents[index] as Buffer);
  let next = 0;
  return cachedBlobs.map((bytes) => bytes ?? (contents[next++] as Buffer));
}

/** Reads many blobs with one git process, which answers `<oid> blob <size>\n<bytes>\n` for each. */
async function fetchBlobs(git: ProjectGit, entries: BlobName[]): Promise<Buffer[]> {
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

/** Returns sizes in bytes by object id; ids that are not blobs are left out. */
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
