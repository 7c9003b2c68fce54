/**
 * Tests that a repeated request has one effect: while the build is open, after its end, and after Temporal has deleted it.
 */
import { until as untilReady } from '../until';
import { serveApi, until } from './served';
import type { Answer, Api } from './served';
import { verifies } from '../requirements/verifies';

let api: Api;
beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api.stop());

const BODY = { user_id: 'u-1', requirements: { feature: 'Dark mode', pages: ['a', 'b'] } };
const STEP = { role: 'q_assistant', completed_state: 'discovery', phase_result: { summary: 'dark' } };
const begin = (project: string, changes: object = {}, headers: Record<string, string> = {}) =>
  api.post(`/api/workflows/${project}/start`, { ...BODY, ...changes }, headers);
const key = (value: string) => ({ 'Idempotency-Key': value });

verifies('4.2');
test('a repeated start gives the same workflow, also with another order of the members', async () => {
  const project = api.newProject();
  const first = await begin(project, { build_id: 'b1' });
  const repeated = await begin(project, { requirements: { pages: ['a', 'b'], feature: 'Dark mode' }, build_id: 'b1' });
  expect([first.status, repeated.status]).toEqual([201, 200]);
  expect(repeated.body).toEqual(first.body);
  const other = await begin(project, { build_id: 'b1', requirements: { feature: 'Light mode' } });
  expect(other).toMatchObject({ status: 422, body: { type: 'urn:q-orchestrator:problem:build-differs' } });
});

test('ten concurrent starts make one build', async () => {
  const project = api.newProject();
  const answers = await Promise.all(Array.from({ length: 10 }, () => begin(project, { build_id: 'b1' })));
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(9).fill(200), 201]);
  await until(api, `/api/workflows/project/${project}/stats`, (body) => body.total_workflows === 1);
  const { workflows } = (await api.get(`/api/workflows?project_id=${project}`)).body;
  expect(workflows.length).toBeLessThanOrEqual(1);
});

verifies('4.10');
test('without a build id the Idempotency-Key gives it; without both each start is a new build', async () => {
  const project = api.newProject();
  const [a, b] = [await begin(project, {}, key('k1')), await begin(project, {}, key('k1'))];
  expect([a.status, b.status]).toEqual([201, 200]);
  expect(b.body).toEqual(a.body);
  expect(a.body.build_id).toMatch(/^b-[0-9a-z]{16}$/);
  expect((await begin(project, { user_id: 'u-2' }, key('k1'))).status).toBe(422);
  expect((await begin(project, {}, key('k2'))).body.build_id).not.toBe(a.body.build_id);
  expect((await begin(project)).body.build_id).not.toBe((await begin(project)).body.build_id);
});

test('an Idempotency-Key allows one start, also if the build id is given', async () => {
  const project = api.newProject();
  const answers = [
    await begin(project, { build_id: 'b1' }, key('k1')),
    await begin(project, { build_id: 'b1' }, key('k1')),
  ];
  expect(answers.map(({ status }) => status)).toEqual([201, 200]);
  const keyReused = { status: 422, body: { type: 'urn:q-orchestrator:problem:command-key-reused' } };
  expect(await begin(project, { build_id: 'b2' }, key('k1'))).toMatchObject(keyReused);
  expect(await begin(project, { build_id: 'b1', user_id: 'u-2' }, key('k1'))).toMatchObject(keyReused);
  expect(await begin(project, {}, key('k1'))).toMatchObject(keyReused);
  expect((await api.get(`/api/workflows/${project}.b2/status`)).status).toBe(404);
  expect((await begin(api.newProject(), { build_id: 'b1' }, key('k1'))).status).toBe(201);
});

verifies('9.17');
test('a command with the same key is carried out once and gets the same answer', async () => {
  const id = await newBuild();
  const answers = await Promise.all(Array.from({ length: 5 }, () => send(id, 'advance', STEP, 'k1')));
  const laterAnswer = await send(id, 'advance', STEP, 'k1');
  expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(200));
  for (const answer of [...answers, laterAnswer]) expect(answer.body).toEqual(answers[0]?.body);
  expect((await api.get(`/api/workflows/${id}/events`)).body.event_count).toBe(2);
  expect((await send(id, 'advance', { ...STEP, phase_result: {} }, 'k1')).status).toBe(422);
  expect((await send(id, 'pause', {}, 'k1')).status).toBe(422);
});

test('without a key a repeated command is stale', async () => {
  const id = await newBuild();
  expect((await api.post(`/api/workflows/${id}/advance`, STEP)).status).toBe(200);
  expect((await api.post(`/api/workflows/${id}/advance`, STEP)).status).toBe(409);
});

test('the key of a refused command can be used again', async () => {
  const id = await newBuild();
  expect((await send(id, 'resume', {}, 'k1')).status).toBe(409);
  await api.post(`/api/workflows/${id}/pause`);
  expect((await send(id, 'resume', {}, 'k1')).status).toBe(200);
});

verifies('5.4');
test('a finished build still recognizes repeated commands, also after Temporal has deleted it', async () => {
  const id = await newBuild();
  const [project = '', build_id] = id.split('.');
  const path = `/api/workflows/${id}`;
  const advanceAnswer = await send(id, 'advance', STEP, 'k1');
  const cancelAnswer = await send(id, 'cancel', { reason: 'enough' }, 'k2');
  await until(api, `${path}/status`, (body) => body.status === 'cancelled');
  await waitForEnd(id);
  const [status, history, events] = await readAll(path);

  const check = async () => {
    expect((await send(id, 'advance', STEP, 'k1')).body).toEqual(advanceAnswer.body);
    expect((await send(id, 'cancel', { reason: 'enough' }, 'k2')).body).toEqual(cancelAnswer.body);
    expect((await send(id, 'cancel', { reason: 'other' }, 'k2')).status).toBe(422);
    const lateAnswer = await send(id, 'pause', {}, 'k3');
    expect(lateAnswer).toMatchObject({ status: 409, body: { type: 'urn:q-orchestrator:problem:command-finished' } });
    expect((await begin(project, { build_id })).status).toBe(200);
    expect((await begin(project, { build_id, user_id: 'u-2' })).status).toBe(422);
  };
  await check();
  await deleteFromTemporal(id);
  await check();
  expect((await readAll(path)).map(({ body }) => body)).toEqual([status?.body, history?.body, events?.body]);
});

test('a build that an operator terminated is shown as cancelled and takes no command', async () => {
  const id = await newBuild();
  await api.stack.client.workflow.getHandle(id).terminate('by hand');
  const status = (await api.get(`/api/workflows/${id}/status`)).body;
  expect(status).toMatchObject({ current_state: 'discovery', status: 'cancelled' });
  expect(status.next_expectations.task).toContain('terminated');
  const lateAnswer = await send(id, 'advance', STEP, 'k1');
  expect(lateAnswer).toMatchObject({ status: 409, body: { type: 'urn:q-orchestrator:problem:command-finished' } });
});

async function newBuild(): Promise<string> {
  const project = api.newProject();
  await begin(project, { build_id: 'b1' });
  return `${project}.b1`;
}

function send(id: string, command: string, body: object, idempotencyKey: string): Promise<Answer> {
  return api.post(`/api/workflows/${id}/${command}`, body, key(idempotencyKey));
}

function readAll(path: string): Promise<Answer[]> {
  return Promise.all(['status', 'history', 'events'].map((name) => api.get(`${path}/${name}`)));
}

/** Waits until the workflow run has ended, not only the build. */
async function waitForEnd(id: string): Promise<void> {
  await api.stack.client.workflow
    .getHandle(id)
    .result()
    .catch(() => undefined);
}

/** Deletes the workflow, as Temporal itself does after the retention period. */
async function deleteFromTemporal(id: string): Promise<void> {
  const { connection, options } = api.stack.client;
  const { namespace } = options;
  await connection.workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId: id } });
  const handle = api.stack.client.workflow.getHandle(id);
  const isGone = () =>
    handle.describe().then(
      () => false,
      () => true,
    );
  expect(await untilReady(isGone, Boolean)).toBe(true);
}
