/**
 * Decides whether an artifact belongs to a build, for callers that are limited to some projects.
 *
 * All projects share one store, in which a digest names the content. A caller can write the digest of another project's artifact
 * into a result or a request, so only digests that the orchestrator wrote count: those of the record, and the attachments.
 */
import type { BuildState } from '../domain/build/state';
import { Failure } from '../domain/failures';
import { readRequest } from './contents';
import type { ApiDeps } from './deps';
import { loadArtifacts } from './record/load-artifacts';

/** Limits for the outputs that are read for further digests. */
const BOUNDS = { eachBytes: 8 * 1024 * 1024, totalBytes: 64 * 1024 * 1024 };

/** True if the artifact is the build's own. `build` must have its whole audit trail. */
export async function ownsArtifact(
  { artifacts }: Pick<ApiDeps, 'artifacts'>,
  build: BuildState,
  digest: string,
): Promise<boolean> {
  const requests = [build.request, ...(build.formerRequests ?? []).map((former) => former.digest)];
  if (digest === build.failing || requests.includes(digest)) return true;
  for (const request of requests) {
    const attachments = (await readStoredRequest({ artifacts }, request))?.attachments ?? [];
    if (attachments.some((attachment) => attachment.digest === digest)) return true;
  }
  const loaded = await loadArtifacts(artifacts, build, BOUNDS);
  return loaded.artifacts.some((one) => one.digest === digest);
}

/** Null for a request that a newer version of this program stored: this version cannot read its attachments. */
function readStoredRequest(deps: Pick<ApiDeps, 'artifacts'>, request: string) {
  return readRequest(deps, request).catch((error: unknown) => {
    if (error instanceof Failure && error.type === 'Request.Unreadable') return null;
    throw error;
  });
}
