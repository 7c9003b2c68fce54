/**
 * Requests that are wrong in every way we could think of: each is a problem that says what is wrong, and changes nothing.
 */
import { gzipSync } from 'node:zlib';
import { mkdir, symlink } from 'node:fs/promises';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askRaw } from './raw';
import { serveApi } from './served';
import type { Api } from './served';

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

type Body = string | Buffer | object;
/** What is wrong, status, last words of the problem's type, method and path (`:id`, `:project` stand for the build's), body, headers. */
type Row = [string, number, string, string, Body?, Record<string, string>?];

const advance = (more: object) => ({ role: 'q_assistant', completed_state: 'planning', phase_result: {}, ...more });
const start = (more: object) => ({ user_id: 'u', requirements: 'x', ...more });
const deep = (levels: number) => `{"phase_result":${'[['.repeat(levels / 2)}${']]'.repeat(levels / 2)}}`;
const ADVANCE = 'POST /:id/advance';
const START = 'POST /:project/start';

const ROWS: Row[] = [
  // The body as such
  ['no body', 400, 'request-malformed', ADVANCE],
  ['an empty object', 400, 'request-malformed', ADVANCE, {}],
  ['a list', 400, 'request-malformed', ADVANCE, '[]'],
  ['a bare null', 400, 'request-malformed', ADVANCE, 'null'],
  ['a bare number', 400, 'request-malformed', ADVANCE, '7'],
  ['half of a JSON text', 400, 'request-malformed', ADVANCE, '{"role": "q_assis'],
  ['bytes that are no UTF-8', 400, 'request-malformed', ADVANCE, Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
  ['JSON as text/plain', 415, 'request-unsupported-media', ADVANCE, advance({}), { 'content-type': 'text/plain' }],
  [
    'a form',
    415,
    'request-unsupported-media',
    ADVANCE,
    'role=q',
    { 'content-type': 'application/x-www-form-urlencoded' },
  ],
  [
    'a charset nobody speaks',
    415,
    'request-unsupported-media',
    ADVANCE,
    '{}',
    { 'content-type': 'application/json; charset=klingon' },
  ],
  ['an encoding nobody speaks', 415, 'request-unsupported-media', ADVANCE, '{}', { 'content-encoding': 'zip' }],
  ['gzip that is none', 400, 'request-malformed', ADVANCE, '{}', { 'content-encoding': 'gzip' }],
  ['5 MB', 413, 'request-too-large', ADVANCE, advance({ phase_result: { x: 'x'.repeat(5_000_000) } })],
  [
    'a small body that unpacks to 20 MB',
    413,
    'request-too-large',
    ADVANCE,
    gzipSync(Buffer.alloc(20_000_000, ' ')),
    { 'content-encoding': 'gzip' },
  ],
  ['10,000 levels', 400, 'request-malformed', ADVANCE, deep(10_000)],
  ['400,000 levels', 400, 'request-malformed', ADVANCE, deep(400_000)],
  [
    '__proto__ as a field',
    400,
    'request-malformed',
    ADVANCE,
    '{"__proto__":{"role":"q_assistant"},"completed_state":"planning","phase_result":{}}',
  ],
  ['constructor as a field', 400, 'request-malformed', ADVANCE, advance({ constructor: { prototype: {} } })],
  // Addresses
  ['no such route', 404, 'request-unknown-route', 'GET /:id/nothing'],
  ['no such root', 404, 'request-unknown-route', 'GET /../../etc/passwd'],
  ['a build that is not there', 404, 'build-unknown', 'GET /nobody.nothing/status'],
  ['an advance of a build that is not there', 404, 'build-unknown', 'POST /nobody.nothing/advance', advance({})],
  ['a history of a build that is not there', 404, 'build-unknown', 'GET /nobody.nothing/history'],
  ['an id without a dot', 400, 'request-malformed', 'GET /nobody/status'],
  ['an id of dots', 400, 'request-malformed', 'GET /%2e%2e/status'],
  ['an id with a slash in it', 400, 'request-malformed', 'GET /a%2fb.c/status'],
  ['an id with a null byte', 400, 'request-malformed', 'GET /a%00.b/status'],
  ['an id of 10,000 characters', 400, 'request-malformed', `GET /${'a'.repeat(10_000)}.b/status`],
  ['a percent sign that encodes nothing', 400, 'request-malformed', 'GET /%E0%A4%A/status'],
  ["the ledger's id", 400, 'request-malformed', 'GET /project:x/status'],
  ['a project id with a quote', 400, 'request-malformed', "GET /project/a'b/stats"],
  ['a project id of 65 characters', 400, 'request-malformed', `POST /${'p'.repeat(65)}/start`, start({})],
  ['the wrong method', 405, 'request-method-not-allowed', 'DELETE /:id/status'],
  ['a read as a write', 405, 'request-method-not-allowed', 'GET /:id/advance'],
  // Query strings
  ['a limit of 0', 400, 'request-malformed', 'GET /:id/history?limit=0'],
  ['a limit of 1001', 400, 'request-malformed', 'GET /:id/history?limit=1001'],
  ['a limit that is no number', 400, 'request-malformed', 'GET /:id/history?limit=1e9'],
  ['two limits', 400, 'request-malformed', 'GET /:id/history?limit=1&limit=2'],
  ['a limit that is an object', 400, 'request-malformed', 'GET /:id/history?limit[a]=1'],
  ['an unknown query field', 400, 'request-malformed', 'GET /:id/history?offset=1'],
  ['a cursor of somebody else', 400, 'request-malformed', 'GET ?cursor=bm9uc2Vuc2U'],
  ['a status with a query in it', 400, 'request-malformed', "GET ?status=x'%20OR%20'1'='1"],
  ['a digest that climbs', 400, 'request-malformed', 'GET /:id/artifacts/..%2f..%2fetc%2fpasswd'],
  ['a digest nobody kept', 404, 'artifact-missing', `GET /:id/artifacts/sha256:${'0'.repeat(64)}`],
  // Headers
  ['an actor with a line break', 400, 'request-malformed', ADVANCE, advance({}), { 'x-actor': 'a\tb' }],
  ['an actor of 201 characters', 400, 'request-malformed', ADVANCE, advance({}), { 'x-actor': 'a'.repeat(201) }],
  ['an empty key', 400, 'request-malformed', ADVANCE, advance({}), { 'idempotency-key': '' }],
  ['a key of 201 characters', 400, 'request-malformed', ADVANCE, advance({}), { 'idempotency-key': 'k'.repeat(201) }],
  ['a used key with another body', 422, 'command-key-reused', ADVANCE, advance({}), { 'idempotency-key': 'used' }],
  ['a used key with another command', 422, 'command-key-reused', 'POST /:id/pause', {}, { 'idempotency-key': 'used' }],
  // Commands
  ['a role that is none', 400, 'request-malformed', ADVANCE, advance({ role: 'root' })],
  ['a role that is a list', 400, 'request-malformed', ADVANCE, advance({ role: ['q_assistant'] })],
  ['a state that is none', 400, 'request-malformed', ADVANCE, advance({ completed_state: 'done' })],
  ['a state named like a method', 400, 'request-malformed', ADVANCE, advance({ completed_state: 'toString' })],
  ['a next state that is none', 400, 'request-malformed', ADVANCE, advance({ next_state: 'production' })],
  ['a phase result that is text', 400, 'request-malformed', ADVANCE, advance({ phase_result: 'all good' })],
  ['a phase result that is a list', 400, 'request-malformed', ADVANCE, advance({ phase_result: [1] })],
  ['an actor in the body', 400, 'request-malformed', ADVANCE, advance({ actor: 'the boss' })],
  [
    'a result that names a digest',
    400,
    'request-malformed',
    ADVANCE,
    advance({ phase_result_ref: { digest: 'sha256:0', bytes: 1, excerpt: '' } }),
  ],
  ['the wrong role', 409, 'command-wrong-role', ADVANCE, advance({ role: 'release_manager' })],
  ['a state that is over', 409, 'command-stale', ADVANCE, advance({ completed_state: 'discovery' })],
  ['a revision that is over', 409, 'command-stale', ADVANCE, advance({ expected_revision: 0 })],
  ['a leap', 409, 'command-illegal-transition', ADVANCE, advance({ next_state: 'deployment' })],
  ['a step to itself', 409, 'command-illegal-transition', ADVANCE, advance({ next_state: 'planning' })],
  ['a retry without a reason', 400, 'request-malformed', 'POST /:id/request-retry', {}],
  ['a retry where nothing came before', 409, 'command-illegal-retry', 'POST /:id/request-retry', { reason: 'r' }],
  [
    'a rollback forwards',
    409,
    'command-illegal-rollback',
    'POST /:id/rollback',
    { target_state: 'deployment', reason: 'r' },
  ],
  [
    'a rollback to a handoff',
    400,
    'request-malformed',
    'POST /:id/rollback',
    { target_state: 'handoff_to_coder', reason: 'r' },
  ],
  [
    'a rollback with a reason of spaces',
    400,
    'request-malformed',
    'POST /:id/rollback',
    { target_state: 'discovery', reason: '  ' },
  ],
  ['a reason of 3,000 characters', 400, 'request-malformed', 'POST /:id/cancel', { reason: 'r'.repeat(3_000) }],
  ['a resume of what runs', 409, 'command-not-paused', 'POST /:id/resume'],
  ['an answer nobody asked for', 409, 'command-nothing-asked', 'POST /:id/answer', { answers: { q1: 'yes' } }],
  ['answers that are numbers', 400, 'request-malformed', 'POST /:id/answer', { answers: { q1: 1 } }],
  // Start
  ['a start without requirements', 400, 'request-malformed', START, { user_id: 'u' }],
  ['requirements of spaces', 400, 'request-malformed', START, start({ requirements: ' ' })],
  ['requirements without a member', 400, 'request-malformed', START, start({ requirements: {} })],
  ['a user that is a number', 400, 'request-malformed', START, start({ user_id: 7 })],
  ['a build id with a dot', 400, 'request-malformed', START, start({ build_id: 'a.b' })],
  ['a field nobody knows', 400, 'request-malformed', START, start({ priority: 'high' })],
  ['a role nobody knows', 400, 'request-malformed', START, start({ roles: { root: 'llm' } })],
  [
    '__proto__ as a role',
    400,
    'request-malformed',
    START,
    '{"user_id":"u","requirements":"x","roles":{"__proto__":"llm"}}',
  ],
  ['a model where none is configured', 400, 'request-malformed', START, start({ roles: { code_writer: 'llm' } })],
  ['21 retries', 400, 'request-malformed', START, start({ retries: { per_phase: 21 } })],
  ['a command that is one string', 400, 'request-malformed', START, start({ commands: { test: 'rm -rf /' } })],
  ['a release target nobody has', 400, 'request-malformed', START, start({ release: { target: 'mars' } })],
  ['a repository outside of the roots', 400, 'request-malformed', START, start({ repository: { path: '/etc' } })],
  [
    'a repository that climbs out',
    400,
    'request-malformed',
    START,
    start({ repository: { path: `${root}/given/../..` } }),
  ],
  [
    'a repository behind a link',
    400,
    'request-malformed',
    START,
    start({ repository: { path: `${root}/given/link` } }),
  ],
  ['a root itself', 400, 'request-malformed', START, start({ repository: { path: `${root}/given` } })],
  ['a relative repository', 400, 'request-malformed', START, start({ repository: { path: 'given/x' } })],
  [
    'a repository by path and url',
    400,
    'request-malformed',
    START,
    start({ repository: { path: '/x', url: 'https://x.org/y' } }),
  ],
  [
    'a repository url that runs a program',
    400,
    'request-malformed',
    START,
    start({ repository: { url: 'ext::sh -c id' } }),
  ],
  [
    'a repository url with a password',
    400,
    'request-malformed',
    START,
    start({ repository: { url: 'https://u:p@x.org/y' } }),
  ],
  [
    'the same build with another body',
    422,
    'build-differs',
    START,
    { build_id: 'b1', user_id: 'u', requirements: 'Light mode' },
  ],
];

const CASES = ROWS.map((row) => [row[0], row[1], row[2], row] as const);

test.each(CASES)('%s is %i %s', async (_what, status, type, row) => {
  const [, , , line, body, headers = {}] = row;
  const before = await standing();
  const [method = '', path = ''] = line.split(' ', 2);
  const address = `/api/workflows${path.replace(':id', id).replace(':project', project)}`;
  const text = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const media = body === undefined ? {} : { 'content-type': 'application/json' };
  const answer = await askRaw(api.url, { method, path: address, body: text, headers: { ...media, ...headers } });
  expect({ status: answer.status, media: answer.headers['content-type'] }).toEqual({
    ...{ status, media: 'application/problem+json; charset=utf-8' },
  });
  const problem = JSON.parse(answer.text) as Record<string, unknown>;
  expect(problem).toMatchObject({ type: `urn:q-orchestrator:problem:${type}`, status, title: expect.any(String) });
  expect(String(problem.detail).length).toBeGreaterThan(5);
  expect(answer.text.length).toBeLessThan(4_000);
  expect(answer.text).not.toMatch(/node_modules|at .*\.ts:\d+/);
  expect(await standing()).toEqual(before);
});

test('an unknown field is named, an illegal step says what would be legal', async () => {
  const unknown = await api.post(`/api/workflows/${project}/start`, start({ priority: 'high' }));
  expect(unknown.body).toMatchObject({ field: 'priority', detail: 'priority is not a field here' });
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
  const other = api.newProject();
  const metadata = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
  const body = `{"build_id":"b1","user_id":"u","requirements":{"toString":"x","feature":"Dark mode"},"metadata":${metadata}}`;
  expect(await api.post(`/api/workflows/${other}/start`, body)).toMatchObject({ status: 201 });
  const result = '{"role":"q_assistant","completed_state":"discovery","phase_result":{"__proto__":{"polluted":true}}}';
  expect(await api.post(`/api/workflows/${other}.b1/advance`, result)).toMatchObject({ status: 200 });
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  const { handoffs } = (await api.get(`/api/workflows/${other}.b1/history`)).body;
  expect(Object.keys(handoffs[0].data_transferred.content)).toEqual(['__proto__']);
});

test('too many requests are 429 with Retry-After', async () => {
  const limited = await serveApi({ worker: false, api: { rateLimitPerMinute: 2 } });
  try {
    await limited.get('/healthz');
    await limited.get('/healthz');
    const third = await limited.get('/healthz');
    expect(third).toMatchObject({ status: 429, body: { type: 'urn:q-orchestrator:problem:request-too-many' } });
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
  } finally {
    await limited.stop();
  }
});

async function standing() {
  const status = (await api.get(`/api/workflows/${id}/status`)).body;
  const { event_count } = (await api.get(`/api/workflows/${id}/events`)).body;
  return { state: status.current_state, status: status.status, revision: status.revision, event_count };
}
