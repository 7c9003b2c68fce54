/**
 * Content of a build that is named by digest, read back as JSON.
 */
import type { BuildState } from '../domain/build';
import { Failure } from '../domain/failures';
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
    const isAbsent = error instanceof Failure && error.type === 'Artifact.Missing';
    if (isAbsent || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The start request in full; its own members where it is kept, else none. */
export async function readRequest(deps: Pick<ApiDeps, 'artifacts'>, digest: string) {
  const request = (await readContent(deps, digest)) as { requirements?: unknown; metadata?: unknown } | undefined;
  return { requirements: request?.requirements ?? null, metadata: request?.metadata ?? null };
}
