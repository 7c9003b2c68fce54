/**
 * Reads contents that a build names by digest: as JSON, as text, or as its start request.
 */
import type { BuildState } from '../domain/build/state';
import { Failure } from '../domain/failures';
import { digestsInText } from '../domain/ids';
import { readStartRequest } from '../requests/start-request';
import type { StartRequest } from '../requests/start-request';
import type { ApiDeps } from './deps';

/**
 * Reads a content as JSON; undefined if it is no longer stored or is not JSON. `unsaved` has the contents that came by signal
 * and are not in the store yet.
 */
export async function readContent(
  { artifacts }: Pick<ApiDeps, 'artifacts'>,
  digest: string,
  unsaved: BuildState['unsaved'] = {},
): Promise<unknown> {
  const unsavedText = Object.hasOwn(unsaved, digest) ? unsaved[digest] : undefined;
  try {
    return JSON.parse(unsavedText ?? (await artifacts.get(digest)).toString('utf8'));
  } catch (error) {
    return error instanceof SyntaxError ? undefined : undefinedIfMissing(error);
  }
}

/** Reads a content as text; null without a digest, or if the content is no longer stored. */
export async function readText(
  { artifacts }: Pick<ApiDeps, 'artifacts'>,
  digest: string | undefined,
): Promise<string | null> {
  const bytes = digest === undefined ? undefined : await artifacts.get(digest).catch(undefinedIfMissing);
  return bytes?.toString('utf8') ?? null;
}

/** True if the build, or an artifact that the build names, contains the digest. */
export async function refersTo(
  { artifacts }: Pick<ApiDeps, 'artifacts'>,
  build: BuildState,
  digest: string,
): Promise<boolean> {
  const namedDigests = digestsInText(JSON.stringify(build));
  if (namedDigests.includes(digest)) return true;
  for (const other of namedDigests) {
    const content = await artifacts.get(other).catch(undefinedIfMissing);
    if (content?.includes(digest)) return true;
  }
  return false;
}

/** Reads the start request; null if it is no longer stored. Throws Failure `Request.Unreadable`. */
export async function readRequest(
  { artifacts }: Pick<ApiDeps, 'artifacts'>,
  digest: string,
): Promise<StartRequest | null> {
  const stored = await artifacts.get(digest).catch(undefinedIfMissing);
  return stored === undefined ? null : readStartRequest(stored.toString('utf8'), digest);
}

export function undefinedIfMissing(error: unknown): undefined {
  if (error instanceof Failure && error.type === 'Artifact.Missing') return undefined;
  throw error;
}
