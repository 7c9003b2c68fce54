/**
 * The actor of an event is the name of the token; X-Actor becomes its remark.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyFile } from '../../../src/programs/cli/verify-file';
import { serveApi } from '../served';
import { serveProtectedApi } from './closed';
import type { ProtectedApi } from './closed';
import { verifies } from '../../requirements/verifies';

let api: ProtectedApi & { adminToken: string };
let folder: string;
beforeAll(async () => {
  api = await serveProtectedApi();
  folder = mkdtempSync(join(tmpdir(), 'q-test-actor-'));
});
afterAll(async () => {
  await api?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const STEP = { role: 'q_assistant', completed_state: 'discovery', phase_result: { summary: 'dark' } };
const START = { user_id: 'the customer', requirements: 'Dark mode', build_id: 'b1' };

verifies('5.3', '9.17');
test('events, history and the signed record have the name of the token as actor, and X-Actor as remark', async () => {
  const project = api.newProject();
  const agent = await api.token('agent-7', { rights: ['agent', 'operator'], projects: [project] });
  const id = `${project}.b1`;
  const remark = { 'x-actor': 'on behalf of ada' };
  expect((await api.sendAs(agent, `POST /api/workflows/${project}/start`, START, remark)).status).toBe(201);
  expect((await api.sendAs(agent, `POST /api/workflows/${id}/advance`, STEP, remark)).status).toBe(200);
  const paused = await api.sendAs(agent, `POST /api/workflows/${id}/pause`, {});
  expect(paused.body).toMatchObject({ by: 'agent-7' });
  const { events } = (await api.sendAs(agent, `GET /api/workflows/${id}/events`)).body;
  expect(events).toMatchObject([
    { type: 'started', actor: 'agent-7', remark: 'on behalf of ada' },
    { type: 'advanced', actor: 'agent-7', remark: 'on behalf of ada' },
    { type: 'paused', actor: 'agent-7' },
  ]);
  expect(Object.keys(events[2])).not.toContain('remark');
  const { handoffs } = (await api.sendAs(agent, `GET /api/workflows/${id}/history`)).body;
  expect(handoffs).toMatchObject([{ remark: 'on behalf of ada', data_transferred: { by: 'agent-7' } }]);
  const answer = await fetch(`${api.url}/api/workflows/${id}/record`, {
    headers: { authorization: `Bearer ${agent}` },
  });
  const record = await answer.text();
  expect(record).toContain('on behalf of ada');
  expect(record).not.toContain(agent);
  const file = join(folder, 'record.json');
  writeFileSync(file, record);
  expect(verifyFile(file, null)).toMatchObject({ exitCode: 0 });
  const forged = record.replaceAll('on behalf of ada', 'on behalf of eve');
  writeFileSync(file, forged);
  expect(verifyFile(file, null)).toMatchObject({ exitCode: 1 });
});

test('a body may not have a remark, and the refusal of a wrong X-Actor names the header', async () => {
  const project = api.newProject();
  await api.sendAs(api.adminToken, `POST /api/workflows/${project}/start`, START);
  const pause = `POST /api/workflows/${project}.b1/pause`;
  expect(await api.sendAs(api.adminToken, pause, { remark: 'x' })).toMatchObject({
    status: 400,
    body: { field: 'remark' },
  });
  const refusal = await api.sendAs(api.adminToken, pause, {}, { 'x-actor': 'x'.repeat(201) });
  expect(refusal).toMatchObject({ status: 400, body: { field: 'X-Actor' } });
});

test('a repeated command gets its first answer, also with another remark', async () => {
  const project = api.newProject();
  await api.sendAs(api.adminToken, `POST /api/workflows/${project}/start`, START);
  const send = (actor: string) =>
    api.sendAs(
      api.adminToken,
      `POST /api/workflows/${project}.b1/pause`,
      {},
      { 'x-actor': actor, 'idempotency-key': 'k' },
    );
  const [one, two] = [await send('ada'), await send('eve')];
  expect(two).toMatchObject({ status: 200, body: one.body });
});

verifies('9.17');
test('if no tokens are needed, X-Actor is the actor, and there is no remark', async () => {
  const openApi = await serveApi();
  try {
    const project = openApi.newProject();
    await openApi.post(`/api/workflows/${project}/start`, START, { 'x-actor': 'ada' });
    await openApi.post(`/api/workflows/${project}.b1/advance`, STEP, { 'x-actor': 'ada' });
    const { events } = (await openApi.get(`/api/workflows/${project}.b1/events`)).body;
    expect(events.map(({ actor }: { actor: string }) => actor)).toEqual(['the customer', 'ada']);
    expect(JSON.stringify(events)).not.toContain('remark');
  } finally {
    await openApi.stop();
  }
});
