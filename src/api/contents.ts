/**
 * Content of a build that is named by digest, read back as JSON.
 */
import type { BuildState } from '../domain/build/state';
import { Failure } from '../domain/failures';
import { digestsInText } from '../domain/ids';
import { readStartRequest } from '../requests/start-request';
import type { StartRequest } from '../requests/start-request';
import type { ApiDeps } from './deps';

/** Undefined where it is no longer there or is not JSON. What came by signal and is not in the store yet is in the build. */
export async function readContent(
  { artifacts }: Pick<ApiDeps, 'artifacts'>,
  digest: string,
  unsaved: BuildState['unsaved'] = {},
): Promise<unknown> {
  const inline = Object.hasOwn(unsaved, digest) ? unsaved[digest] : undefined;
  try {
    return JSON.parse(inline ?? (await artifacts.get(digest)).toString('utf8'));
  } catch (error) {
    return error instanceof SyntaxError ? undefined : nothingIfAbsent(error);
  }
}

/** Null where no digest is given, or nothing is kept under it any more. */
export async function readText(
  { artifacts }: Pick<ApiDeps, 'artifacts'>,
  digest: string | undefined,
): Promise<string | null> {
  const bytes = digest === undefined ? undefined : await artifacts.get(digest).catch(nothingIfAbsent);
  return bytes?.toString('utf8') ?? null;
}

/** The build names the digest itself, or an artifact that the build names does. */
export async function refersTo(
  { artifacts }: Pick<ApiDeps, 'artifacts'>,
  build: BuildState,
  digest: string,
): Promise<boolean> {
  const named = digestsInText(JSON.stringify(build));
  if (named.includes(digest)) return true;
  for (const one of named) {
    const content = await artifacts.get(one).catch(nothingIfAbsent);
    if (content?.includes(digest)) return true;
  }
  return false;
}

/** The start request; null where it is no longer kept. Throws Failure `Request.Unreadable`. */
export async function readRequest(
  { artifacts }: Pick<ApiDeps, 'artifacts'>,
  digest: string,
): Promise<StartRequest | null> {
  const stored = await artifacts.get(digest).catch(nothingIfAbsent);
  return stored === undefined ? null : readStartRequest(stored.toString('utf8'), digest);
}

export function nothingIfAbsent(error: unknown): undefined {
  if (error instanceof Failure && error.type === 'Artifact.Missing') return undefined;
  throw error;
}
