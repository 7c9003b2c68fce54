/**
 * Tests that the defects of the original which an API can show (contract, section 8) are mended.
 */
import { ownerOf, STATES } from '../../src/domain/states';
import type { State } from '../../src/domain/states';
import { BUILD_WORKFLOW } from '../../src/workflows/messages';
import { serveApi, until } from './served';
import type { Api, Body } from './served';
import { verifies } from '../requirements/verifies';

let api: Api;
beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api.stop());

verifies('2.7', '5.3', '8.1');
test.each([
  ['implementation', 'planning'],
  ['testing', 'implementation'],
  ['verification', 'implementation'],
  ['deployment', 'verification'],
  ['handoff_to_releaser', 'verification'],
] as const)('defect 1: a retry in %s looks at the real state and does %s again', async (state, repeatedState) => {
  const id = await buildIn(state);
  const answer = await api.post(`/api/workflows/${id}/request-retry`, { reason: 'once more' });
  expect(answer).toMatchObject({ status: 200, body: { previous_state: repeatedState, new_state: repeatedState } });
  expect((await api.get(`/api/workflows/${id}/status`)).body).toMatchObject({ current_state: repeatedState });
  const { events } = (await api.get(`/api/workflows/${id}/events`)).body;
  expect(events.at(-1)).toMatchObject({ type: 'retried', data: { reason: 'once more' } });
});

verifies('8.2');
test('defect 2: a rollback of a workflow that does not exist is 404, and of one that exists really goes back', async () => {
  const body = { target_state: 'planning', reason: 'wrong plan' };
  expect(await api.post('/api/workflows/nobody.nothing/rollback', body)).toMatchObject({ status: 404 });
  const id = await buildIn('testing');
  expect((await api.post(`/api/workflows/${id}/rollback`, body)).body).toMatchObject({ rollback_successful: true });
  const status = (await api.get(`/api/workflows/${id}/status`)).body;
  expect(status).toMatchObject({ current_state: 'planning', generation: 2, completed_phases: ['discovery'] });
});

verifies('8.3');
test('defect 3: history and stats show what happened', async () => {
  const id = await buildIn('implementation');
  const { handoff_count, handoffs } = (await api.get(`/api/workflows/${id}/history`)).body;
  expect(handoff_count).toBe(3);
  expect(handoffs.map((one: { to_state: string }) => one.to_state)).toEqual([
    ...['planning', 'handoff_to_coder', 'implementation'],
  ]);
  expect(handoffs[0].data_transferred.content).toEqual({ of: 'discovery' });
  const [project] = id.split('.');
  const fail = { ...step('implementation'), next_state: 'error', phase_result: { reason: 'no idea' } };
  await api.post(`/api/workflows/${id}/advance`, fail);
  await buildIn('complete', `${project}.b2`);
  await expectSoon(`/api/workflows/project/${project}/stats`, {
    ...{ total_workflows: 2, completed: 0, completed_without_release: 1, in_progress: 0, failed: 1, success_rate: 0 },
    ...{ most_common_failure_point: 'implementation', average_handoffs: 10, average_duration: null },
  });
});

verifies('8.4');
test('defect 4: a workflow in discovery cannot be advanced from deployment', async () => {
  const id = await buildIn('discovery');
  const answer = await api.post(`/api/workflows/${id}/advance`, step('deployment'));
  expect(answer).toMatchObject({ status: 409, body: { field: 'completed_state', current_state: 'discovery' } });
  expect((await api.get(`/api/workflows/${id}/status`)).body).toMatchObject({
    current_state: 'discovery',
    revision: 0,
  });
});

verifies('8.5');
test.each(['code_writer', 'test_auditor', 'verification_overseer', 'release_manager'])(
  'defect 5: %s does not own discovery and cannot advance it',
  async (role) => {
    const id = await buildIn('discovery');
    const answer = await api.post(`/api/workflows/${id}/advance`, { ...step('discovery'), role });
    expect(answer).toMatchObject({ status: 409, body: { field: 'role', legal: ['q_assistant'] } });
    expect((await api.get(`/api/workflows/${id}/status`)).body).toMatchObject({
      current_state: 'discovery',
      revision: 0,
    });
  },
);

verifies('8.6');
test.each([
  ['no memo', {}],
  ['a memo without a state', { card: { title: 'x' } }],
  [
    'a memo with a state that is none',
    { card: { state: 'dreaming', status: 'x', createdAt: '', completedPhases: [] } },
  ],
])('defect 6: with %s the state is unknown, and not discovery', async (_what, memo) => {
  const id = `${api.newProject()}.b1`;
  const handle = await api.stack.client.workflow.start(BUILD_WORKFLOW, {
    ...{ workflowId: id, taskQueue: 'nobody-works-here', args: [], memo },
  });
  const answer = await api.get(`/api/workflows/${id}/status`);
  expect(answer).toMatchObject({ status: 503, body: { type: 'urn:q-orchestrator:problem:build-unreadable' } });
  expect(JSON.stringify(answer.body)).not.toContain('discovery');
  await handle.terminate();
});

verifies('8.7');
test.each([
  ...['GET status', 'GET history', 'GET events', 'GET prompt'],
  ...['POST advance', 'POST request-retry', 'POST rollback', 'POST cancel', 'POST pause', 'POST resume', 'POST answer'],
])('defect 7: %s of an unknown workflow is 404', async (line) => {
  const [method, name = ''] = line.split(' ');
  const path = `/api/workflows/nobody.nothing/${name}`;
  const answer = method === 'GET' ? await api.get(path) : await api.post(path, BODIES[name]);
  expect(answer).toMatchObject({ status: 404, body: { type: 'urn:q-orchestrator:problem:build-unknown' } });
});

const BODIES: Record<string, object> = {
  advance: step('discovery'),
  'request-retry': { reason: 'r' },
  rollback: { target_state: 'discovery', reason: 'r' },
  cancel: { reason: 'r' },
  answer: { answers: { q1: 'yes' } },
};

function step(state: State) {
  return { role: ownerOf(state), completed_state: state, phase_result: { of: state } };
}

/** Starts a build and advances it to `state`. */
async function buildIn(state: State, id = `${api.newProject()}.b1`): Promise<string> {
  const [project, build_id] = id.split('.');
  await api.post(`/api/workflows/${project}/start`, { build_id, user_id: 'u-1', requirements: 'Dark mode, please' });
  for (const one of STATES.slice(0, STATES.indexOf(state))) await api.post(`/api/workflows/${id}/advance`, step(one));
  return id;
}

/** Waits for these members: the ledger learns of a change a moment after the caller. */
async function expectSoon(path: string, expected: object): Promise<void> {
  const isExpected = (body: Body) => Object.entries(expected).every(([name, value]) => body[name] === value);
  expect(await until(api, path, isExpected)).toMatchObject(expected);
}
