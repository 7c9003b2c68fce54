/**
 * Tests builds with encrypted payloads: what Temporal stores, what the API shows, and the codec endpoint for the Web UI.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import type { PayloadCodec } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import { withHeartbeatAndFailureTypes } from '../../src/activities/boundary';
import { createProgress, reportStep } from '../../src/activities/progress';
import { createPayloadCodec } from '../../src/adapters/temporal/codec';
import { readPayloadKeys } from '../../src/adapters/temporal/payload-keys';
import { FAILURE_CONVERTER_PATH, PAYLOAD_CONVERTER_PATH } from '../../src/programs/workflow-bundle';
import { Failure } from '../../src/domain/failures';
import type { Outcome } from '../../src/domain/build/outcome';
import { keyLine, writeKeys } from '../payload-keys';
import { ALL_EXTERNAL, ask, serveApi, until } from './served';
import type { Api } from './served';

const KEYS = [keyLine('new'), keyLine('old')];
const UI = 'http://127.0.0.1:8233';
const SECRET_TEXTS = ['Paint the violet elephant', 'a giraffe broke the activity', 'the hippo says why', 'lion-tool'];
let api: Api;
let connection: Connection;
let endDiscovery: () => void = () => undefined;
let tries = 0;

async function discover(): Promise<Outcome> {
  tries += 1;
  if (tries === 1) throw new Failure('Model.Unavailable', SECRET_TEXTS[1]!);
  reportStep({ number: 1, model: 'fake:model', calls: 1, tool: SECRET_TEXTS[3]! });
  createProgress({ runs: 40, seconds: 1 }).add();
  await new Promise<void>((resolve) => (endDiscovery = resolve));
  const output = await api.stack.deps.artifacts.put('{}');
  const usage = { calls: 1, inputTokens: 1, outputTokens: 1, cachedInputTokens: null };
  return { kind: 'ask', by: 'fake:model', output, questions: [{ id: 'Q1', text: SECRET_TEXTS[0]! }], usage };
}

beforeAll(async () => {
  api = await serveApi({
    env: { PAYLOAD_KEYS_FILE: writeKeys(...KEYS) },
    api: { roleDefaults: { ...ALL_EXTERNAL, q_assistant: 'llm' }, webUi: { url: UI, namespace: 'default' } },
    activities: { discover: withHeartbeatAndFailureTypes(discover) },
  });
  connection = await Connection.connect({ address: process.env.TEST_TEMPORAL_ADDRESS ?? '' });
});
afterAll(async () => {
  endDiscovery();
  await connection.close();
  await api.stop();
});

const environmentOf = ({ stack: { config } }: Api) => ({
  TEMPORAL_TASK_QUEUE: config.temporal.taskQueue,
  DATA_DIR: config.dataDir,
});

/** Returns everything that the server shows of the build to a caller without the keys. */
async function readWithoutKeys(workflowId: string): Promise<string> {
  const target = { namespace: 'default', execution: { workflowId } };
  const { workflowService } = connection;
  const history = await workflowService.getWorkflowExecutionHistory(target);
  const description = await workflowService.describeWorkflowExecution(target);
  const bytes = [JSON.stringify(history), JSON.stringify(description)].map((text) =>
    text.replace(
      /"[A-Za-z0-9+/]+={0,2}"/g,
      (data) => `${data} ${Buffer.from(data.slice(1, -1), 'base64').toString('latin1')}`,
    ),
  );
  return bytes.join('\n');
}

test('S17: history, memo, summary, heartbeat and failure messages of a build are encrypted, and the API shows them all', async () => {
  const project = api.newProject();
  const id = `${project}.b1`;
  const request = { build_id: 'b1', user_id: 'ada', requirements: SECRET_TEXTS[0] };
  expect((await api.post(`/api/workflows/${project}/start`, request)).status).toBe(201);
  const path = `/api/workflows/${id}/status`;
  const shownStatus = await until(
    api,
    path,
    ({ experiments, retrying }) => experiments?.answered === 1 && retrying !== null,
  );
  expect(shownStatus).toMatchObject({ doing: { tool: SECRET_TEXTS[3] }, experiments: { answered: 1 } });
  expect(shownStatus.retrying).toMatchObject({
    attempt: 2,
    last_failure: { message: expect.stringContaining(SECRET_TEXTS[1]!) },
  });
  expect((await api.post(`/api/workflows/${id}/pause`, { reason: SECRET_TEXTS[2] })).status).toBe(200);
  // The workflow refuses this update, so Temporal stores a failure.
  const refusal = await api.post(`/api/workflows/${id}/approve`, {
    ...{ gate: 'tampering', digest: `sha256:${'0'.repeat(64)}`, reason: SECRET_TEXTS[2] },
  });
  expect(refusal.status).toBe(409);
  expect(refusal.body).toMatchObject({ current_state: 'discovery', detail: expect.stringMatching(/\w/) });
  const { body: list } = await api.get(`/api/workflows?project_id=${project}`);
  expect(JSON.stringify(list)).toContain(id);
  const raw = await readWithoutKeys(id);
  expect(raw).toContain('binary/encrypted');
  for (const word of SECRET_TEXTS) expect(raw).not.toContain(word);
  endDiscovery();
  expect((await api.post(`/api/workflows/${id}/resume`, {})).status).toBe(200);
  expect(JSON.stringify(await until(api, path, ({ status }) => status === 'waiting'))).toContain(SECRET_TEXTS[0]);
  for (const word of SECRET_TEXTS) expect(await readWithoutKeys(id)).not.toContain(word);
  const history = await api.stack.client.workflow.getHandle(id).fetchHistory();
  await replay(history, createPayloadCodec(api.stack.config.temporal.payloadKeys ?? []));
  const otherCodec = createPayloadCodec(readPayloadKeys(writeKeys(keyLine('another'))));
  await expect(replay(history, otherCodec)).rejects.toThrow('Replay failed');
  // An API without the key starts, and its answer names the missing key.
  const env = { ...environmentOf(api), PAYLOAD_KEYS_FILE: writeKeys(keyLine('another')) };
  const otherApi = await serveApi({ worker: false, env });
  const { status, body } = await otherApi.get(path);
  await otherApi.stop();
  expect({ status, detail: body.detail }).toEqual({ status: 503, detail: expect.stringContaining('the key "new"') });
});

async function replay(history: Parameters<typeof Worker.runReplayHistory>[1], codec: PayloadCodec): Promise<void> {
  const codePath = join(api.stack.config.dataDir, 'workflows.js');
  const dataConverter = { payloadConverterPath: PAYLOAD_CONVERTER_PATH, payloadCodecs: [codec] };
  await Worker.runReplayHistory(
    { workflowBundle: { codePath }, dataConverter: { ...dataConverter, failureConverterPath: FAILURE_CONVERTER_PATH } },
    history,
  );
}

test('a build that began before keys were set continues with them, and its old payloads are read', async () => {
  const apiBefore = await serveApi();
  const env = environmentOf(apiBefore);
  const id = `${apiBefore.newProject()}.b1`;
  const result = (completed_state: string) => ({
    role: 'q_assistant',
    completed_state,
    phase_result: { summary: 'x' },
  });
  await apiBefore.post(`/api/workflows/${id.split('.')[0]}/start`, {
    ...{ build_id: 'b1', user_id: 'ada', requirements: 'Paint it' },
  });
  await apiBefore.post(`/api/workflows/${id}/advance`, result('discovery'));
  await apiBefore.stack.stopWorker();
  const apiAfter = await serveApi({ env: { ...env, PAYLOAD_KEYS_FILE: writeKeys(...KEYS) } });
  try {
    expect((await apiAfter.post(`/api/workflows/${id}/advance`, result('planning'))).body).toMatchObject({
      new_state: 'handoff_to_coder',
    });
    expect((await apiAfter.get(`/api/workflows/${id}/history`)).body.handoffs ?? []).toBeTruthy();
    expect((await apiAfter.get(`/api/workflows/${id}/status`)).body).toMatchObject({
      current_state: 'handoff_to_coder',
    });
    expect(await readWithoutKeys(id)).toMatch(/json\/plain[\s\S]*binary\/encrypted/);
  } finally {
    await apiAfter.stop();
    await apiBefore.stop();
  }
});

const payload = (value: unknown) => ({
  metadata: { encoding: Buffer.from('json/plain').toString('base64') },
  data: Buffer.from(JSON.stringify(value)).toString('base64'),
});

test('the endpoint encodes and decodes payloads in the form of the remote codec protocol', async () => {
  const decoded = { payloads: [payload({ a: 1 }), payload(null)] };
  const headers = { 'X-Namespace': 'default' };
  const { status, body: encoded } = await api.post('/codec/encode', decoded, headers);
  expect(status).toBe(200);
  expect(Buffer.from(encoded.payloads[0].metadata['encryption-key-id'], 'base64').toString()).toBe('new');
  expect((await api.post('/codec/decode', encoded, headers)).body).toEqual(decoded);
  expect((await api.post('/codec/decode', decoded, headers)).body).toEqual(decoded);
});

test.each([
  [{ payloads: 'x' }, {}, 400, /payloads must be a list/],
  [{ payloads: [{ metadata: { encoding: 7 } }] }, {}, 400, /payloads\.0\.metadata\.encoding must be bytes in base64/],
  [{ payloads: [] }, { 'X-Namespace': randomUUID() }, 400, /X-Namespace is another namespace .* "default"/],
])('the endpoint refuses %j with %j', async (body, headers, status, detail) => {
  const answer = await api.post('/codec/decode', body, headers as Record<string, string>);
  expect(answer).toMatchObject({ status, body: { detail: expect.stringMatching(detail) } });
});

test('the endpoint names the key that is missing', async () => {
  const otherApi = await serveApi({ worker: false, env: { PAYLOAD_KEYS_FILE: writeKeys(keyLine('elsewhere')) } });
  const { body } = await otherApi.post('/codec/encode', { payloads: [payload(1)] });
  await otherApi.stop();
  expect(await api.post('/codec/decode', body)).toMatchObject({
    status: 422,
    body: { detail: expect.stringContaining('the key "elsewhere", which PAYLOAD_KEYS_FILE does not have') },
  });
});

test('a page of the Web UI may ask the endpoint, and no other page may', async () => {
  const preflight = (origin: string) =>
    ask(`${api.url}/codec/decode`, {
      method: 'OPTIONS',
      headers: {
        Origin: origin,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'x-namespace',
      },
    });
  const allowed = await preflight(UI);
  expect(allowed.status).toBe(204);
  expect(allowed.headers.get('access-control-allow-origin')).toBe(UI);
  expect(allowed.headers.get('access-control-allow-headers')).toMatch(/x-namespace/i);
  expect((await preflight('http://localhost:8233')).headers.get('access-control-allow-origin')).toBe(
    'http://localhost:8233',
  );
  for (const origin of ['http://evil.example', 'http://127.0.0.1:8234', 'null', `${UI}.evil.example`]) {
    const { status, headers } = await preflight(origin);
    expect({ origin, status, allowed: headers.get('access-control-allow-origin') }).toEqual({
      origin,
      status: 403,
      allowed: null,
    });
  }
});
