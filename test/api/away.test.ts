/**
 * Tests the API without Temporal, workers or search attributes: every answer comes within seconds and names what is missing.
 */
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import pino from 'pino';
import { createSigner } from '../../src/adapters/record/signature';
import { connectClient } from '../../src/adapters/temporal/connect';
import { findFreePort } from '../../src/adapters/temporal/ports';
import { ALL_EXTERNAL, serve, serveApi, until } from './served';
import type { Api } from './served';
import { verifies } from '../requirements/verifies';

/** On an idle machine the API gives up within three seconds; an API that waited for the server would never answer. */
const SOON_MS = 15_000;
const STEP = { role: 'q_assistant', completed_state: 'discovery', phase_result: {} };
const START = { build_id: 'b1', user_id: 'u', requirements: 'Dark mode' };
const CALLS: Array<[string, object?]> = [
  ['GET /p.b/status'],
  ['GET /p.b/history'],
  ['GET /project/p/stats'],
  ['GET '],
  ['POST /p/start', START],
  ['POST /p.b/advance', STEP],
  ['POST /p.b/pause'],
];

let api: Api;
beforeAll(async () => {
  api = await serveApi({ worker: false });
});
afterAll(() => api.stop());

describe.each(['is not there', 'accepts and says nothing'])('if Temporal %s', (how) => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => void sockets.push(socket));
  let unreachableApi: Awaited<ReturnType<typeof serve>>;

  beforeAll(async () => {
    const port = await findFreePort();
    if (how !== 'is not there') await new Promise<void>((resolve) => silent.listen(port, '127.0.0.1', resolve));
    // The client is never closed: the SDK's own retries would meet a closed channel and throw an error that no caller can catch.
    const { client } = connectClient({
      ...{ address: `127.0.0.1:${port}`, namespace: 'default', connection: {} },
    });
    const { artifacts, documents, prompts } = api.stack.deps;
    const signText = createSigner(documents);
    unreachableApi = await serve({
      ...{ client, taskQueue: 'q', artifacts, documents, signText, prompts, searchAttributesKnown: true },
      ...{ roleDefaults: ALL_EXTERNAL, repositoryRoots: [], log: pino({ level: 'silent' }) },
    });
  });
  afterAll(async () => {
    await unreachableApi.close();
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  // The calls run at the same time, because each may take its whole time limit.
  verifies('4.1');
  test('every call gets 503 with Retry-After within seconds', async () => {
    const answers = CALLS.map(async ([line, body]) => {
      const [method, path = ''] = line.split(' ');
      const startMs = Date.now();
      const address = `/api/workflows${path}`;
      const answer = method === 'GET' ? await unreachableApi.get(address) : await unreachableApi.post(address, body);
      return { line, answer, tookMs: Date.now() - startMs };
    });
    for (const { line, answer, tookMs } of await Promise.all(answers)) {
      expect({ line, status: answer.status, type: answer.body.type }).toEqual({
        ...{ line, status: 503, type: 'urn:q-orchestrator:problem:temporal-away' },
      });
      expect(answer.headers.get('retry-after')).toBe('5');
      expect(tookMs).toBeLessThan(SOON_MS);
    }
  });

  test('a malformed request still gets 400', async () => {
    expect(await unreachableApi.post('/api/workflows/p.b/advance', {})).toMatchObject({ status: 400 });
  });

  test('the API is healthy and not ready', async () => {
    expect(await unreachableApi.get('/healthz')).toMatchObject({ status: 200 });
    const startMs = Date.now();
    expect(await unreachableApi.get('/readyz')).toMatchObject({
      status: 503,
      body: { title: 'Temporal cannot be reached' },
    });
    expect(Date.now() - startMs).toBeLessThan(SOON_MS);
  });
});

test('without any worker a build starts and shows its status; calls that a worker must answer get 503', async () => {
  const project = api.newProject();
  expect(await api.post(`/api/workflows/${project}/start`, START)).toMatchObject({ status: 201 });
  const path = `/api/workflows/${project}.b1`;
  expect(await api.get(`${path}/status`)).toMatchObject({ status: 200, body: { current_state: 'discovery' } });
  for (const answer of [api.post(`${path}/advance`, STEP), api.get(`${path}/history`), api.get('/readyz')]) {
    expect(await answer).toMatchObject({ status: 503, body: { type: 'urn:q-orchestrator:problem:worker-away' } });
    expect((await answer).headers.get('retry-after')).toBe('5');
  }
});

verifies('3.4');
test('a worker that comes back carries a repeated command out once', async () => {
  const ownApi = await serveApi();
  try {
    const path = `/api/workflows/${ownApi.newProject()}.b1`;
    await ownApi.post(path.replace('.b1', '/start'), START);
    await until(ownApi, `${path}/events`, (body) => body.event_count === 1);
    await ownApi.stack.stopWorker();
    const startMs = Date.now();
    const first = await ownApi.post(`${path}/advance`, STEP, { 'Idempotency-Key': 'k' });
    expect(first).toMatchObject({ status: 503 });
    expect(first.body.detail).toContain('the same Idempotency-Key is safe');
    expect(Date.now() - startMs).toBeLessThan(SOON_MS);
    await ownApi.stack.startWorker();
    const second = await ownApi.post(`${path}/advance`, STEP, { 'Idempotency-Key': 'k' });
    expect(second).toMatchObject({ status: 200, body: { previous_state: 'discovery', new_state: 'planning' } });
    expect((await ownApi.get(`${path}/events`)).body.event_count).toBe(2);
  } finally {
    await ownApi.stop();
  }
});

test('a server without the search attributes lists builds, too', async () => {
  const apiWithoutAttributes = await serveApi({ worker: false, api: { searchAttributesKnown: false } });
  try {
    const project = apiWithoutAttributes.newProject();
    await apiWithoutAttributes.post(`/api/workflows/${project}/start`, START);
    const path = `/api/workflows?project_id=${project}&status=waiting`;
    const { workflows } = await until(apiWithoutAttributes, path, (body) => body.workflows.length === 1);
    expect(workflows).toMatchObject([{ workflow_id: `${project}.b1`, status: 'waiting' }]);
    expect(
      (await apiWithoutAttributes.get(`/api/workflows?project_id=${project}&status=paused`)).body.workflows,
    ).toEqual([]);
  } finally {
    await apiWithoutAttributes.stop();
  }
});
