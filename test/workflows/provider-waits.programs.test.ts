/**
 * Waits for a provider on a live server: a worker that is replaced during a wait neither loses nor repeats it, and cancel ends a running call.
 */
import * as server from '../adapters/models/faulty-server';
import { until } from '../fixture';
import { closeProviders, good, openProvider } from './provider';
import type { talkTo } from './stage';

afterEach(closeProviders);

async function timersOf({ handle }: ReturnType<typeof talkTo>) {
  const { events = [] } = await handle.fetchHistory();
  const count = (name: 'timerStartedEventAttributes' | 'timerFiredEventAttributes') =>
    events?.filter((event) => event[name] != null).length;
  return { started: count('timerStartedEventAttributes'), fired: count('timerFiredEventAttributes') };
}

test.each([
  ['before the wait ends', true],
  ['after the wait has ended', false],
])('a worker that is replaced %s neither loses nor repeats the wait', async (_when, isBackInTime) => {
  const env = { MODEL_BREAKER_FAILURES: '1', MODEL_BREAKER_OPEN_S: '6' };
  const { stack, times, begin } = await openProvider([server.status(500), good], env);
  const run = await begin();
  const { waiting } = await run.reach((build) => build.waiting !== undefined);
  const end = Date.parse(waiting?.until ?? '');
  expect(waiting?.because).toMatch(/not called before .+: the last 1 calls to anthropic failed in a row/);
  expect(times).toHaveLength(1);
  await stack.stopWorker();
  if (!isBackInTime)
    await until(
      () => Promise.resolve(Date.now()),
      (now) => now > end + 500,
    );
  await stack.startWorker();
  const build = await run.reach('planning');
  expect(times).toHaveLength(2);
  expect(times[1]).toBeGreaterThanOrEqual(end);
  expect(build.events.filter(({ type }) => type === 'waiting')).toHaveLength(1);
  expect(await timersOf(run)).toEqual({ started: 1, fired: 1 });
});

test('cancel ends a running call within the heartbeat', async () => {
  const closed = { at: 0 };
  const hanging: server.Reply = (response) => void response.on('close', () => (closed.at = Date.now()));
  const { times, begin } = await openProvider([hanging], {});
  const run = await begin();
  await until(
    () => Promise.resolve(times.length),
    (calls) => calls === 1,
  );
  const sentAt = Date.now();
  await run.send('cancel', { reason: 'enough' });
  await until(
    () => Promise.resolve(closed.at),
    (at) => at > 0,
  );
  expect(closed.at - sentAt).toBeLessThan(3_000);
});
