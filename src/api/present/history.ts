/**
 * Presents the handoffs of a build, oldest first, each with the digest of its output, and with the output itself if it is small.
 */
import { trailCounts } from '../../domain/build/archive';
import { remarkOf } from '../../domain/build/sender';
import type { BuildState } from '../../domain/build/state';
import type { Handoff } from '../../domain/build/trail';
import { workflowIdOf } from '../../domain/ids';
import { readContent } from '../contents';
import { readReport } from '../status-contents';
import type { ApiDeps } from '../deps';

const INLINE_LIMIT_BYTES = 64 * 1024;
/** The limit for one answer; further outputs have their digest only. */
const INLINE_TOTAL_BYTES = 1024 * 1024;

/** Presents the last `limit` handoffs. */
export async function presentHistory(deps: ApiDeps, build: BuildState, limit: number) {
  const handoffs = [];
  let remainingBytes = INLINE_TOTAL_BYTES;
  for (const handoff of build.handoffs.slice(-limit)) {
    const bytes = handoff.data?.bytes ?? 0;
    const isInline = bytes <= Math.min(INLINE_LIMIT_BYTES, remainingBytes);
    if (isInline) remainingBytes -= bytes;
    handoffs.push(await presentHandoff(isInline ? deps : null, build, handoff));
  }
  const report = await readReport(deps, build.survey?.digest);
  const totals = { workflow_id: workflowIdOf(build), handoff_count: trailCounts(build).handoffs };
  return { ...totals, handoffs, repository_report: report };
}

/** `deps`: null if only the digest is to be shown. */
async function presentHandoff(deps: ApiDeps | null, build: BuildState, handoff: Handoff) {
  const { fromRole, toRole, fromState, toState, at, notes, data } = handoff;
  const content = data !== null && deps !== null ? await readContent(deps, data.digest, build.unsaved) : undefined;
  return {
    from_role: fromRole,
    to_role: toRole,
    from_state: fromState,
    to_state: toState,
    timestamp: at,
    notes,
    ...remarkOf(handoff),
    data_transferred: data && {
      ...{ digest: data.digest, bytes: data.bytes, source: data.source, by: data.by },
      ...(content === undefined ? {} : { content }),
    },
  };
}
