/**
 * Tests the API as the programs launch it: its settings take effect, and it asks a Temporal server that starts later for its search
 * attributes.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askUntilAnswered } from '../../src/adapters/temporal/search-attributes';
import { readConfig } from '../../src/programs/config';
import { launch } from '../../src/programs/launch';
import { serveApi } from './served';

test('RATE_LIMIT_PER_MINUTE refuses a caller with more requests', async () => {
  const DATA_DIR = await mkdtemp(join(tmpdir(), 'q-launched-'));
  const TEMPORAL_ADDRESS = process.env.TEST_TEMPORAL_ADDRESS ?? '';
  const TEMPORAL_TASK_QUEUE = `test-${randomUUID()}`;
  const env = {
    DATA_DIR,
    TEMPORAL_ADDRESS,
    TEMPORAL_TASK_QUEUE,
    PORT: '0',
    LOG_LEVEL: 'silent',
    RATE_LIMIT_PER_MINUTE: '2',
  };
  const program = await launch({ config: readConfig(env), api: true, worker: false, say: () => undefined });
  try {
    const answers = [];
    for (let i = 0; i < 3; i++) answers.push(await fetch(`${program.url}/healthz`));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(Number(answers[2]?.headers.get('retry-after'))).toBeGreaterThan(0);
  } finally {
    await program.stop();
    await rm(DATA_DIR, { recursive: true, force: true });
  }
});

test('the server is asked for its search attributes until it answers, once for all requests, and the answer is cached', async () => {
  let askCount = 0;
  const areKnown = askUntilAnswered(async () => {
    askCount += 1;
    if (askCount === 1) throw new Error('away');
    return true;
  });
  await expect(Promise.all([areKnown(), areKnown()])).rejects.toThrow('away');
  expect(askCount).toBe(1);
  expect(await Promise.all([areKnown(), areKnown()])).toEqual([true, true]);
  expect(await areKnown()).toBe(true);
  expect(askCount).toBe(2);
});

test('a build that is started after the server has answered has its search attributes', async () => {
  let isAway = true;
  const searchAttributesKnown = askUntilAnswered(async () => {
    if (isAway) throw Object.assign(new Error('away'), { code: 14, details: 'away', metadata: {} });
    return true;
  });
  const api = await serveApi({ worker: false, api: { searchAttributesKnown } });
  try {
    const path = `/api/workflows/${api.newProject()}`;
    const body = { build_id: 'b1', user_id: 'u', requirements: 'Dark mode' };
    expect(await api.post(`${path}/start`, body)).toMatchObject({ status: 503 });
    isAway = false;
    expect(await api.post(`${path}/start`, body)).toMatchObject({ status: 201 });
    const handle = api.stack.client.workflow.getHandle(`${path.split('/').at(-1)}.b1`);
    expect((await handle.describe()).searchAttributes).toMatchObject({ BuildId: ['b1'] });
  } finally {
    await api.stop();
  }
});
