/**
 * Reads the artifacts of a build for its record: each is named by digest, and embedded as far as the bounds allow.
 */
import { isUtf8 } from 'node:buffer';
import type { ArtifactStore } from '../../ports/artifacts';
import type { BuildState } from '../../domain/build/state';
import { Failure } from '../../domain/failures';
import { readJson } from '../../domain/record/entries';
import type { ArtifactBody, Content } from '../../domain/record/format';
import { digestsIn, orchestratorPart, orchestratorOutputs } from '../../domain/record/find-references';

export interface EmbedBounds {
  eachBytes: number;
  /** The limit for all contents together; those that the build names first are embedded first. */
  totalBytes: number;
}
export interface LoadedArtifacts {
  artifacts: ArtifactBody[];
  contents: Record<string, Content>;
}

export async function loadArtifacts(
  store: ArtifactStore,
  build: BuildState,
  bounds: EmbedBounds,
): Promise<LoadedArtifacts> {
  const part = orchestratorPart(build);
  const outputDigests = orchestratorOutputs(part);
  const queue = new Set([build.request, ...digestsIn(part)]);
  const loaded: LoadedArtifacts = { artifacts: [], contents: {} };
  let remainingBytes = bounds.totalBytes;
  // The loop also visits digests that are added to the set while it runs.
  for (const digest of queue) {
    const bytes = await readArtifact(store, digest);
    if (typeof bytes === 'string') {
      loaded.artifacts.push({ digest, bytes: null, omitted: bytes });
      continue;
    }
    const isTooLarge = bytes.length > Math.min(bounds.eachBytes, remainingBytes);
    loaded.artifacts.push({ digest, bytes: bytes.length, omitted: isTooLarge ? 'too_large' : null });
    if (isTooLarge) continue;
    remainingBytes -= bytes.length;
    const content = encode(bytes);
    loaded.contents[digest] = content;
    if (outputDigests.has(digest)) for (const named of digestsIn(readJson(content))) queue.add(named);
  }
  return loaded;
}

/** An unreadable artifact is marked in the record: a record with a gap is better than none. */
async function readArtifact(store: ArtifactStore, digest: string): Promise<Buffer | 'missing' | 'damaged'> {
  try {
    return await store.get(digest);
  } catch (error) {
    return error instanceof Failure && error.type === 'Artifact.Missing' ? 'missing' : 'damaged';
  }
}

function encode(bytes: Buffer): Content {
  if (isUtf8(bytes)) return { encoding: 'utf8', content: bytes.toString('utf8') };
  return { encoding: 'base64', content: bytes.toString('base64') };
}
