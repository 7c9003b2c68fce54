/**
 * Runs a release: deploys the folder, runs the smoke test and the health streak, and restores the former release where one of them fails.
 *
 * Imports nothing of Temporal. Each effect is looked up by the release's id first, so the process may die between any two lines.
 */
import { Failure } from '../../domain/failures';
import { releaseKeyOf } from '../../domain/ids';
import type { PreparedCheckout } from '../../ports/checkouts';
import type { DocumentStore } from '../../ports/documents';
import type { WatchHealth } from '../../ports/health';
import type { ReleaseVerdict } from '../../ports/release-documents';
import type { DeployOrder, Release, ReleaseTarget } from '../../ports/release-target';
import type { StartRequest } from '../../requests/start-request';
import { putBack } from './put-back';

export interface ReleasePlan extends DeployOrder {
  /** By what the release is judged. */
  checks: Pick<StartRequest['release'], 'smoke' | 'streak' | 'timeouts_ms'>;
  /** What a smoke command sees beside the release's folder. */
  packages?: PreparedCheckout['shown'] | undefined;
}
export interface ReleaseDeps {
  target: ReleaseTarget;
  documents: DocumentStore;
  watchHealth: WatchHealth;
  /** Called at every step by name, so that a test can end the process there. */
  checkpoint?: ((name: string) => void) | undefined;
}
export type ReleaseResult =
  | { kind: 'live'; release: Release; smoke: string }
  | { kind: 'failed'; type: BadEnd | 'Release.RollbackFailed'; message: string };

type BadEnd = NonNullable<ReleaseVerdict['type']>;

export async function runRelease(deps: ReleaseDeps, plan: ReleasePlan): Promise<ReleaseResult> {
  const { documents, target, checkpoint } = deps;
  const { projectId, id } = plan;
  const key = ['release-verdicts', releaseKeyOf(projectId, id)] as const;
  const earlier = await documents.load(...key);
  // A verdict once given stands: a retry that smoke-tested again could praise what has been taken down already.
  const { release, verdict: given } =
    earlier === undefined || earlier.ok ? await goLive(deps, plan) : { release: null, verdict: earlier };
  const verdict = earlier ?? (await documents.keepFirst(...key, given));
  checkpoint?.('judged');
  if (verdict.ok && release !== null) return { kind: 'live', release, smoke: verdict.detail };
  const type = verdict.type ?? 'Release.SmokeFailed';
  const failed = type === 'Release.SmokeFailed' ? 'failed its smoke test' : 'failed to deploy';
  try {
    const now = await putBack(target, { projectId, id, failed: `${failed} (${verdict.detail})` });
    checkpoint?.('put-back');
    const named = verdict.number === null ? 'the release' : `release ${verdict.number}`;
    return { kind: 'failed', type, message: `${named} ${failed}: ${verdict.detail}; ${now}` };
  } catch (error) {
    if (!(error instanceof Failure) || error.type !== 'Release.RollbackFailed') throw error;
    return { kind: 'failed', type: error.type, message: error.message };
  }
}

async function goLive(
  deps: ReleaseDeps,
  plan: ReleasePlan,
): Promise<{ release: Release | null; verdict: ReleaseVerdict }> {
  const { checks, packages, ...order } = plan;
  let release: Release;
  try {
    release = await deps.target.deploy(order);
  } catch (error) {
    if (!(error instanceof Failure) || error.type !== 'Release.DeployFailed') throw error;
    // Half a deployment may be worse than none: it is taken back like one that failed its smoke test.
    return { release: null, verdict: { ok: false, type: 'Release.DeployFailed', detail: error.message, number: null } };
  }
  deps.checkpoint?.('deployed');
  const { smoke, streak, timeouts_ms: timeouts } = checks;
  const health = await deps.watchHealth({
    ...{ folder: release.folder, smoke, streak, timeoutMs: timeouts?.smoke },
    ...{ signal: order.signal, checkpoint: deps.checkpoint },
    beyond: { ...packages, ...deps.target.smokeWith({ projectId: order.projectId, release }) },
  });
  return { release, verdict: { ...health, number: release.number } };
}
