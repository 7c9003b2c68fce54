/**
 * Projects are invisible to tokens of other projects: every route answers as if the project did not exist.
 */
import { RIGHTS } from '../../../src/domain/access';
import { until } from '../../until';
import { addressOf, allRoutes, serveClosed } from './closed';
import type { Closed } from './closed';
import type { Answer } from '../served';

let api: Closed & { first: string };
/** A project with two builds; `other` is the project of the tokens that look at it. */
let theirs: string;
let other: string;
const tokens: string[] = [];

const START = { user_id: 'ada', requirements: 'Dark mode', build_id: 'b1' };
const SECRET = { phase_result: { summary: 'a toggle, remembered', secret: 'of this project alone' } };

beforeAll(async () => {
  api = await serveClosed();
  [theirs, other] = [api.newProject(), api.newProject()];
  for (const build_id of ['b1', 'b2']) {
    const started = await api.as(api.first, `POST /api/workflows/${theirs}/start`, { ...START, build_id });
    expect(started.status).toBe(201);
  }
  const step = { role: 'q_assistant', completed_state: 'discovery', ...SECRET };
  await advance(api.first, `${theirs}.b1`, step);
  for (const right of RIGHTS) tokens.push(await api.token(right, { rights: [right], projects: [other] }));
  tokens.push(await api.token('all-rights', { rights: [...RIGHTS], projects: [other, 'unused'] }));
});
afterAll(() => api?.stop());

/** A busy machine may answer late, and says 503 then; under a key it may be sent again. */
async function advance(token: string, id: string, step: object): Promise<void> {
  const send = () => api.as(token, `POST /api/workflows/${id}/advance`, step, { 'idempotency-key': 'step' });
  expect((await until(send, ({ status }) => status !== 503)).status).toBe(200);
}

/** Bodies that would be right where the build is there. */
const BODIES: Record<string, object> = {
  start: START,
  check: { repository: { url: 'https://example.org/shop.git' } },
  advance: { role: 'q_assistant', completed_state: 'planning', phase_result: {} },
  rollback: { target_state: 'discovery', reason: 'x' },
  answer: { answers: { Q1: 'yes' } },
  approve: { gate: 'tampering', digest: `sha256:${'0'.repeat(64)}`, reason: 'x' },
  reject: { gate: 'tampering', digest: `sha256:${'0'.repeat(64)}`, reason: 'x' },
  request: { commands: { setup: ['true'] }, reason: 'x' },
  redact: { text: 'a secret', reason: 'x' },
};

/** What of an answer could tell two things apart; ids and the request's own id are taken out. */
function telling({ status, headers, body }: Answer, ids: string[]) {
  const own = ['date', 'x-request-id', 'content-length', 'keep-alive', 'connection'];
  const text = JSON.stringify({
    status,
    headers: [...headers].filter(([name]) => !own.includes(name)).sort(),
    body: typeof body === 'string' ? body : { ...body, request_id: undefined },
  });
  return ids.reduce((cleaned, id) => cleaned.replaceAll(id, '<id>'), text);
}

test('200 and more attempts over every route: each 404, with the answer of what does not exist', async () => {
  // As long as the other, so that nothing is told by the length either.
  const nobodys = api.newProject();
  const routes = allRoutes().filter(({ path }) => /:(workflow|project)_id/.test(path));
  let attempts = 0;
  for (const token of tokens) {
    for (const route of routes) {
      const body = route.method === 'get' ? undefined : (BODIES[route.path.split('/').at(-1) ?? ''] ?? { reason: 'x' });
      const ask = (project: string, build: string) =>
        api.as(token, `${route.method.toUpperCase()} ${addressOf(route, { project, build })}`, body);
      const there = await ask(theirs, 'b1');
      const missing = [await ask(theirs, 'b9'), await ask(nobodys, 'b1')];
      const line = `${route.method} ${route.path}`;
      for (const one of missing) {
        expect({ line, told: telling(there, [theirs, 'b1']) }).toEqual({
          line,
          told: telling(one, [theirs, nobodys, 'b9', 'b1']),
        });
      }
      if (there.status === 403) continue;
      const name = route.path.includes(':workflow_id') ? 'build-unknown' : 'project-unknown';
      expect({ line, status: there.status }).toEqual({ line, status: 404 });
      expect(JSON.stringify(there.body)).toContain(name);
      attempts += 1 + missing.length;
    }
  }
  expect(attempts).toBeGreaterThanOrEqual(200);
  const { revision } = (await api.as(api.first, `GET /api/workflows/${theirs}.b1/status`)).body;
  expect(revision).toBe(1);
});

test('a build of another project is answered as one that is not there in the token’s own', async () => {
  const token = tokens.at(-1) ?? '';
  for (const route of allRoutes().filter(({ path }) => path.includes(':workflow_id'))) {
    const body = route.method === 'get' ? undefined : (BODIES[route.path.split('/').at(-1) ?? ''] ?? { reason: 'x' });
    const ask = (project: string) =>
      api.as(token, `${route.method.toUpperCase()} ${addressOf(route, { project, build: 'b1' })}`, body);
    const [there, missing] = [await ask(theirs), await ask(other)];
    const line = `${route.method} ${route.path}`;
    expect({ line, told: telling(there, [theirs]) }).toEqual({ line, told: telling(missing, [other]) });
  }
});

test('a list shows the token’s projects alone, in full pages, and its cursor is of no use to another token', async () => {
  const [mine, second] = [api.newProject(), api.newProject()];
  const token = await api.token('lists', { rights: ['viewer'], projects: [mine, second] });
  const starts = [mine, theirs, second, theirs, mine].map((project, index) => ({ project, build_id: `l${index}` }));
  for (const { project, build_id } of starts)
    await api.as(api.first, `POST /api/workflows/${project}/start`, { ...START, build_id });
  const list = async (by: string, query = '') => (await api.as(by, `GET /api/workflows${query}`)).body;
  const all = await until(
    () => list(token),
    ({ workflows }) => workflows.length === 3,
  );
  const ids = all.workflows.map((one: { workflow_id: string }) => one.workflow_id);
  expect([...ids].sort()).toEqual([`${mine}.l0`, `${mine}.l4`, `${second}.l2`].sort());
  const page = await list(token, '?limit=2');
  expect(page.workflows).toHaveLength(2);
  const rest = await list(token, `?limit=2&cursor=${page.next_cursor}`);
  expect([...page.workflows, ...rest.workflows].map((one) => one.workflow_id)).toEqual(ids);
  const stranger = await api.token('stranger', { rights: ['viewer'], projects: [theirs] });
  expect((await api.as(stranger, `GET /api/workflows?cursor=${page.next_cursor}`)).status).toBe(400);
  expect((await api.as(api.first, `GET /api/workflows?cursor=${page.next_cursor}`)).status).toBe(400);
  expect((await list(token, `?project_id=${mine}`)).workflows).toHaveLength(2);
  const foreign = await api.as(token, `GET /api/workflows?project_id=${theirs}`);
  const nobodys = api.newProject();
  const missing = await api.as(token, `GET /api/workflows?project_id=${nobodys}`);
  expect(foreign).toMatchObject({ status: 404, body: { type: 'urn:q-orchestrator:problem:project-unknown' } });
  expect(telling(foreign, [theirs])).toBe(telling(missing, [nobodys]));
});

test('a server without our search attributes shows a token its own projects alone, too', async () => {
  const bare = await serveClosed({ worker: false, api: { searchAttributesKnown: false } });
  try {
    const mine = bare.newProject();
    // The one begins as the other does.
    for (const project of [mine, `${mine}-too`])
      expect((await bare.as(bare.first, `POST /api/workflows/${project}/start`, START)).status).toBe(201);
    const token = await bare.token('bare', { projects: [mine] });
    const { workflows } = await until(
      async () => (await bare.as(token, 'GET /api/workflows')).body,
      (body) => body.workflows.length > 0,
    );
    expect(workflows.map((one: { workflow_id: string }) => one.workflow_id)).toEqual([`${mine}.b1`]);
    for (const project of [mine, `${mine}-too`])
      await bare.stack.client.workflow.getHandle(`${project}.b1`).terminate('the test is over');
  } finally {
    await bare.stop();
  }
});

test('a token of a hundred projects gets its list', async () => {
  const projects = Array.from({ length: 100 }, (_, index) => `hundred-${index}-${'x'.repeat(50)}`);
  const token = await api.token('hundred', { rights: ['viewer'], projects });
  expect(await api.as(token, 'GET /api/workflows')).toMatchObject({ status: 200, body: { workflows: [] } });
});

test('naming the digest of another project’s artifact in a result or a request does not open it', async () => {
  const { handoffs } = (await api.as(api.first, `GET /api/workflows/${theirs}.b1/history`)).body;
  const digest = handoffs[0].data_transferred.digest as string;
  expect((await api.as(api.first, `GET /api/workflows/${theirs}.b1/artifacts/${digest}`)).status).toBe(200);
  const token = tokens.at(-1) ?? '';
  const start = { ...START, metadata: { log_digest: digest, attachments: [{ digest }] } };
  expect((await api.as(token, `POST /api/workflows/${other}/start`, start)).status).toBe(201);
  const attachment = { name: 'a.png', media_type: 'image/png', base64: PNG };
  const second = { ...START, build_id: 'b2', attachments: [attachment] };
  expect((await api.as(token, `POST /api/workflows/${other}/start`, second)).status).toBe(201);
  const result = { summary: digest, log_digest: digest, evidence: { logDigest: digest } };
  const step = { role: 'q_assistant', completed_state: 'discovery', phase_result: result };
  await advance(token, `${other}.b1`, step);
  const foreign = await api.as(token, `GET /api/workflows/${other}.b1/artifacts/${digest}`);
  const absent = `sha256:${'0'.repeat(64)}`;
  const missing = await api.as(token, `GET /api/workflows/${other}.b1/artifacts/${absent}`);
  expect(foreign.status).toBe(404);
  expect(telling(foreign, [digest])).toBe(telling(missing, [absent]));
  // What is the build's own is shown: its result, its request, and what was attached.
  const own = (await api.as(token, `GET /api/workflows/${other}.b1/history`)).body.handoffs[0].data_transferred.digest;
  expect((await api.as(token, `GET /api/workflows/${other}.b1/artifacts/${own}`)).status).toBe(200);
  const { entries } = JSON.parse(await text(token, `${other}.b2/record`));
  const request = entries[0].body.requestDigest as string;
  const kept = (await api.as(token, `GET /api/workflows/${other}.b2/artifacts/${request}`)).body;
  const attached = kept.attachments[0].digest as string;
  expect((await api.as(token, `GET /api/workflows/${other}.b2/artifacts/${attached}`)).status).toBe(200);
});

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(64)]).toString('base64');

async function text(token: string, path: string): Promise<string> {
  const answer = await fetch(`${api.url}/api/workflows/${path}`, { headers: { authorization: `Bearer ${token}` } });
  return answer.text();
}
