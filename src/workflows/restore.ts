/**
 * One earlier release made live again. One at a time in a project, by the id of the workflow; survives every process.
 */
import { CancellationScope } from '@temporalio/workflow';
import type { RestoreTask, Restored } from '../domain/restore';
import { refuseForeignRestore } from './inputs';
import { failureOf } from './phase';
import { records, effects } from './proxies';

export async function restoreWorkflow(task: RestoreTask): Promise<Restored> {
  refuseForeignRestore(task);
  try {
    return await effects.restoreRelease(task);
  } catch (error) {
    const restored = { ok: false, says: failureOf(error).message, smoke: null };
    await CancellationScope.nonCancellable(() => records.endRestore(task, restored));
    return restored;
  }
}
