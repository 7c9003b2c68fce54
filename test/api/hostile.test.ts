/**
 * Tests wrong requests of all known kinds: each gets a problem that names what is wrong, and changes nothing.
 */
import { mkdir, symlink } from 'node:fs/promises';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { advance, hostileRows, start } from './hostile-rows';
import { askRaw } from './raw';
import { serveApi } from './served';
import type { Api } from './served';
import { verifies } from '../requirements/verifies';

const root = mkdtempSync(join(tmpdir(), 'q-test-roots-'));
let api: Api;
let project: string;
let id: string;

beforeAll(async () => {
  await mkdir(join(root, 'given'));
  await symlink('/etc', join(root, 'given', 'link'));
  api = await serveApi({ api: { repositoryRoots: [join(root, 'given')] } });
  project = api.newProject();
  id = `${project}.b1`;
  await api.post(`/api/workflows/${project}/start`, { build_id: 'b1', user_id: 'u', requirements: 'Dark mode' });
  const step = { role: 'q_assistant', completed_state: 'discovery', phase_result: {} };
  await api.post(`/api/workflows/${id}/advance`, step, { 'Idempotency-Key': 'used' });
});
afterAll(() => api.stop());

const CASES = hostileRows(root).map((row) => [row[0], row[1], row[2], row] as const);

verifies('4.1', '9.3');
test.each(CASES)('%s gets %i %s', async (_what, status, type, row) => {
  const [, , , line, body, headers = {}] = row;
  const buildBefore = await readBuild();
  const [method = '', path = ''] = line.split(' ', 2);
  const address = `/api/workflows${path.replace(':id', id).replace(':project', project)}`;
  const text = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const media = { 'content-type': 'application/json' };
  const answer = await askRaw(api.url, { method, path: address, body: text, headers: { ...media, ...headers } });
  expect({ status: answer.status, media: answer.headers['content-type'] }).toEqual({
    ...{ status, media: 'application/problem+json; charset=utf-8' },
  });
  const problem = JSON.parse(answer.text) as Record<string, unknown>;
  expect(problem).toMatchObject({ type: `urn:q-orchestrator:problem:${type}`, status, title: expect.any(String) });
  expect(String(problem.detail).length).toBeGreaterThan(5);
  expect(answer.text.length).toBeLessThan(4_000);
  expect(answer.text).not.toMatch(/node_modules|at .*\.ts:\d+/);
  expect(await readBuild()).toEqual(buildBefore);
});

test('M12: half a character is refused with its field and position, and whole characters are accepted', async () => {
  const halves: Array<[object, string, number]> = [
    [start({ requirements: 'dark 😀 \ud83d mode' }), 'requirements', 8],
    [start({ metadata: { notes: ['a', '\udc00'] } }), 'metadata.notes.1', 0],
    [start({ metadata: { 'a\ud800': 1 } }), 'metadata.a\ufffd', 1],
  ];
  for (const [body, field, at] of halves) {
    const answer = await api.post(`/api/workflows/${project}/start`, body);
    const detail = `${field} has half a character (a lone surrogate) at position ${at}; send whole characters`;
    expect(answer).toMatchObject({ status: 400, body: { field, detail } });
  }
  const wholeAnswer = await api.post(
    `/api/workflows/${project}/start`,
    start({ build_id: 'whole', requirements: '😀 \ufffd' }),
  );
  expect(wholeAnswer.status).toBe(201);
});

verifies('9.1');
test('an unknown field is named, and the answer to an illegal step lists the legal ones', async () => {
  const unknown = await api.post(`/api/workflows/${project}/start`, start({ deadline: 'tomorrow' }));
  expect(unknown.body).toMatchObject({ field: 'deadline', detail: 'deadline is not a field here' });
  const nested = await api.post(`/api/workflows/${project}/start`, start({ release: { smoke: { tcp: 1 } } }));
  expect(nested.body).toMatchObject({ field: 'release.smoke.tcp' });
  const leap = await api.post(`/api/workflows/${id}/advance`, advance({ next_state: 'deployment' }));
  expect(leap.body).toMatchObject({
    ...{ field: 'next_state', current_state: 'planning' },
    legal: expect.arrayContaining(['handoff_to_coder', 'error']),
  });
  const method = await askRaw(api.url, { method: 'PUT', path: `/api/workflows/${id}/status` });
  expect(method).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
});

test('names that JavaScript treats specially are data like any other', async () => {
  const otherProject = api.newProject();
  const metadata = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
  const body = `{"build_id":"b1","user_id":"u","requirements":{"toString":"x","feature":"Dark mode"},"metadata":${metadata}}`;
  expect(await api.post(`/api/workflows/${otherProject}/start`, body)).toMatchObject({ status: 201 });
  const result = '{"role":"q_assistant","completed_state":"discovery","phase_result":{"__proto__":{"polluted":true}}}';
  expect(await api.post(`/api/workflows/${otherProject}.b1/advance`, result)).toMatchObject({ status: 200 });
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  const { handoffs } = (await api.get(`/api/workflows/${otherProject}.b1/history`)).body;
  expect(Object.keys(handoffs[0].data_transferred.content)).toEqual(['__proto__']);
});

verifies('4.1');
test('too many requests get 429 with Retry-After', async () => {
  const limitedApi = await serveApi({ worker: false, api: { rateLimitPerMinute: 2 } });
  try {
    await limitedApi.get('/healthz');
    await limitedApi.get('/healthz');
    const third = await limitedApi.get('/healthz');
    expect(third).toMatchObject({ status: 429, body: { type: 'urn:q-orchestrator:problem:request-too-many' } });
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
  } finally {
    await limitedApi.stop();
  }
});

async function readBuild() {
  const status = (await api.get(`/api/workflows/${id}/status`)).body;
  const { event_count } = (await api.get(`/api/workflows/${id}/events`)).body;
  return { state: status.current_state, status: status.status, revision: status.revision, event_count };
}
