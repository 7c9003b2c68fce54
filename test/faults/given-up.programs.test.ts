/**
 * A worker whose thread stands still for longer than the heartbeat's time-out loses its activity, and pays nothing again for it.
 */
import { optionalTsToMs } from '@temporalio/common/lib/time';
import { HEARTBEAT } from '../../src/domain/timings';
import { openStage } from '../workflows/stage';
import type { Run, Stage } from '../workflows/stage';
import { until } from '../until';

let stage: Stage;
beforeAll(async () => (stage = await openStage()));
afterAll(() => stage?.stop());

test('a model call whose activity the server gave up and started again is made once', async () => {
  let begun: (run: Run) => void = () => undefined;
  const started = new Promise<Run>((resolve) => (begun = resolve));
  let discoveries = 0;
  const discovery = async () => {
    discoveries += 1;
    const run = await started;
    if (discoveries === 1) standStill(HEARTBEAT.timeoutMs + 2_000);
    await until(
      () => triesOf(run),
      (tries) => tries > 1,
    );
    return {};
  };
  begun(await stage.begin({ answers: { discovery } }));
  const run = await started;
  expect(await run.handle.result()).toMatchObject({ status: 'complete' });
  expect(discoveries).toBe(1);
  expect((await run.state()).attempts.discovery).toBe(1);
});

/** Blocks the thread, and with it the heartbeats. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** The number of the activity's try that has run for two heartbeats, so that it has asked its model; 0 if there is none. */
async function triesOf({ handle }: Run): Promise<number> {
  const [activity] = (await handle.describe()).raw.pendingActivities ?? [];
  const startedAt = optionalTsToMs(activity?.lastStartedTime) ?? 0;
  const beatAt = optionalTsToMs(activity?.lastHeartbeatTime) ?? 0;
  return beatAt - startedAt > 1.5 * HEARTBEAT.everyMs ? (activity?.attempt ?? 0) : 0;
}
