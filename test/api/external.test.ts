/**
 * A whole build by HTTP alone: every role is external, every answer is checked field by field.
 */
import { PHASE_OWNER } from '../../src/domain/roles';
import { STATES, describeState, nextRoleOf, ownerOf } from '../../src/domain/states';
import type { State } from '../../src/domain/states';
import { serveApi, until } from './served';
import type { Api } from './served';

let api: Api;
beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api.stop());

const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
const DIGEST = expect.stringMatching(/^sha256:[0-9a-f]{64}$/);
const LINE = STATES.slice(0, 11);

/** What each state's role hands over, as somebody outside would word it. */
const RESULTS: Partial<Record<State, object>> = {
  discovery: { summary: 'dark mode for all pages' },
  planning: { implementation_plan: ['add a toggle'], requirements: ['R1'] },
  implementation: { code: { 'toggle.js': 'x' }, test_cases: ['toggles'] },
  testing: { test_results: { passed: 12 }, coverage: 95 },
  verification: { verification_report: 'all in order', approved_for_deployment: true },
};
const handed: Partial<Record<State, object>> = {
  planning: { implementation_plan: ['add a toggle'], requirements: ['R1'] },
  implementation: { code: { 'toggle.js': 'x' }, test_cases: ['toggles'] },
  testing: {
    test_results: { claimed: true, results: { passed: 12 } },
    coverage: null,
    coverage_note: expect.stringContaining('not measured'),
    coverage_claimed: { claimed: true, value: 95 },
  },
  verification: { verification_report: 'all in order', approved_for_deployment: true },
};
const resultOf = (state: State): object => RESULTS[state] ?? { notes: `${state} done` };

/** The phase whose output an advance from this state hands over. */
function phaseBehind(state: State): State {
  return LINE.slice(0, LINE.indexOf(state) + 1).findLast((one) => one in PHASE_OWNER) as State;
}

test.each([
  ['lower case', (name: string) => name],
  ['upper case', (name: string) => name.toUpperCase()],
])('an external build goes from discovery to complete by advance, in %s', async (_case, spell) => {
  const project = api.newProject();
  const id = `${project}.b1`;
  const started = await api.post(`/api/workflows/${project}/start`, {
    ...{ build_id: 'b1', user_id: 'u-1', requirements: { feature: 'Build me a dark mode feature' } },
    roles: { [spell('q_assistant')]: 'external' },
  });
  expect(started).toMatchObject({ status: 201 });
  expect(started.body).toEqual({
    ...{ workflow_id: id, build_id: 'b1', initial_state: 'discovery', status: 'started' },
    ...{ current_role: 'q_assistant', next_role: 'q_assistant', created_at: ISO },
    state_description: describeState('discovery'),
    instructions: expect.stringContaining(`/api/workflows/${id}/advance`),
  });

  for (const [index, state] of LINE.slice(0, 10).entries()) {
    const next = LINE[index + 1] as State;
    const phase = phaseBehind(state);
    const answer = await api.post(
      `/api/workflows/${id}/advance`,
      { role: spell(String(ownerOf(state))), completed_state: spell(state), phase_result: resultOf(state) },
      { 'X-Actor': 'agent-7' },
    );
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toEqual({
      ...{ workflow_id: id, previous_state: state, new_state: next, next_role: nextRoleOf(next) },
      ...{ is_complete: next === 'complete', state_description: describeState(next) },
      handoff_data: {
        ...{ workflow_id: id, current_phase: next, handoff_timestamp: ISO, source: 'claimed' },
        ...{ previous_phase: phase, previous_phase_output: resultOf(phase), instructions: expect.any(String) },
        ...handed[phase],
      },
    });
    const status = await until(api, `/api/workflows/${id}/status`, (body) => body.current_state === next);
    expect(status).toEqual(expectedStatus(id, next, index + 1));
  }

  const history = await api.get(`/api/workflows/${id}/history`);
  expect(history.body).toMatchObject({ workflow_id: id, handoff_count: 10 });
  expect(history.body.handoffs).toEqual(
    LINE.slice(0, 10).map((state, index) => ({
      ...{ from_role: ownerOf(state), to_role: nextRoleOf(LINE[index + 1] as State) },
      ...{ from_state: state, to_state: LINE[index + 1], timestamp: ISO, notes: expect.stringContaining(state) },
      data_transferred: {
        ...{ digest: DIGEST, bytes: expect.any(Number), source: 'claimed', by: 'agent-7' },
        content: resultOf(state),
      },
    })),
  );
  const lastTwo = await api.get(`/api/workflows/${id}/history?limit=2`);
  expect(lastTwo.body.handoff_count).toBe(10);
  expect(lastTwo.body.handoffs).toEqual(history.body.handoffs.slice(-2));

  const events = await api.get(`/api/workflows/${id}/events`);
  expect(events.body.events.map((event: { type: string }) => event.type)).toEqual([
    ...['started', ...Array<string>(9).fill('advanced')],
    expect.stringMatching(/advanced|completed/),
  ]);
  expect(events.body.events[1]).toEqual({
    type: 'advanced',
    actor: 'agent-7',
    timestamp: ISO,
    data: expect.any(Object),
  });

  const artifact = await api.get(`/api/workflows/${id}/artifacts/${history.body.handoffs[1].data_transferred.digest}`);
  expect(artifact.body).toEqual(RESULTS.planning);
  expect(artifact.headers.get('content-security-policy')).toBe('sandbox');
  expect(artifact.headers.get('x-content-type-options')).toBe('nosniff');

  const stats = await until(api, `/api/workflows/project/${project}/stats`, (body) => body.completed === 1);
  expect(stats).toEqual({
    ...{ project_id: project, total_workflows: 1, completed: 1, in_progress: 0, failed: 0 },
    ...{ average_duration: '0h 0m', success_rate: 100, most_common_failure_point: null, average_handoffs: 10 },
  });
});

function expectedStatus(id: string, state: State, handoffs: number) {
  const complete = state === 'complete';
  const completed = Object.keys(PHASE_OWNER).filter(
    (phase) => complete || LINE.indexOf(phase as State) < LINE.indexOf(phaseAt(state)),
  );
  const [project_id, build_id] = id.split('.');
  return {
    ...{ workflow_id: id, build_id, project_id, title: 'Build me a dark mode feature', user_id: 'u-1' },
    ...{ current_state: state, current_role: ownerOf(state), next_role: nextRoleOf(state) },
    ...{ state_description: describeState(state), status: complete ? 'complete' : 'waiting' },
    progress: Math.round((completed.length / 6) * 1000) / 10,
    completed_phases: completed,
    handoff_count: handoffs,
    handoff_history: LINE.slice(0, handoffs).map((from, index) => {
      const to = LINE[index + 1] as State;
      return { from_role: ownerOf(from), to_role: nextRoleOf(to), from_state: from, to_state: to, timestamp: ISO };
    }),
    ...{ elapsed_time: '0h 0m', created_at: ISO, updated_at: ISO, completed_at: complete ? ISO : null },
    next_expectations: {
      role: complete ? null : ownerOf(state),
      task: complete ? expect.any(String) : expect.stringContaining(`completed_state "${state}"`),
      deadline: null,
    },
    ...{ failure: null, refused: { count: 0, last: null }, release: null, release_state: null, generation: 1 },
    ...{ attempt: expect.any(Number), revision: handoffs },
  };
}

/** The phase of a state; a handoff belongs to the phase after it. */
function phaseAt(state: State): State {
  return LINE.slice(LINE.indexOf(state)).find((one) => one in PHASE_OWNER) ?? 'complete';
}

test('the Test Auditor sends the code back, the Code Writer does it again', async () => {
  const { id, advance } = await buildIn('testing');
  const back = await advance('test_auditor', 'testing', {
    next_state: 'IMPLEMENTATION',
    phase_result: { findings: 'flaky' },
  });
  expect(back.body).toMatchObject({ previous_state: 'testing', new_state: 'implementation', next_role: 'code_writer' });
  expect(back.body.handoff_data).toMatchObject({ previous_phase: 'testing', coverage: null });
  const prompt = await api.get(`/api/workflows/${id}/prompt`);
  expect(prompt.body).toEqual({
    ...{ workflow_id: id, role: 'code_writer', phase: 'implementation', current_state: 'implementation' },
    ...{ system_prompt: expect.stringMatching(/./), system_prompt_digest: expect.stringMatching(/./) },
    context: expect.stringContaining('flaky'),
  });
});

test('a role that gives up leads to error; a retry does the failed phase again; a rollback leads back in time', async () => {
  const { id, advance } = await buildIn('implementation');
  const failed = await advance('code_writer', 'implementation', {
    next_state: 'error',
    phase_result: { reason: 'no idea' },
  });
  expect(failed.body).toMatchObject({ new_state: 'error', next_role: null, is_complete: false });
  const inError = await until(api, `/api/workflows/${id}/status`, (body) => body.status === 'error');
  expect(inError).toMatchObject({
    ...{ current_state: 'error', current_role: null, next_role: null, status: 'error' },
    failure: { type: 'Role.GaveUp', phase: 'implementation', message: expect.stringContaining('no idea') },
  });
  const retried = await api.post(`/api/workflows/${id}/request-retry`, { reason: 'think again' });
  expect(retried.body).toEqual({
    ...{ workflow_id: id, retry_requested: true, previous_state: 'implementation', new_state: 'implementation' },
    ...{ requested_in: 'error', reason: 'think again', notification_sent: false, timestamp: ISO },
  });
  const back = await api.post(
    `/api/workflows/${id}/rollback`,
    { target_state: 'PLANNING', reason: 'wrong plan' },
    { 'X-Actor': 'ada' },
  );
  expect(back.body).toEqual({
    ...{ workflow_id: id, rollback_successful: true, previous_state: 'implementation', new_state: 'planning' },
    ...{ reason: 'wrong plan', rolled_back_by: 'ada', timestamp: ISO },
  });
  const status = await until(api, `/api/workflows/${id}/status`, (body) => body.current_state === 'planning');
  expect(status).toMatchObject({ generation: 2, failure: null });
});

test('a build is paused, resumed and cancelled; the cancelled one still answers', async () => {
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

test('the list shows the builds of a project, by status and in pages', async () => {
  const project = api.newProject();
  for (const build of ['b1', 'b2', 'b3']) await buildIn('discovery', `${project}.${build}`);
  await api.post(`/api/workflows/${project}.b2/pause`);
  const all = await until(api, `/api/workflows?project_id=${project}`, (body) => body.workflows.length === 3);
  expect(new Set(all.workflows.map((one: { build_id: string }) => one.build_id))).toEqual(new Set(['b1', 'b2', 'b3']));
  expect(all.next_cursor).toBeNull();
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

test('healthz and readyz answer, and no answer says what serves it', async () => {
  expect(await api.get('/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
  const ready = await api.get('/readyz');
  expect(ready).toMatchObject({ status: 200, body: { status: 'ready', worker_polled_at: ISO } });
  expect(ready.headers.get('x-powered-by')).toBeNull();
  expect(ready.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});

/** A build that has come as far as `state`. */
async function buildIn(state: State, id = `${api.newProject()}.b1`) {
  const [project, build_id] = id.split('.');
  await api.post(`/api/workflows/${project}/start`, { build_id, user_id: 'u-1', requirements: 'Dark mode, please' });
  const advance = (role: string, completed_state: State, more: object = {}) =>
    api.post(`/api/workflows/${id}/advance`, { role, completed_state, phase_result: { done: true }, ...more });
  for (const one of LINE.slice(0, LINE.indexOf(state))) await advance(String(ownerOf(one)), one);
  return { id, advance };
}
