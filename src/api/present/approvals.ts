/**
 * Presents the findings of a build: the open ones, each with the content that was judged, and the approved ones.
 */
import type { BuildState } from '../../domain/build/state';
import { isClosed, openFindings } from '../../domain/build/state';
import type { Finding } from '../../domain/findings';
import { readContent } from '../contents';
import type { ApiDeps } from '../deps';

/** Larger contents are read by `GET artifacts/{digest}`. */
const INLINE_LIMIT_CHARS = 64 * 1024;

export async function presentApprovals(deps: ApiDeps, workflowId: string, build: BuildState) {
  const open = isClosed(build) ? [] : openFindings(build);
  return {
    workflow_id: workflowId,
    current_state: build.state,
    open: await Promise.all(open.map((finding) => presentFinding(deps, workflowId, finding))),
    approved: build.approvals.map(({ gate, digest, actor, at }) => ({ gate, digest, by: actor, timestamp: at })),
  };
}

async function presentFinding(deps: ApiDeps, workflowId: string, finding: Finding) {
  const { gate, digest, summary, mender, onApprove, onReject, at, isManual } = finding;
  const content = await readContent(deps, digest);
  const isInline = content !== undefined && JSON.stringify(content).length <= INLINE_LIMIT_CHARS;
  return {
    ...{ gate, digest, summary, found_at: at, can_be_mended_by: mender },
    on_approve: isManual ? 'lifted; request-retry continues the build' : `continues with ${onApprove}`,
    on_reject: onReject === null ? 'stays in error' : `goes back to ${onReject} with the reason`,
    content: isInline ? content : null,
    content_url: `/api/workflows/${workflowId}/artifacts/${digest}`,
  };
}
