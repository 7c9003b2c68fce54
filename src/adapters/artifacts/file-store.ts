/**
 * The artifact store on local disk: content under the name of its own sha256, in 256 folders.
 *
 * What is read is hashed again, so a damaged file is an error here and never an answer somewhere else. Content that was taken out left
 * a file beside its place, which names what is shown instead.
 */
import { readFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactExchange, ArtifactRef, ArtifactStore } from '../../ports/artifacts';
import { Failure } from '../../domain/failures';
import { digestOfHex, hexOf } from '../../domain/ids';
import { sha256 } from '../../inspect/digest';
import { isCode } from '../machine/errno';
import { replaceWhole } from '../machine/write-whole';

export function createFileArtifacts(root: string): ArtifactStore & ArtifactExchange {
  const pathOf = (hex: string): string => join(root, hex.slice(0, 2), hex);
  const standInOf = async (hex: string): Promise<string | undefined> =>
    (await readFile(`${pathOf(hex)}${GONE}`, 'utf8').catch(nothingIfAbsent))?.trim();
  const store: ArtifactStore & ArtifactExchange = {
    async put(content): Promise<ArtifactRef> {
      const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : Buffer.from(content);
      const hex = sha256(bytes);
      // An equal size is not proof of a whole file, but writing is atomic, so only a disk fault could differ; get() finds that.
      const isThere = (await sizeOf(pathOf(hex))) === bytes.length && (await isTouched(pathOf(hex)));
      if (!isThere && (await standInOf(hex)) === undefined) await replaceWhole(pathOf(hex), bytes);
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
      const bytes = await readFile(pathOf(hex)).catch(nothingIfAbsent);
      if (bytes === undefined) {
        const standIn = await standInOf(hex);
        if (standIn === undefined) throw new Failure('Artifact.Missing', `No artifact ${digest} is kept here.`);
        return store.get(standIn);
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
      // First the name of the stand-in: a process that dies between the two leaves nothing that cannot be read.
      await replaceWhole(`${pathOf(hex)}${GONE}`, Buffer.from(`${ref.digest}\n`));
      await rm(pathOf(hex), { force: true });
      return ref;
    },
  };
  return store;
}

/** Of the file beside the place of taken-out content: one line, the digest of what is shown instead. */
export const GONE = '.redacted';

function nothingIfAbsent(error: unknown): undefined {
  if (isCode(error, 'ENOENT')) return undefined;
  throw error;
}

/** What is put again is named again soon: its age, by which it may be reclaimed, begins anew. False where it has just gone. */
async function isTouched(path: string): Promise<boolean> {
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
