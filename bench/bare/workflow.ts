/**
 * Bare workflows for comparison: as many steps as a build, and no other work.
 */
import { condition, proxyActivities } from '@temporalio/workflow';

interface BareActivities {
  step(): Promise<void>;
}

const { step } = proxyActivities<BareActivities>({ startToCloseTimeout: '1 minute' });

/** Six activities, one after the other. */
export async function bareWorkflow(): Promise<void> {
  for (let count = 0; count < 6; count++) await step();
}

/** Never ends. It shows how much memory a workflow takes that only waits. */
export async function bareWaitingWorkflow(): Promise<void> {
  await condition(() => false);
}
