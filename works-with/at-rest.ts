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

/** `approves`: true for gates whose findings are approved. `withinMs`: the time limit from one approval to the next. */
export async function atRest(
  handle: WorkflowHandle,
  { approves, withinMs }: { approves: (gate: string) => boolean; withinMs: number },
): Promise<{ state: BuildState; approvals: number }> {
  let approvals = 0;
  for (let seen = -1; ;) {
    const isResting = (now: BuildState): boolean =>
      now.revision > seen && (isClosed(now) || now.state === 'error' || now.questions.length > 0);
    const state = await until(
      // A query of a busy worker may time out; a later one is answered.
      () => handle.query(buildQuery).catch(() => undefined),
      (now) => now !== undefined && isResting(now),
      withinMs,
      POLL_MS,
    );
    if (state === undefined) throw new Error('the build came to no rest');
    const found = openFindings(state).find(({ gate }) => approves(gate));
    if (state.state !== 'error' || found === undefined || approvals >= MAX_APPROVALS) return { state, approvals };
    const { gate, digest } = found;
    await handle.executeUpdate(commandUpdates.approve, { args: [{ actor: 'ada', gate, digest }] });
    approvals += 1;
    seen = state.revision;
  }
}
