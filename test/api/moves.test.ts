/**
 * Tests the other commands and reads over HTTP: rework, error, retry, rollback, pause, cancel, prompt, list, health.
 */
import { COMMANDS } from '../../src/domain/commands';
import type { AnyCommand } from '../../src/domain/commands';
import { STATES, ownerOf } from '../../src/domain/states';
import type { State } from '../../src/domain/states';
import { serveApi, until } from './served';
import type { Api } from './served';
import { verifies } from '../requirements/verifies';

let api: Api;
beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api.stop());

const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
const STATE_SEQUENCE = STATES.slice(0, 11);

verifies('4.9');
test('the Test Auditor sends the code back, the Code Writer does it again', async () => {
  const { id, advance } = await buildIn('testing');
  const sendBack = await advance('test_auditor', 'testing', {
    next_state: 'IMPLEMENTATION',
    phase_result: { findings: 'flaky' },
  });
  expect(sendBack.body).toMatchObject({
    previous_state: 'testing',
    new_state: 'implementation',
    next_role: 'code_writer',
  });
  expect(sendBack.body.handoff_data).toMatchObject({ previous_phase: 'testing', coverage: null });
  const prompt = await api.get(`/api/workflows/${id}/prompt`);
  expect(prompt.body).toEqual({
    ...{ workflow_id: id, role: 'code_writer', phase: 'implementation', current_state: 'implementation' },
    ...{ system_prompt: expect.stringMatching(/./), system_prompt_digest: expect.stringMatching(/./) },
    context: expect.stringContaining('flaky'),
  });
});

verifies('1.12', '4.5', '4.8');
test('if a role gives up, the build is in error; a retry repeats the failed phase; a rollback goes back to an earlier one', async () => {
  const { id, advance } = await buildIn('implementation');
  const failAnswer = await advance('code_writer', 'implementation', {
    next_state: 'error',
    phase_result: { reason: 'no idea' },
  });
  expect(failAnswer.body).toMatchObject({ new_state: 'error', next_role: null, is_complete: false });
  const inError = await until(api, `/api/workflows/${id}/status`, (body) => body.status === 'error');
  expect(inError).toMatchObject({
    ...{ current_state: 'error', current_role: null, next_role: null, status: 'error' },
    failure: { type: 'Role.GaveUp', phase: 'implementation', message: expect.stringContaining('no idea') },
  });
  const retryAnswer = await api.post(`/api/workflows/${id}/request-retry`, { reason: 'think again' });
  expect(retryAnswer.body).toEqual({
    ...{ workflow_id: id, retry_requested: true, previous_state: 'implementation', new_state: 'implementation' },
    ...{ requested_in: 'error', reason: 'think again', notification_sent: false, timestamp: ISO },
  });
  const rollback = await api.post(
    `/api/workflows/${id}/rollback`,
    { target_state: 'PLANNING', reason: 'wrong plan' },
    { 'X-Actor': 'ada' },
  );
  expect(rollback.body).toEqual({
    ...{ workflow_id: id, rollback_successful: true, previous_state: 'implementation', new_state: 'planning' },
    ...{ reason: 'wrong plan', rolled_back_by: 'ada', timestamp: ISO },
  });
  const status = await until(api, `/api/workflows/${id}/status`, (body) => body.current_state === 'planning');
  expect(status).toMatchObject({ generation: 2, failure: null });
});

verifies('9.12');
test('the answer to a retry beyond the limit names the phase, and says that it is not repeated and a person is needed', async () => {
  const { id } = await buildIn('testing', `${api.newProject()}.b1`, { retries: { per_phase: 0 } });
  const { body } = await api.post(`/api/workflows/${id}/request-retry`, { reason: 'once more' });
  expect(body).toEqual({
    ...{ workflow_id: id, retry_requested: true, previous_state: 'implementation', new_state: 'error' },
    ...{ note: expect.stringMatching(/used up.*a person is needed/), requested_in: 'testing', reason: 'once more' },
    ...{ notification_sent: false, timestamp: ISO },
  });
  expect((await api.get(`/api/workflows/${id}/status`)).body).toMatchObject({
    ...{ current_state: 'error', status: 'error', failure: { type: 'Retries.Exhausted', phase: 'implementation' } },
  });
});

verifies('1.12', '3.4');
test('after a restart of the worker, a build in error and one that waits for an external role are in the same states', async () => {
  const { id: failedId, advance } = await buildIn('planning');
  await advance('q_assistant', 'planning', { next_state: 'error' });
  const { id: waitingId, advance: advanceWaiting } = await buildIn('implementation');
  await api.stack.stopWorker();
  await api.stack.startWorker();
  expect((await api.get(`/api/workflows/${failedId}/status`)).body).toMatchObject({ status: 'error', progress: 16.7 });
  const retryAnswer = await api.post(`/api/workflows/${failedId}/request-retry`, { reason: 'again' });
  expect(retryAnswer.body).toMatchObject({ requested_in: 'error', new_state: 'planning' });
  expect((await api.get(`/api/workflows/${waitingId}/status`)).body).toMatchObject({
    ...{ status: 'waiting', next_expectations: { role: 'code_writer' } },
  });
  const advanceAnswer = await advanceWaiting('code_writer', 'implementation');
  expect(advanceAnswer.body).toMatchObject({ new_state: 'handoff_to_tester' });
});

verifies('9.15', '9.17');
test('a build is paused, resumed and cancelled, and still answers after that', async () => {
  const { id } = await buildIn('planning');
  const path = `/api/workflows/${id}`;
  expect((await api.post(`${path}/pause`)).body).toMatchObject({ workflow_id: id, paused: true, by: 'anonymous' });
  expect(await until(api, `${path}/status`, (body) => body.status === 'paused')).toMatchObject({ status: 'paused' });
  expect((await api.post(`${path}/resume`, {})).body).toMatchObject({ paused: false, current_state: 'planning' });
  const cancelled = await api.post(`${path}/cancel`, { reason: 'no longer wanted' });
  expect(cancelled.body).toMatchObject({ workflow_id: id, cancelled: true, reason: 'no longer wanted' });
  const status = await until(api, `${path}/status`, (body) => body.status === 'cancelled');
  expect(status).toMatchObject({ current_state: 'planning', completed_at: ISO, next_expectations: { role: null } });
  expect((await api.get(`${path}/history`)).body.handoff_count).toBe(1);
  expect((await api.get(`${path}/prompt`)).status).toBe(409);
});

test('an approval of a finding that is not open is refused, and one with a malformed digest or an unknown gate cannot be read', async () => {
  const { id } = await buildIn('testing');
  const path = `/api/workflows/${id}/approve`;
  const approve = { gate: 'TAMPERING', digest: `sha256:${'a'.repeat(64)}`, reason: 'the old test was wrong' };
  expect(await api.post(path, approve)).toMatchObject({ status: 409, body: { field: 'digest', legal: [] } });
  expect(await api.post(path, { ...approve, digest: 'yes' })).toMatchObject({ status: 400, body: { field: 'digest' } });
  expect(await api.post(path, { ...approve, gate: 'mood' })).toMatchObject({ status: 400, body: { field: 'gate' } });
  expect((await api.get(`/api/workflows/${id}/approvals`)).body).toMatchObject({ open: [], approved: [] });
});

verifies('9.15');
test('every command of a build has its address', async () => {
  for (const { name, path, hasOwnRoute } of COMMANDS as readonly AnyCommand[]) {
    expect(path).toBe({ retry: 'request-retry', amend: 'request', edit_plan: 'plan' }[name as string] ?? name);
    if (hasOwnRoute === true) continue;
    const { status, body } = await api.post(`/api/workflows/nobody.b1/${path}`, { unknown: true });
    expect({ name, status, field: body.field }).toEqual({ name, status: 400, field: 'unknown' });
  }
});

verifies('9.16');
test('the list shows the builds of a project, by status and in pages', async () => {
  const project = api.newProject();
  for (const build of ['b1', 'b2', 'b3']) await buildIn('discovery', `${project}.${build}`);
  await api.post(`/api/workflows/${project}.b2/pause`);
  const fullList = await until(api, `/api/workflows?project_id=${project}`, (body) => body.workflows.length === 3);
  expect(new Set(fullList.workflows.map((one: { build_id: string }) => one.build_id))).toEqual(
    new Set(['b1', 'b2', 'b3']),
  );
  expect(fullList.next_cursor).toBeNull();
  const paused = await until(
    api,
    `/api/workflows?project_id=${project}&status=PAUSED`,
    (body) => body.workflows.length === 1,
  );
  expect(paused.workflows).toEqual([
    {
      ...{
        workflow_id: `${project}.b2`,
        build_id: 'b2',
        project_id: project,
        title: 'Dark mode, please',
        status: 'paused',
      },
      ...{ current_state: 'discovery', current_role: 'q_assistant', progress: 0, completed_at: null },
      ...{ created_at: ISO, updated_at: ISO },
    },
  ]);
  const first = (await api.get(`/api/workflows?project_id=${project}&limit=2`)).body;
  const second = (await api.get(`/api/workflows?project_id=${project}&limit=2&cursor=${first.next_cursor}`)).body;
  const ids = [...first.workflows, ...second.workflows].map((one: { build_id: string }) => one.build_id);
  expect(ids.sort()).toEqual(['b1', 'b2', 'b3']);
});

verifies('9.16');
test('healthz and readyz answer, and no answer names the server software', async () => {
  expect(await api.get('/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
  const ready = await api.get('/readyz');
  expect(ready).toMatchObject({ status: 200, body: { status: 'ready', worker_polled_at: ISO } });
  expect(ready.headers.get('x-powered-by')).toBeNull();
  expect(ready.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});

/** Starts a build and advances it to `state`. */
async function buildIn(state: State, id = `${api.newProject()}.b1`, more: object = {}) {
  const [project, build_id] = id.split('.');
  const body = { build_id, user_id: 'u-1', requirements: 'Dark mode, please', ...more };
  await api.post(`/api/workflows/${project}/start`, body);
  const advance = (role: string, completed_state: State, more: object = {}) =>
    api.post(`/api/workflows/${id}/advance`, { role, completed_state, phase_result: { done: true }, ...more });
  for (const one of STATE_SEQUENCE.slice(0, STATE_SEQUENCE.indexOf(state))) await advance(String(ownerOf(one)), one);
  return { id, advance };
}
