/**
 * Whether an artifact is the build's own, for callers who may not see every project.
 *
 * The store is one, and content is its key. A caller can write the digest of another project's artifact into a result or a request,
 * so only the words of the orchestrator count here: what the record would name, and the attachments.
 */
import type { BuildState } from '../domain/build/state';
import { Failure } from '../domain/failures';
import { readRequest } from './contents';
import type { ApiDeps } from './deps';
import { loadArtifacts } from './record/load-artifacts';

/** Of outputs that are followed. */
const BOUNDS = { eachBytes: 8 * 1024 * 1024, totalBytes: 64 * 1024 * 1024 };

/** `build`: with its whole trail. */
export async function isOwnOf(
  { artifacts }: Pick<ApiDeps, 'artifacts'>,
  build: BuildState,
  digest: string,
): Promise<boolean> {
  const requests = [build.request, ...(build.formerRequests ?? []).map((former) => former.digest)];
  if (digest === build.failing || requests.includes(digest)) return true;
  for (const request of requests) {
    const attachments = (await readKept({ artifacts }, request))?.attachments ?? [];
    if (attachments.some((attachment) => attachment.digest === digest)) return true;
  }
  const named = await loadArtifacts(artifacts, build, BOUNDS);
  return named.artifacts.some((one) => one.digest === digest);
}

/** Null for a request that a newer release stored: its attachments are not shown here. */
function readKept(deps: Pick<ApiDeps, 'artifacts'>, request: string) {
  return readRequest(deps, request).catch((error: unknown) => {
    if (error instanceof Failure && error.type === 'Request.Unreadable') return null;
    throw error;
  });
}
