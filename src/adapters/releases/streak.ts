/**
 * The health streak: a release counts as good when its smoke test passes several times in a row.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { smokeTest } from './smoke';
import type { SmokeInput, SmokeResult } from './smoke';

export interface Streak {
  /** At least 1. */
  times: number;
  intervalMs: number;
}

/** One bad check ends it: what is live is bad for somebody until it is put back. */
export async function watchHealth(
  input: SmokeInput,
  { times, intervalMs }: Streak,
  checkpoint: (name: string) => void = () => undefined,
): Promise<SmokeResult> {
  let last: SmokeResult = { ok: false, detail: 'no check was made' };
  for (let check = 1; check <= times; check += 1) {
    checkpoint(check === 1 ? 'smoke' : 'streak');
    if (check > 1) await delay(intervalMs, undefined, input.signal === undefined ? {} : { signal: input.signal });
    last = await smokeTest(input);
    if (!last.ok) return times === 1 ? last : { ok: false, detail: `check ${check} of ${times}: ${last.detail}` };
  }
  return times === 1 ? last : { ok: true, detail: `${last.detail}, ${times} times in a row` };
}
