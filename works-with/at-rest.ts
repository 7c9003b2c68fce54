/**
 * Waits until a build has come to rest, and approves on the way there what a person would let pass.
 */
import type { WorkflowHandle } from '@temporalio/client';
import { isClosed, openFindings } from '../src/domain/build/state';
import type { BuildState } from '../src/domain/build/state';
import { buildQuery, commandUpdates } from '../src/workflows/messages';
import { until } from '../test/fixture';

const MOST_APPROVALS = 60;
const EVERY_MS = 250;

/** `approves`: says of a gate whether its findings are approved. `withinMs`: from one decision to the next. */
export async function atRest(
  handle: WorkflowHandle,
  { approves, withinMs }: { approves: (gate: string) => boolean; withinMs: number },
): Promise<{ state: BuildState; approvals: number }> {
  let approvals = 0;
  for (let seen = -1; ;) {
    const isResting = (now: BuildState): boolean =>
      now.revision > seen && (isClosed(now) || now.state === 'error' || now.questions.length > 0);
    const state = await until(
      // A worker that is busy lets a query run out of time: the next one is answered.
      () => handle.query(buildQuery).catch(() => undefined),
      (now) => now !== undefined && isResting(now),
      withinMs,
      EVERY_MS,
    );
    if (state === undefined) throw new Error('the build came to no rest');
    const found = openFindings(state).find(({ gate }) => approves(gate));
    if (state.state !== 'error' || found === undefined || approvals >= MOST_APPROVALS) return { state, approvals };
    const { gate, digest } = found;
    await handle.executeUpdate(commandUpdates.approve, { args: [{ actor: 'ada', gate, digest }] });
    approvals += 1;
    seen = state.revision;
  }
}
