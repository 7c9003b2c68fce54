/**
 * Waits until a build has ended or waits for a person, and approves findings meanwhile as a person would.
 */
import type { WorkflowHandle } from '@temporalio/client';
import { isClosed, openFindings } from '../src/domain/build/state';
import type { BuildState } from '../src/domain/build/state';
import { buildQuery, commandUpdates } from '../src/workflows/messages';
import { until } from '../test/fixture';

const MAX_APPROVALS = 60;
const POLL_MS = 250;

/** `isApproved`: true for gates whose findings this function approves. `withinMs`: the time limit from one approval to the next. */
export async function waitForRest(
  handle: WorkflowHandle,
  { isApproved, withinMs }: { isApproved: (gate: string) => boolean; withinMs: number },
): Promise<{ state: BuildState; approvals: number }> {
  let approvals = 0;
  for (let handledRevision = -1; ;) {
    const isResting = (now: BuildState): boolean =>
      now.revision > handledRevision && (isClosed(now) || now.state === 'error' || now.questions.length > 0);
    const state = await until(
      // A query of a busy worker may time out; a later one is answered.
      () => handle.query(buildQuery).catch(() => undefined),
      (now) => now !== undefined && isResting(now),
      withinMs,
      POLL_MS,
    );
    if (state === undefined) throw new Error('the last query of the build failed, so its state is unknown');
    const openFinding = openFindings(state).find(({ gate }) => isApproved(gate));
    if (state.state !== 'error' || openFinding === undefined || approvals >= MAX_APPROVALS) return { state, approvals };
    const { gate, digest } = openFinding;
    await handle.executeUpdate(commandUpdates.approve, { args: [{ actor: 'ada', gate, digest }] });
    approvals += 1;
    handledRevision = state.revision;
  }
}
