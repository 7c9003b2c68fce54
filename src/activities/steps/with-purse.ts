/**
 * Gives a role's activity its purse, and reports with its outcome or failure what its calls have cost.
 */
import { Context } from '@temporalio/activity';
import type { Outcome } from '../../domain/build/outcome';
import { Failure } from '../../domain/failures';
import type { StepTask } from '../contract';
import type { Deps } from '../deps';
import { grantsOfOwnBuild } from '../grants';
import { createTaskPurse } from './purse';

/**
 * A failure at a budget, or one that asks for a long wait, reports no costs: the call goes on later, and they count with its end. A failure
 * of another type than `Failure` reports none either; the build then looks for them with its next call.
 */
export async function withPurse(deps: Deps, task: StepTask, run: (deps: Deps) => Promise<Outcome>): Promise<Outcome> {
  const { info, cancellationSignal: signal } = Context.current();
  const { scheduledTimestampMs: scheduledMs, attempt: activityTry } = info;
  const grants = deps.grants && grantsOfOwnBuild(deps.grants);
  const purse = createTaskPurse({ ...deps, grants }, task, { scheduledMs, activityTry, signal });
  if (purse === undefined) return run(deps);
  try {
    const outcome = await run({ ...deps, purse });
    const spend = await purse.report();
    return spend === undefined ? outcome : { ...outcome, spend };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw error.with({ spend: await purse.report() });
  }
}
