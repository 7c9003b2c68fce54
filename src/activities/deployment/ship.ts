/**
 * A release from its folder to a verdict: deploy, smoke test, health streak, and back to what was live before where that fails.
 *
 * Knows nothing of Temporal. Every effect is found again by the release's id, so the process may die between any two lines.
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

export interface Shipment extends DeployOrder {
  /** By what the release is judged. */
  checks: Pick<StartRequest['release'], 'smoke' | 'streak' | 'timeouts_ms'>;
  /** What a smoke command sees beside the release's folder. */
  packages?: PreparedCheckout['shown'] | undefined;
}
export interface Yard {
  target: ReleaseTarget;
  documents: DocumentStore;
  watchHealth: WatchHealth;
  /** Called at every step by name, so that a test can end the process there. */
  checkpoint?: ((name: string) => void) | undefined;
}
export type Shipped =
  | { kind: 'live'; release: Release; smoke: string }
  | { kind: 'failed'; type: BadEnd | 'Release.RollbackFailed'; message: string };

type BadEnd = NonNullable<ReleaseVerdict['type']>;

export async function ship(yard: Yard, shipment: Shipment): Promise<Shipped> {
  const { documents, target, checkpoint } = yard;
  const { projectId, id } = shipment;
  const key = ['release-verdicts', releaseKeyOf(projectId, id)] as const;
  const earlier = await documents.load(...key);
  // A verdict once given stands: a retry that smoke-tested again could praise what has been taken down already.
  const { release, verdict: given } =
    earlier === undefined || earlier.ok ? await goLive(yard, shipment) : { release: null, verdict: earlier };
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

async function goLive(yard: Yard, shipment: Shipment): Promise<{ release: Release | null; verdict: ReleaseVerdict }> {
  const { checks, packages, ...order } = shipment;
  let release: Release;
  try {
    release = await yard.target.deploy(order);
  } catch (error) {
    if (!(error instanceof Failure) || error.type !== 'Release.DeployFailed') throw error;
    // Half a deployment may be worse than none: it is taken back like one that failed its smoke test.
    return { release: null, verdict: { ok: false, type: 'Release.DeployFailed', detail: error.message, number: null } };
  }
  yard.checkpoint?.('deployed');
  const { smoke, streak, timeouts_ms: timeouts } = checks;
  const health = await yard.watchHealth({
    ...{ folder: release.folder, smoke, streak, timeoutMs: timeouts?.smoke },
    ...{ signal: order.signal, checkpoint: yard.checkpoint },
    beyond: { ...packages, ...yard.target.smokeWith({ projectId: order.projectId, release }) },
  });
  return { release, verdict: { ...health, number: release.number } };
}
