/**
 * Makes an earlier release live again on a person's command, smoke-tests it, and records the restore.
 *
 * Only a release of a complete build can be restored: it has passed its gates and its smoke test, and its start request holds the
 * release settings.
 */
import { Context } from '@temporalio/activity';
import { senderOf } from '../../domain/build/sender';
import { Failure } from '../../domain/failures';
import { releaseKeyOf, workflowIdOf } from '../../domain/ids';
import { isSameRestoreRequest } from '../../domain/restore';
import type { RestoreTask, RestoreResult } from '../../domain/restore';
import type { ReleaseTarget } from '../../ports/release-target';
import type { StartRequest } from '../../requests/start-request';
import type { Deps } from '../deps';
import { loadRequest } from '../load-request';

export async function restoreRelease(deps: Deps, task: RestoreTask): Promise<RestoreResult> {
  // Two calls with the same restore id may run at once: the first stored restore document counts.
  const earlierRestore = await deps.documents.load('release-restores', releaseKeyOf(task.projectId, task.restoreId));
  if (earlierRestore !== undefined && !isSameRestoreRequest(earlierRestore, task)) {
    return {
      ok: false,
      says: `nothing was changed: the id ${task.restoreId} was already used for a different restore`,
      smoke: null,
    };
  }
  if (earlierRestore !== undefined && earlierRestore.ended !== null) {
    const { ok, says, smoke } = earlierRestore.ended;
    return { ok, says, smoke };
  }
  await storeRestore(deps, task, null);
  const restored = await tryRestore(deps, task).catch((error: unknown): RestoreResult => {
    if (!(error instanceof Failure) || !error.type.startsWith('Release.')) throw error;
    return { ok: false, says: error.message, smoke: null };
  });
  await endRestore(deps, task, restored);
  return restored;
}

export async function endRestore(
  deps: Pick<Deps, 'documents'>,
  task: RestoreTask,
  restored: RestoreResult,
): Promise<void> {
  await storeRestore(deps, task, { ...restored, at: new Date().toISOString() });
}

async function tryRestore(deps: Deps, task: RestoreTask): Promise<RestoreResult> {
  const { projectId, number, restoreId } = task;
  const request = await requestOf(deps, task);
  const target = deps.releaseTarget(request.release);
  const signal = Context.current().cancellationSignal;
  const release = await target.reinstate({ projectId, number, restoreId, signal });
  const { smoke, streak, timeouts_ms: timeouts } = request.release;
  const verdictKey = ['release-verdicts', releaseKeyOf(projectId, `restore.${restoreId}`)] as const;
  // The first verdict is final, as in a deployment.
  const verdict =
    (await deps.documents.load(...verdictKey)) ??
    (await deps.documents.keepFirst(...verdictKey, {
      ...(await deps.watchHealth({
        ...{ folder: release.folder, smoke, streak, timeoutMs: timeouts?.smoke, signal },
        sandboxOptions: target.smokeWith({ projectId, release }),
      })),
      number,
    }));
  if (verdict.ok) return { ok: true, says: `release ${number} is live now`, smoke: verdict.detail };
  await target.undoRestore({ projectId, number, restoreId });
  const says = `release ${number} failed its smoke test: ${verdict.detail}; ${await describeLive(target, projectId)}`;
  return { ok: false, says, smoke: verdict.detail };
}

async function describeLive(target: ReleaseTarget, projectId: string): Promise<string> {
  const live = await target.live(projectId);
  return live === null ? 'nothing is live now' : `${live.says} is live now`;
}

async function requestOf(deps: Deps, { projectId, number }: RestoreTask): Promise<StartRequest> {
  const intent = await deps.documents.load('release-numbers', releaseKeyOf(projectId, number));
  const { buildId = '' } = intent ?? {};
  const build = intent && (await deps.documents.load('records', workflowIdOf({ projectId, buildId })));
  if (build?.release?.id !== intent?.id || build === undefined) {
    throw new Failure('Release.Refused', `no complete build has release ${number}, so it cannot be restored`);
  }
  return loadRequest(deps.artifacts, build);
}

async function storeRestore(
  { documents }: Pick<Deps, 'documents'>,
  task: RestoreTask,
  ended: (RestoreResult & { at: string }) | null,
): Promise<void> {
  const { projectId, restoreId: id, number, reason, at } = task;
  const restore = { id, number, reason, ...senderOf(task), at, ended };
  await documents.replace('release-restores', releaseKeyOf(projectId, id), restore);
}
