/**
 * What the start request says of the release, in the words of the release train. Pure.
 */
import type { ReleaseSettings } from '../../ports/release-target';
import type { Shipment } from './ship';
import type { StoredRequest } from '../context';

const STREAK_INTERVAL_MS = 500;

export function settingsOf({ release }: StoredRequest): ReleaseSettings {
  const { target, remote, branch, deploy, rollback, network, timeouts_ms: timeoutsMs } = release ?? {};
  return { target: target ?? 'directory', remote, branch, deploy, rollback, network, timeoutsMs };
}

export function checksOf({ release }: StoredRequest): Pick<Shipment, 'smoke' | 'smokeTimeoutMs' | 'streak'> {
  const streak = release?.streak ?? 1;
  return {
    smoke: release?.smoke ?? {},
    smokeTimeoutMs: release?.timeouts_ms?.smoke,
    streak:
      typeof streak === 'number'
        ? { times: streak, intervalMs: STREAK_INTERVAL_MS }
        : { times: streak.times, intervalMs: streak.interval_ms },
  };
}
