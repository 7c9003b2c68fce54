/**
 * The watch of the event loop runs in an API and a worker as the programs launch them: a planted blockage is logged with the
 * work that ran.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/programs/config';
import type { Blockage } from '../../src/programs/event-loop-watch';
import { launch } from '../../src/programs/launch';
import type { Launched } from '../../src/programs/launch';
import { until } from '../until';

const STOP_MS = 900;
const lines: string[] = [];
let launched: Launched;
let DATA_DIR: string;
beforeAll(async () => {
  DATA_DIR = await mkdtemp(join(tmpdir(), 'q-stops-'));
  const env = {
    ...{ DATA_DIR, TEMPORAL_ADDRESS: process.env.TEST_TEMPORAL_ADDRESS ?? '', PORT: '0' },
    ...{ SANDBOX: 'none', ALLOW_NO_SANDBOX: '1' },
    ...{ TEMPORAL_TASK_QUEUE: `test-${randomUUID()}`, LOG_FORMAT: 'json' },
  };
  jest.spyOn(process.stderr, 'write').mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
  launched = await launch({ config: readConfig(env), api: true, worker: true, say: () => undefined });
}, 120_000);
afterAll(async () => {
  jest.restoreAllMocks();
  await launched?.stop();
  await rm(DATA_DIR, { recursive: true, force: true });
});

function blockEventLoop(): void {
  for (const end = performance.now() + STOP_MS; performance.now() < end;);
}

/** The logged blockage during which this work ran. */
async function stopWith(name: string): Promise<Blockage & { level: number; msg: string }> {
  const logged = () =>
    lines
      .filter((line) => line.includes('the event loop stood still'))
      .map((line) => JSON.parse(line) as Blockage & { level: number; msg: string })
      .find((one) => one.stopped_ms > STOP_MS / 2 && one.at_work.includes(name));
  const stop = await until(
    () => Promise.resolve(logged()),
    (one) => one !== undefined,
  );
  return stop!;
}

test('S1: a request that blocks the event loop of a running API is named in the log', async () => {
  const { documents } = launched.deps;
  const load = documents.load.bind(documents);
  const blockingLoad = jest.spyOn(documents, 'load').mockImplementationOnce((...args) => {
    blockEventLoop();
    return load(...args);
  });
  await fetch(`${launched.url}/api/workflows/nobody.b1/status?token=a`);
  expect(blockingLoad).toHaveBeenCalled();
  const stop = await stopWith('GET /api/workflows/nobody.b1/status');
  expect(stop.msg).toMatch(
    /^the event loop stood still for \d+ ms, .*at work: .*GET \/api\/workflows\/nobody\.b1\/status/,
  );
});

test('S1: an activity that blocks the event loop of a running worker is named in the log', async () => {
  const headers = { 'content-type': 'application/json' };
  const { replace } = launched.deps.documents;
  let isPlanted = false;
  jest.spyOn(launched.deps.documents, 'replace').mockImplementation((...args) => {
    if (!isPlanted) blockEventLoop();
    isPlanted = true;
    return replace(...args);
  });
  const path = `${launched.url}/api/workflows/p-${randomUUID().slice(0, 8)}`;
  const post = (to: string, body: object) => fetch(to, { method: 'POST', headers, body: JSON.stringify(body) });
  await post(`${path}/start`, { build_id: 'b1', user_id: 'u', requirements: 'x' });
  await post(`${path}.b1/cancel`, { reason: 'enough' });
  expect((await stopWith('activity recordBuild')).at_work).toContain('activity recordBuild');
});
