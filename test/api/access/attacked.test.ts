/**
 * Holders of narrow tokens who reach for more than their project, and admins whose orders would leave something broken.
 */
import { until } from '../../until';
import { serveClosed } from './closed';
import type { Closed } from './closed';

let api: Closed & { first: string };
beforeAll(async () => {
  api = await serveClosed();
});
afterAll(() => api?.stop());

test('the codec, which cannot tell of which project a payload is, is not for an admin of some projects', async () => {
  const narrow = await api.token('narrow-admin', { rights: ['admin'], projects: [api.newProject()] });
  const payloads = [{ metadata: { encoding: 'anNvbi9wbGFpbg==' }, data: 'e30=' }];
  for (const verb of ['decode', 'encode']) {
    expect(await api.as(api.first, `POST /codec/${verb}`, { payloads })).toMatchObject({ status: 200 });
    const refused = await api.as(narrow, `POST /codec/${verb}`, { payloads });
    expect(refused).toMatchObject({ status: 403, body: { type: 'urn:q-orchestrator:problem:access-forbidden' } });
  }
});

test.each([
  '":null',
  'revision',
  'cancelled',
  'planning',
  'external',
  '"state":"',
  'sha256',
  new Date().toISOString().slice(0, 8),
  '"events":[',
  'dark mode',
])('taking %j out of a finished build leaves a build that can be read', async (text) => {
  const project = api.newProject();
  const path = `/api/workflows/${project}`;
  const start = { user_id: 'ada', requirements: 'a dark mode', build_id: 'b1' };
  expect((await api.as(api.first, `POST ${path}/start`, start)).status).toBe(201);
  const step = {
    role: 'q_assistant',
    completed_state: 'discovery',
    phase_result: { summary: 'dark mode, revision 2' },
  };
  expect((await api.as(api.first, `POST ${path}.b1/advance`, step)).status).toBe(200);
  expect((await api.as(api.first, `POST ${path}.b1/cancel`, { reason: 'over' })).status).toBe(200);
  const before = (
    await until(
      () => api.as(api.first, `GET ${path}.b1/status`),
      ({ body }) => body.status === 'cancelled',
    )
  ).body;
  await until(
    () => api.stack.deps.documents.load('records', `${project}.b1`),
    (record) => record !== undefined,
  );
  const answer = await api.as(api.first, `POST ${path}.b1/redact`, { text, reason: 'a test' });
  expect(answer).toMatchObject({ status: 200 });
  const kept = JSON.stringify(await api.stack.deps.documents.load('records', `${project}.b1`));
  expect(kept).toContain('"state":"planning"');
  for (const name of ['status', 'history', 'events', 'record', 'evidence', 'approvals'])
    expect({ name, status: (await api.as(api.first, `GET ${path}.b1/${name}`)).status }).toEqual({ name, status: 200 });
  const { current_state, status, revision, created_at } = before;
  const after = (await api.as(api.first, `GET ${path}.b1/status`)).body;
  expect(after).toMatchObject({ current_state, status, revision, created_at });
});
