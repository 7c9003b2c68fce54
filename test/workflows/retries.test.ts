/**
 * Tests retries of activities: operators see the failures, the provider's delay is kept, and the history gets no events.
 */
import { Failure } from '../../src/domain/failures';
import type { FailureType } from '../../src/domain/failures';
import { cardOf } from '../../src/domain/build/card';
import { expectationOf } from '../../src/domain/build/expects';
import { until } from '../fixture';
import type { Answer } from './fake-models';
import { openStage } from './stage';
import type { Run, Stage } from './stage';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.stop());

/** Fails so many times, then answers well. */
function failing(times: number, type: FailureType, retryAfterMs?: number): Answer {
  let calls = 0;
  return () => {
    calls += 1;
    if (calls <= times) throw new Failure(type, 'the provider did not answer', retryAfterMs);
    return {};
  };
}

async function pendingRetry({ handle }: Run) {
  const described = await until(
    () => handle.describe(),
    ({ raw }) => (raw.pendingActivities?.[0]?.attempt ?? 0) > 1,
  );
  return described.raw.pendingActivities?.[0];
}

const seconds = (time: { seconds?: unknown } | null | undefined) => Number(time?.seconds ?? 0);

test('an activity that fails inside its retry policy adds no event', async () => {
  const [smooth, bumpy] = await Promise.all([
    stage.begin({ start: { projectId: 'smooth' } }),
    stage.begin({ start: { projectId: 'bumpy' }, answers: { planning: failing(1, 'Model.Unavailable') } }),
  ]);
  await Promise.all([smooth.handle.result(), bumpy.handle.result()]);
  expect(bumpy.calls()).toHaveLength(smooth.calls().length + 1);
  expect(await bumpy.state()).toMatchObject({ state: 'complete', attempts: { planning: 1 } });
  const types = async (run: Run) =>
    (await run.handle.fetchHistory()).events?.flatMap(
      (event) => event.activityTaskScheduledEventAttributes?.activityType?.name ?? [],
    );
  expect(await types(bumpy)).toEqual(await types(smooth));
  // Task boundaries may fall differently by an event or two; a retry of its own would cost six.
  expect(Math.abs((await bumpy.events()) - (await smooth.events()))).toBeLessThan(6);
});

const DAYS_MS = 309_600_000;

test('M15: a wait of days is shown with its end, asks nothing again, and ends by resume', async () => {
  const run = await stage.begin({ answers: { discovery: failing(1, 'Model.RateLimited', DAYS_MS) } });
  const waiting = await run.reach((build) => build.waiting !== undefined);
  const leftMs = Date.parse(waiting.waiting?.until ?? '') - Date.now();
  expect(Math.abs(leftMs - DAYS_MS)).toBeLessThan(60_000);
  expect(waiting.events.at(-1)).toMatchObject({ type: 'waiting', data: { until: waiting.waiting?.until } });
  expect(cardOf(waiting)).toMatchObject({ waiting: { until: waiting.waiting?.until } });
  expect(expectationOf(waiting).task).toContain('waits for its provider until');
  expect(run.calls()).toHaveLength(1);
  await run.send('resume', { reason: 'the limit was raised' });
  await run.handle.result();
  expect(run.calls().filter(({ phase }) => phase === 'discovery')).toHaveLength(2);
});

test('M15: a wait of days is ended by cancel', async () => {
  const run = await stage.begin({ answers: { discovery: failing(1, 'Model.RateLimited', DAYS_MS) } });
  await run.reach((build) => build.waiting !== undefined);
  await run.send('cancel', { reason: 'not that long' });
  await expect(run.handle.result()).rejects.toThrow();
});

test("the provider's Retry-After is obeyed: the next try is not earlier, and operators see it coming", async () => {
  const run = await stage.begin({ answers: { discovery: failing(1, 'Model.RateLimited', 600_000) } });
  const pending = await pendingRetry(run);
  expect(pending).toMatchObject({ attempt: 2, activityType: { name: 'discover' } });
  expect(pending?.lastFailure).toMatchObject({ applicationFailureInfo: { type: 'Model.RateLimited' } });
  const waitSeconds = seconds(pending?.nextAttemptScheduleTime) - seconds(pending?.lastAttemptCompleteTime);
  expect(waitSeconds).toBeGreaterThanOrEqual(599);
  await run.send('cancel', { reason: 'not waiting for that' });
  await expect(run.handle.result()).rejects.toThrow();
});

test('an unexpected error is named without the message of the library or provider, and is retried', async () => {
  const discovery: Answer = () => {
    throw new TypeError('key sk-SECRET was wrong');
  };
  const run = await stage.begin({ answers: { discovery } });
  const pending = await pendingRetry(run);
  expect(pending?.lastFailure?.message).toBe("unexpected TypeError; the worker's log has it");
  const history = JSON.stringify(await run.handle.fetchHistory()) + JSON.stringify(pending);
  expect(history).not.toContain('sk-SECRET');
  await run.send('cancel', { reason: 'seen' });
  await expect(run.handle.result()).rejects.toThrow();
});
