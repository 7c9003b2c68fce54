/**
 * The artifact store on local disk: content under the name of its own sha256, in 256 folders.
 *
 * What is read is hashed again, so a damaged file is an error here and never an answer somewhere else.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactRef, ArtifactStore } from '../../ports/artifacts';
import { Failure } from '../../domain/failures';
import { digestOfHex, hexOf } from '../../domain/ids';
import { sha256 } from '../../inspect/digest';
import { isCode } from '../machine/errno';
import { replaceWhole } from '../machine/write-whole';

export function createFileArtifacts(root: string): ArtifactStore {
  const pathOf = (hex: string): string => join(root, hex.slice(0, 2), hex);
  return {
    async put(content): Promise<ArtifactRef> {
      const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : Buffer.from(content);
      const hex = sha256(bytes);
      // An equal size is not proof of a whole file, but writing is atomic, so only a disk fault could differ; get() finds that.
      if ((await sizeOf(pathOf(hex))) !== bytes.length) await replaceWhole(pathOf(hex), bytes);
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
      const bytes = await readFile(pathOf(hex)).catch((error: unknown) => {
        if (isCode(error, 'ENOENT')) throw new Failure('Artifact.Missing', `No artifact ${digest} is kept here.`);
        throw error;
      });
      if (sha256(bytes) !== hex) {
        throw new Failure(
          'Storage.Damaged',
          `The artifact ${digest} is damaged on disk: its content has another digest. Restore the file from a copy.`,
        );
      }
      return bytes;
    },
  };
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
