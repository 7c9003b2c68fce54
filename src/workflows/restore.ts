/**
 * The restore workflow: makes an earlier release live again. The workflow id allows one restore at a time in a project.
 */
import { CancellationScope } from '@temporalio/workflow';
import type { RestoreTask, RestoreResult } from '../domain/restore';
import { refuseForeignRestore } from './inputs';
import { failureOf } from './phase';
import { recordActivities, releaseActivities } from './proxies';

export async function restoreWorkflow(task: RestoreTask): Promise<RestoreResult> {
  refuseForeignRestore(task);
  try {
    return await releaseActivities.restoreRelease(task);
  } catch (error) {
    const failedRestore = { ok: false, says: failureOf(error).message, smoke: null };
    await CancellationScope.nonCancellable(() => recordActivities.endRestore(task, failedRestore));
    return failedRestore;
  }
}
