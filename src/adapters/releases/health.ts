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
    let last: Health = { ok: false, detail: 'no check was made' };
    for (let check = 1; check <= times; check += 1) {
      checkpoint?.(check === 1 ? 'smoke' : 'streak');
      if (check > 1) await delay(intervalMs, undefined, signal === undefined ? {} : { signal });
      last = await smokeTest({ ...release, ...smoke, sandbox });
      if (!last.ok) return times === 1 ? last : { ok: false, detail: `check ${check} of ${times}: ${last.detail}` };
    }
    if (!last.ok) return last;
    const detail = times === 1 ? last.detail : `${last.detail}, ${times} times in a row`;
    const passesEmpty = await passesOnEmptyFolder({ ...release, ...smoke, sandbox });
    return { ok: true, detail: passesEmpty ? `${detail}; ${PASSES_EMPTY_NOTE}` : detail };
  };
}
