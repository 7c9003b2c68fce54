/**
 * Watches a release's health: it counts as good when its smoke test passes several times in a row.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Health, WatchHealth } from '../../ports/health';
import type { Sandbox } from '../../ports/sandbox';
import { passesOnEmptyFolder, smokeTest } from './smoke';

/** Added to the record as a note; the release still counts as good. */
const PASSES_EMPTY_NOTE = 'the command passes in an empty folder, too, so it shows nothing of this release';

/** Makes the watch. One failed check ends it, as users are affected until the former release is restored. */
export function createHealthWatch(sandbox: Sandbox): WatchHealth {
  return async ({ streak: { times, interval_ms: intervalMs }, smoke, checkpoint, ...release }) => {
    const { signal } = release;
    let lastHealth: Health = { ok: false, detail: 'no check was made' };
    for (let check = 1; check <= times; check += 1) {
      checkpoint?.(check === 1 ? 'smoke' : 'streak');
      if (check > 1) await delay(intervalMs, undefined, signal === undefined ? {} : { signal });
      lastHealth = await smokeTest({ ...release, ...smoke, sandbox });
      if (!lastHealth.ok)
        return times === 1 ? lastHealth : { ok: false, detail: `check ${check} of ${times}: ${lastHealth.detail}` };
    }
    if (!lastHealth.ok) return lastHealth;
    const detail = times === 1 ? lastHealth.detail : `${lastHealth.detail}, ${times} times in a row`;
    const passesOnEmpty = await passesOnEmptyFolder({ ...release, ...smoke, sandbox });
    return { ok: true, detail: passesOnEmpty ? `${detail}; ${PASSES_EMPTY_NOTE}` : detail };
  };
}
