/**
 * Hands the notices of a build to the workflow that sends them, whatever else the build is doing at the time.
 *
 * A build without targets of notices gets no event of history from this, so older histories replay.
 */
import { CancellationScope, condition } from '@temporalio/workflow';
import type { BuildState } from '../domain/build/state';
import { deliveriesBetween } from '../domain/notices/notices';
import { now } from './clock';
import { handOverActivities } from './proxies';

export interface NoticeWatch {
  /** Settles once the notices of this build state, and of all earlier ones, are handed over. */
  handed(build: BuildState): Promise<void>;
}

/** `told`: the state whose notices an earlier run handed over; null for a new build. Gives null for a build without targets. */
export function watchNotices(run: { build: BuildState }, told: BuildState | null): NoticeWatch | null {
  if ((run.build.notify ?? []).length === 0) return null;
  let last = told;
  // A cancellation in Temporal ends the build by itself; its notices are sent all the same.
  void CancellationScope.nonCancellable(async () => {
    for (;;) {
      await condition(() => last !== run.build);
      const { build } = run;
      const deliveries = deliveriesBetween(last, build, now());
      if (deliveries.length > 0) await handOverActivities.handNotices(build.projectId, deliveries);
      last = build;
    }
  });
  return {
    // The command `cancel` waits for its notice too, while Temporal cancels the workflow.
    handed: (build) =>
      CancellationScope.nonCancellable(() =>
        condition(() => last !== null && (last === run.build || last.revision >= build.revision)),
      ),
  };
}
