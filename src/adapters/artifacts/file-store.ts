/**
 * Stores artifacts on local disk: each content in a file named by its SHA-256, in 256 folders.
 *
 * `get` hashes the content again, so a damaged file is reported here and never returned. For redacted content a file with the
 * suffix `.redacted` names the artifact that `get` returns instead.
 */
import { readFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactExchange, ArtifactRef, ArtifactStore } from '../../ports/artifacts';
import { Failure } from '../../domain/failures';
import { digestOfHex, hexOf } from '../../domain/ids';
import { sha256 } from '../../inspect/digest';
import { isCode } from '../machine/errno';
import { replaceFile } from '../machine/write-whole';

export function createFileArtifacts(root: string): ArtifactStore & ArtifactExchange {
  const pathOf = (hex: string): string => join(root, hex.slice(0, 2), hex);
  const replacementOf = async (hex: string): Promise<string | undefined> =>
    (await readFile(`${pathOf(hex)}${REDACTED_SUFFIX}`, 'utf8').catch(undefinedIfMissing))?.trim();
  const store: ArtifactStore & ArtifactExchange = {
    async put(content): Promise<ArtifactRef> {
      const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : Buffer.from(content);
      const hex = sha256(bytes);
      // An equal size is not proof of a whole file, but writing is atomic, so only a disk fault could differ; get() finds that.
      const isThere = (await sizeOf(pathOf(hex))) === bytes.length && (await touch(pathOf(hex)));
      if (!isThere && (await replacementOf(hex)) === undefined) await replaceFile(pathOf(hex), bytes);
      return { digest: digestOfHex(hex), bytes: bytes.length };
    },
    async get(digest): Promise<Buffer> {
      const hex = hexOf(digest);
      if (hex === undefined) {
        throw new Failure(
          'Artifact.Missing',
          'A digest is "sha256:" and 64 lower-case hex digits; this is something else.',
        );
      }
      const bytes = await readFile(pathOf(hex)).catch(undefinedIfMissing);
      if (bytes === undefined) {
        const replacement = await replacementOf(hex);
        if (replacement === undefined) throw new Failure('Artifact.Missing', `No artifact ${digest} is kept here.`);
        return store.get(replacement);
      }
      if (sha256(bytes) !== hex) {
        throw new Failure(
          'Storage.Damaged',
          `The artifact ${digest} is damaged on disk: its content has another digest. Restore the file from a copy.`,
        );
      }
      return bytes;
    },
    async exchange(digest, content): Promise<ArtifactRef> {
      const hex = hexOf(digest);
      if (hex === undefined || digestOfHex(sha256(content)) === digest)
        throw new Failure('Artifact.Missing', `${digest} cannot be exchanged for this content.`);
      const ref = await store.put(content);
      // The name of the replacement is written before the content is removed: the digest stays readable if the process dies in between.
      await replaceFile(`${pathOf(hex)}${REDACTED_SUFFIX}`, Buffer.from(`${ref.digest}\n`));
      await rm(pathOf(hex), { force: true });
      return ref;
    },
  };
  return store;
}

/** Suffix of the file that replaces redacted content. It has one line: the digest of the artifact to return instead. */
export const REDACTED_SUFFIX = '.redacted';

function undefinedIfMissing(error: unknown): undefined {
  if (isCode(error, 'ENOENT')) return undefined;
  throw error;
}

/**
 * Sets the file's time to now: content that is put again will soon be referenced again, and the cleanup deletes old files only.
 * Returns false if the file is gone.
 */
async function touch(path: string): Promise<boolean> {
  const now = new Date();
  try {
    await utimes(path, now, now);
    return true;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false;
    throw error;
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
