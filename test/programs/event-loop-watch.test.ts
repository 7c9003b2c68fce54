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

function open(longestMs = 400) {
  const said: Array<Blockage & { line: string }> = [];
  watch = watchEventLoop({ warn: (facts, line) => void said.push({ ...facts, line }), longestMs });
  return { watch, said };
}

function standStill(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end;);
}

const reached = async (said: Array<Blockage & { line: string }>, count = 1) =>
  (
    await until(
      () => Promise.resolve(said),
      (all) => all.length >= count,
    )
  )[count - 1];

test('S1: an activity that blocks the event loop is named, with the other work at that time', async () => {
  const { watch, said } = open();
  const activities = watchActivities(watch, {
    verify: async () => {
      await new Promise(setImmediate);
      standStill(900);
      return 'done';
    },
    plan: () => new Promise((resolve) => setImmediate(resolve)),
  });
  watch.begin('activity auditTests');
  expect(await activities.verify()).toBe('done');
  const stop = await reached(said);
  expect(stop?.stopped_ms).toBeGreaterThan(400);
  expect(stop?.processor_ms).toBeGreaterThan(100);
  expect(stop?.at_work.sort()).toEqual(['activity auditTests', 'activity verify']);
  expect(stop?.line).toMatch(/^the event loop stood still for \d+ ms, .*at work: activity/);
});

test('an activity that fails is at work no more', async () => {
  const { watch, said } = open();
  const { verify } = watchActivities(watch, { verify: () => Promise.reject(new Error('no')) });
  await expect(verify()).rejects.toThrow('no');
  standStill(900);
  expect((await reached(said))?.at_work).toEqual(['activity verify']);
  standStill(900);
  expect((await reached(said, 2))?.at_work).toEqual([]);
  expect(said[1]?.line).toMatch(/at work: nothing that is known$/);
});

test('a request is named by its method and path, without its query, until its answer is closed', async () => {
  const { watch, said } = open();
  const server = createServer((_, response) => {
    standStill(900);
    response.end('a');
  });
  watchRequests(watch, server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await (await fetch(`http://127.0.0.1:${port}/api/workflows?token=secret`)).text();
  expect((await reached(said))?.at_work).toEqual(['GET /api/workflows']);
  await new Promise((resolve) => server.close(resolve));
});

test('the longest blockage is given once', () => {
  const { watch } = open();
  standStill(600);
  expect(watch.takeWorstMs()).toBeGreaterThan(400);
  expect(watch.takeWorstMs()).toBeLessThan(400);
});
