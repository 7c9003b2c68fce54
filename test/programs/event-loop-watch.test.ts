/**
 * A blockage of the event loop is noticed, and reported with the work that ran during it.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { watchActivities, watchEventLoop, watchRequests } from '../../src/programs/event-loop-watch';
import type { EventLoopWatch, Blockage } from '../../src/programs/event-loop-watch';
import { until } from '../until';

let watch: EventLoopWatch | undefined;
afterEach(() => watch?.end());

function startWatch(longestMs = 400) {
  const stops: Array<Blockage & { line: string }> = [];
  watch = watchEventLoop({ warn: (facts, line) => void stops.push({ ...facts, line }), longestMs });
  return { watch, stops };
}

function blockFor(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end;);
}

const stopNumber = async (stops: Array<Blockage & { line: string }>, count = 1) =>
  (
    await until(
      () => Promise.resolve(stops),
      (all) => all.length >= count,
    )
  )[count - 1];

test('S1: an activity that blocks the event loop is named, with the other work at that time', async () => {
  const { watch, stops } = startWatch();
  const activities = watchActivities(watch, {
    verify: async () => {
      await new Promise(setImmediate);
      blockFor(900);
      return 'done';
    },
    plan: () => new Promise((resolve) => setImmediate(resolve)),
  });
  watch.begin('activity auditTests');
  expect(await activities.verify()).toBe('done');
  const stop = await stopNumber(stops);
  expect(stop?.stopped_ms).toBeGreaterThan(400);
  expect(stop?.processor_ms).toBeGreaterThan(100);
  expect(stop?.at_work.sort()).toEqual(['activity auditTests', 'activity verify']);
  expect(stop?.line).toMatch(/^the event loop stood still for \d+ ms, .*at work: activity/);
});

test('a failed activity is no longer listed as work', async () => {
  const { watch, stops } = startWatch();
  const { verify } = watchActivities(watch, { verify: () => Promise.reject(new Error('no')) });
  await expect(verify()).rejects.toThrow('no');
  blockFor(900);
  expect((await stopNumber(stops))?.at_work).toEqual(['activity verify']);
  blockFor(900);
  expect((await stopNumber(stops, 2))?.at_work).toEqual([]);
  expect(stops[1]?.line).toMatch(/at work: nothing that is known$/);
});

test('a request is named by its method and path, without its query, until its answer is closed', async () => {
  const { watch, stops } = startWatch();
  const server = createServer((_, response) => {
    blockFor(900);
    response.end('a');
  });
  watchRequests(watch, server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await (await fetch(`http://127.0.0.1:${port}/api/workflows?token=secret`)).text();
  expect((await stopNumber(stops))?.at_work).toEqual(['GET /api/workflows']);
  await new Promise((resolve) => server.close(resolve));
});

test('takeWorstMs returns the longest blockage once', () => {
  const { watch } = startWatch();
  blockFor(600);
  expect(watch.takeWorstMs()).toBeGreaterThan(400);
  expect(watch.takeWorstMs()).toBeLessThan(400);
});
