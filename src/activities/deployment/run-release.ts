/**
 * Runs a release: deploys the folder, runs the smoke test and the health streak, and restores the former release if one of them fails.
 *
 * It imports nothing of Temporal. Each step first looks for the effect of an earlier try by the release's id, so the process may die
 * between any two lines.
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
  /** The settings of the smoke test and of the health streak. */
  checks: Pick<StartRequest['release'], 'smoke' | 'streak' | 'timeouts_ms'>;
  /** The packages that a smoke command sees in addition to the release's folder. */
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
  | { kind: 'failed'; type: ReleaseFailure | 'Release.RollbackFailed'; message: string };

type ReleaseFailure = NonNullable<ReleaseVerdict['type']>;

export async function runRelease(deps: ReleaseDeps, plan: ReleasePlan): Promise<ReleaseResult> {
  const { documents, target, checkpoint } = deps;
  const { projectId, id } = plan;
  const verdictKey = ['release-verdicts', releaseKeyOf(projectId, id)] as const;
  const earlierVerdict = await documents.load(...verdictKey);
  // The first verdict is final: a second smoke test could pass after the release has been taken down.
  const { release, verdict: newVerdict } =
    earlierVerdict === undefined || earlierVerdict.ok
      ? await goLive(deps, plan)
      : { release: null, verdict: earlierVerdict };
  const verdict = earlierVerdict ?? (await documents.keepFirst(...verdictKey, newVerdict));
  checkpoint?.('judged');
  if (verdict.ok && release !== null) return { kind: 'live', release, smoke: verdict.detail };
  const type = verdict.type ?? 'Release.SmokeFailed';
  const failureText = type === 'Release.SmokeFailed' ? 'failed its smoke test' : 'failed to deploy';
  try {
    const liveText = await putBack(target, { projectId, id, failed: `${failureText} (${verdict.detail})` });
    checkpoint?.('put-back');
    const releaseName = verdict.number === null ? 'the release' : `release ${verdict.number}`;
    return { kind: 'failed', type, message: `${releaseName} ${failureText}: ${verdict.detail}; ${liveText}` };
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
    // A failed deployment may have changed a part of production, so it is rolled back like a failed smoke test.
    return { release: null, verdict: { ok: false, type: 'Release.DeployFailed', detail: error.message, number: null } };
  }
  deps.checkpoint?.('deployed');
  const { smoke, streak, timeouts_ms: timeouts } = checks;
  const health = await deps.watchHealth({
    ...{ folder: release.folder, smoke, streak, timeoutMs: timeouts?.smoke },
    ...{ signal: order.signal, checkpoint: deps.checkpoint },
    sandboxOptions: { ...packages, ...deps.target.smokeWith({ projectId: order.projectId, release }) },
  });
  return { release, verdict: { ...health, number: release.number } };
}
