/**
 * Tests that projects are invisible to tokens of other projects: every route answers as if the project did not exist.
 */
import { RIGHTS } from '../../../src/domain/access';
import { until } from '../../until';
import { addressOf, allRoutes, serveProtectedApi } from './closed';
import type { ProtectedApi } from './closed';
import type { Answer } from '../served';

let api: ProtectedApi & { adminToken: string };
/** A project with two builds, and the project of the tokens, which may not see the first one. */
let foreignProject: string;
let ownProject: string;
const tokens: string[] = [];

const START = { user_id: 'ada', requirements: 'Dark mode', build_id: 'b1' };
const SECRET = { phase_result: { summary: 'a toggle, remembered', secret: 'of this project alone' } };

beforeAll(async () => {
  api = await serveProtectedApi();
  [foreignProject, ownProject] = [api.newProject(), api.newProject()];
  for (const build_id of ['b1', 'b2']) {
    const started = await api.sendAs(api.adminToken, `POST /api/workflows/${foreignProject}/start`, {
      ...START,
      build_id,
    });
    expect(started.status).toBe(201);
  }
  const step = { role: 'q_assistant', completed_state: 'discovery', ...SECRET };
  await advance(api.adminToken, `${foreignProject}.b1`, step);
  for (const right of RIGHTS) tokens.push(await api.token(right, { rights: [right], projects: [ownProject] }));
  tokens.push(await api.token('all-rights', { rights: [...RIGHTS], projects: [ownProject, 'unused'] }));
});
afterAll(() => api?.stop());

/** Advances a build. A busy machine may answer 503; the idempotency key allows to send the request again. */
async function advance(token: string, id: string, step: object): Promise<void> {
  const send = () => api.sendAs(token, `POST /api/workflows/${id}/advance`, step, { 'idempotency-key': 'step' });
  expect((await until(send, ({ status }) => status !== 503)).status).toBe(200);
}

/** Bodies that are valid for an existing build, by the end of the path. */
const PLAN = {
  ...{ summary: 'x', components: [], steps: [{ text: 'x', requirement_ids: ['R1'] }] },
  success_criteria: [{ id: 'C1', requirement_ids: ['R1'], text: 'x', kind: 'new', tested_by: 'x' }],
  ...{ testing_strategy: 'x', security_considerations: [], performance_considerations: [], timeline: 'x' },
};
const BODIES: Record<string, object> = {
  start: START,
  check: { repository: { url: 'https://example.org/shop.git' } },
  advance: { role: 'q_assistant', completed_state: 'planning', phase_result: {} },
  rollback: { target_state: 'discovery', reason: 'x' },
  answer: { answers: { Q1: 'yes' } },
  delegate: { gate: 'plan_approval', to: 'bob' },
  note: { text: 'x' },
  plan: { plan: PLAN, expected_digest: `sha256:${'0'.repeat(64)}` },
  budget: { calls: 5_000, reason: 'x' },
  approve: { gate: 'tampering', digest: `sha256:${'0'.repeat(64)}`, reason: 'x' },
  reject: { gate: 'tampering', digest: `sha256:${'0'.repeat(64)}`, reason: 'x' },
  request: { commands: { setup: ['true'] }, reason: 'x' },
  redact: { text: 'a secret', reason: 'x' },
};

/** Returns the parts of an answer that could show a difference between two projects, without the ids of projects and of the request. */
function comparableAnswer({ status, headers, body }: Answer, ids: string[]) {
  const ignoredHeaders = ['date', 'x-request-id', 'content-length', 'keep-alive', 'connection'];
  const text = JSON.stringify({
    status,
    headers: [...headers].filter(([name]) => !ignoredHeaders.includes(name)).sort(),
    body: typeof body === 'string' ? body : { ...body, request_id: undefined },
  });
  return ids.reduce((text, id) => text.replaceAll(id, '<id>'), text);
}

test('at least 200 requests to all routes get 404, with the same answer as for a project or build that does not exist', async () => {
  // This id is as long as the foreign one, so that the lengths of the answers are equal, too.
  const missingProject = api.newProject();
  const routes = allRoutes().filter(({ path }) => /:(workflow|project)_id/.test(path));
  let attempts = 0;
  for (const token of tokens) {
    for (const route of routes) {
      const body = route.method === 'get' ? undefined : (BODIES[route.path.split('/').at(-1) ?? ''] ?? { reason: 'x' });
      const ask = (project: string, build: string) =>
        api.sendAs(token, `${route.method.toUpperCase()} ${addressOf(route, { project, build })}`, body);
      const foreignAnswer = await ask(foreignProject, 'b1');
      const missing = [await ask(foreignProject, 'b9'), await ask(missingProject, 'b1')];
      const line = `${route.method} ${route.path}`;
      for (const one of missing) {
        expect({ line, comparable: comparableAnswer(foreignAnswer, [foreignProject, 'b1']) }).toEqual({
          line,
          comparable: comparableAnswer(one, [foreignProject, missingProject, 'b9', 'b1']),
        });
      }
      if (foreignAnswer.status === 403) continue;
      const name = route.path.includes(':workflow_id') ? 'build-unknown' : 'project-unknown';
      expect({ line, status: foreignAnswer.status }).toEqual({ line, status: 404 });
      expect(JSON.stringify(foreignAnswer.body)).toContain(name);
      attempts += 1 + missing.length;
    }
  }
  expect(attempts).toBeGreaterThanOrEqual(200);
  const { revision } = (await api.sendAs(api.adminToken, `GET /api/workflows/${foreignProject}.b1/status`)).body;
  expect(revision).toBe(1);
});

test('a build of another project gets the same answer as a missing build of the token’s project', async () => {
  const token = tokens.at(-1) ?? '';
  for (const route of allRoutes().filter(({ path }) => path.includes(':workflow_id'))) {
    const body = route.method === 'get' ? undefined : (BODIES[route.path.split('/').at(-1) ?? ''] ?? { reason: 'x' });
    const ask = (project: string) =>
      api.sendAs(token, `${route.method.toUpperCase()} ${addressOf(route, { project, build: 'b1' })}`, body);
    const [foreignAnswer, missing] = [await ask(foreignProject), await ask(ownProject)];
    const line = `${route.method} ${route.path}`;
    expect({ line, comparable: comparableAnswer(foreignAnswer, [foreignProject]) }).toEqual({
      line,
      comparable: comparableAnswer(missing, [ownProject]),
    });
  }
});

test('a list shows only the token’s projects, in full pages, and another token cannot use its cursor', async () => {
  const [firstProject, second] = [api.newProject(), api.newProject()];
  const token = await api.token('lists', { rights: ['viewer'], projects: [firstProject, second] });
  const starts = [firstProject, foreignProject, second, foreignProject, firstProject].map((project, index) => ({
    project,
    build_id: `l${index}`,
  }));
  for (const { project, build_id } of starts)
    await api.sendAs(api.adminToken, `POST /api/workflows/${project}/start`, { ...START, build_id });
  const list = async (byToken: string, query = '') => (await api.sendAs(byToken, `GET /api/workflows${query}`)).body;
  const fullList = await until(
    () => list(token),
    ({ workflows }) => workflows.length === 3,
  );
  const ids = fullList.workflows.map((one: { workflow_id: string }) => one.workflow_id);
  expect([...ids].sort()).toEqual([`${firstProject}.l0`, `${firstProject}.l4`, `${second}.l2`].sort());
  const page = await list(token, '?limit=2');
  expect(page.workflows).toHaveLength(2);
  const lastPage = await list(token, `?limit=2&cursor=${page.next_cursor}`);
  expect([...page.workflows, ...lastPage.workflows].map((one) => one.workflow_id)).toEqual(ids);
  const stranger = await api.token('stranger', { rights: ['viewer'], projects: [foreignProject] });
  expect((await api.sendAs(stranger, `GET /api/workflows?cursor=${page.next_cursor}`)).status).toBe(400);
  expect((await api.sendAs(api.adminToken, `GET /api/workflows?cursor=${page.next_cursor}`)).status).toBe(400);
  expect((await list(token, `?project_id=${firstProject}`)).workflows).toHaveLength(2);
  const foreign = await api.sendAs(token, `GET /api/workflows?project_id=${foreignProject}`);
  const missingProject = api.newProject();
  const missing = await api.sendAs(token, `GET /api/workflows?project_id=${missingProject}`);
  expect(foreign).toMatchObject({ status: 404, body: { type: 'urn:q-orchestrator:problem:project-unknown' } });
  expect(comparableAnswer(foreign, [foreignProject])).toBe(comparableAnswer(missing, [missingProject]));
});

test('a server without the search attributes, too, shows a token only its own projects', async () => {
  const apiWithoutAttributes = await serveProtectedApi({ worker: false, api: { searchAttributesKnown: false } });
  try {
    const firstProject = apiWithoutAttributes.newProject();
    // The second id begins with the first.
    for (const project of [firstProject, `${firstProject}-too`])
      expect(
        (
          await apiWithoutAttributes.sendAs(
            apiWithoutAttributes.adminToken,
            `POST /api/workflows/${project}/start`,
            START,
          )
        ).status,
      ).toBe(201);
    const token = await apiWithoutAttributes.token('bare', { projects: [firstProject] });
    const { workflows } = await until(
      async () => (await apiWithoutAttributes.sendAs(token, 'GET /api/workflows')).body,
      (body) => body.workflows.length > 0,
    );
    expect(workflows.map((one: { workflow_id: string }) => one.workflow_id)).toEqual([`${firstProject}.b1`]);
    for (const project of [firstProject, `${firstProject}-too`])
      await apiWithoutAttributes.stack.client.workflow.getHandle(`${project}.b1`).terminate('the test is over');
  } finally {
    await apiWithoutAttributes.stop();
  }
});

test('a token of a hundred projects gets its list', async () => {
  const projects = Array.from({ length: 100 }, (_, index) => `hundred-${index}-${'x'.repeat(50)}`);
  const token = await api.token('hundred', { rights: ['viewer'], projects });
  expect(await api.sendAs(token, 'GET /api/workflows')).toMatchObject({ status: 200, body: { workflows: [] } });
});

test('naming the digest of another project’s artifact in a result or a request does not open it', async () => {
  const { handoffs } = (await api.sendAs(api.adminToken, `GET /api/workflows/${foreignProject}.b1/history`)).body;
  const digest = handoffs[0].data_transferred.digest as string;
  expect((await api.sendAs(api.adminToken, `GET /api/workflows/${foreignProject}.b1/artifacts/${digest}`)).status).toBe(
    200,
  );
  const token = tokens.at(-1) ?? '';
  const start = { ...START, metadata: { log_digest: digest, attachments: [{ digest }] } };
  expect((await api.sendAs(token, `POST /api/workflows/${ownProject}/start`, start)).status).toBe(201);
  const attachment = { name: 'a.png', media_type: 'image/png', base64: PNG };
  const second = { ...START, build_id: 'b2', attachments: [attachment] };
  expect((await api.sendAs(token, `POST /api/workflows/${ownProject}/start`, second)).status).toBe(201);
  const result = { summary: digest, log_digest: digest, evidence: { logDigest: digest } };
  const step = { role: 'q_assistant', completed_state: 'discovery', phase_result: result };
  await advance(token, `${ownProject}.b1`, step);
  const foreign = await api.sendAs(token, `GET /api/workflows/${ownProject}.b1/artifacts/${digest}`);
  const absent = `sha256:${'0'.repeat(64)}`;
  const missing = await api.sendAs(token, `GET /api/workflows/${ownProject}.b1/artifacts/${absent}`);
  expect(foreign.status).toBe(404);
  expect(comparableAnswer(foreign, [digest])).toBe(comparableAnswer(missing, [absent]));
  // The build's own artifacts are shown: its result, its request and its attachment.
  const ownDigest = (await api.sendAs(token, `GET /api/workflows/${ownProject}.b1/history`)).body.handoffs[0]
    .data_transferred.digest;
  expect((await api.sendAs(token, `GET /api/workflows/${ownProject}.b1/artifacts/${ownDigest}`)).status).toBe(200);
  const { entries } = JSON.parse(await fetchText(token, `${ownProject}.b2/record`));
  const request = entries[0].body.requestDigest as string;
  const requestBody = (await api.sendAs(token, `GET /api/workflows/${ownProject}.b2/artifacts/${request}`)).body;
  const attachmentDigest = requestBody.attachments[0].digest as string;
  expect((await api.sendAs(token, `GET /api/workflows/${ownProject}.b2/artifacts/${attachmentDigest}`)).status).toBe(
    200,
  );
});

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(64)]).toString('base64');

async function fetchText(token: string, path: string): Promise<string> {
  const answer = await fetch(`${api.url}/api/workflows/${path}`, { headers: { authorization: `Bearer ${token}` } });
  return answer.text();
}
