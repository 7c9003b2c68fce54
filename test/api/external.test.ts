/**
 * Tests a whole build over HTTP only: every role is external, and every answer is checked field by field.
 */
import { PHASE_OWNER } from '../../src/domain/roles';
import { STATES, describeState, nextRoleOf, ownerOf } from '../../src/domain/states';
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
const DIGEST = expect.stringMatching(/^sha256:[0-9a-f]{64}$/);
const STATE_SEQUENCE = STATES.slice(0, 11);

/** The result of each state's role, in the words of an external agent. */
const RESULTS: Partial<Record<State, object>> = {
  discovery: { summary: 'dark mode for all pages' },
  planning: { implementation_plan: ['add a toggle'], requirements: ['R1'] },
  implementation: { code: { 'toggle.js': 'x' }, test_cases: ['toggles'] },
  testing: { test_results: { passed: 12 }, coverage: 95 },
  verification: { verification_report: 'all in order', approved_for_deployment: true },
};
const EXPECTED_HANDOFFS: Partial<Record<State, object>> = {
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

/** Returns the phase whose output an advance from this state hands over. */
function phaseOfResult(state: State): State {
  return STATE_SEQUENCE.slice(0, STATE_SEQUENCE.indexOf(state) + 1).findLast((one) => one in PHASE_OWNER) as State;
}

verifies('1.3', '1.5', '1.7', '1.9', '1.13', '3.4', '4.3', '4.4', '4.6', '4.9', '5.1', '5.2', '5.3');
test.each([
  ['lower case', (name: string) => name],
  ['upper case', (name: string) => name.toUpperCase()],
])('an external build goes from discovery to complete by advance, in %s', async (_case, spell) => {
  const project = api.newProject();
  const id = `${project}.b1`;
  const startAnswer = await api.post(`/api/workflows/${project}/start`, {
    ...{ build_id: 'b1', user_id: 'u-1', requirements: { feature: 'Build me a dark mode feature' } },
    roles: { [spell('q_assistant')]: 'external' },
    metadata: { ticket: 'T-1' },
  });
  expect(startAnswer).toMatchObject({ status: 201 });
  expect(startAnswer.body).toEqual({
    ...{ workflow_id: id, build_id: 'b1', initial_state: 'discovery', status: 'started' },
    ...{ current_role: 'q_assistant', next_role: 'q_assistant', created_at: ISO },
    state_description: describeState('discovery'),
    instructions: expect.stringContaining(`/api/workflows/${id}/advance`),
  });

  for (const [index, state] of STATE_SEQUENCE.slice(0, 10).entries()) {
    const next = STATE_SEQUENCE[index + 1] as State;
    const phase = phaseOfResult(state);
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
        ...EXPECTED_HANDOFFS[phase],
      },
    });
    const status = await until(api, `/api/workflows/${id}/status`, (body) => body.current_state === next);
    expect(status).toEqual(expectedStatus(id, next, index + 1));
  }

  const history = await api.get(`/api/workflows/${id}/history`);
  expect(history.body).toMatchObject({ workflow_id: id, handoff_count: 10 });
  expect(history.body.handoffs).toEqual(
    STATE_SEQUENCE.slice(0, 10).map((state, index) => ({
      ...{ from_role: ownerOf(state), to_role: nextRoleOf(STATE_SEQUENCE[index + 1] as State) },
      ...{
        from_state: state,
        to_state: STATE_SEQUENCE[index + 1],
        timestamp: ISO,
        notes: expect.stringContaining(state),
      },
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
  // The event about the release may be in the list already.
  const types = events.body.events.map((event: { type: string }) => event.type);
  expect(types.filter((type: string) => type !== 'not_released')).toEqual([
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

  const { entries, contents } = (await api.get(`/api/workflows/${id}/record`)).body;
  const storedRequest = JSON.parse(contents[entries[0].body.requestDigest].content);
  expect(storedRequest).toMatchObject({
    project_id: project,
    build_id: 'b1',
    user_id: 'u-1',
    metadata: { ticket: 'T-1' },
  });

  const stats = await until(
    api,
    `/api/workflows/project/${project}/stats`,
    (body) => body.completed_without_release === 1,
  );
  expect(stats).toEqual({
    ...{ project_id: project, total_workflows: 1, completed: 0, completed_without_release: 1 },
    ...{ in_progress: 0, failed: 0, average_duration: null, success_rate: 0 },
    ...{ most_common_failure_point: null, average_handoffs: 10, spend_of_ended_builds: NOTHING_SPENT },
  });
});

/** The roles of this build are outside, so that it paid nothing. */
const NOTHING_SPENT = {
  ...{ usd: 0, tokens: 0, calls: 0 },
  ...{ by_phase: {}, by_role: {}, by_attempt: {}, by_model: {} },
};

function expectedStatus(id: string, state: State, handoffs: number) {
  const isComplete = state === 'complete';
  const completedPhases = Object.keys(PHASE_OWNER).filter(
    (phase) => isComplete || STATE_SEQUENCE.indexOf(phase as State) < STATE_SEQUENCE.indexOf(phaseAt(state)),
  );
  const [project_id, build_id] = id.split('.');
  return {
    ...{ workflow_id: id, build_id, project_id, title: 'Build me a dark mode feature', user_id: 'u-1' },
    ...{ current_state: state, current_role: ownerOf(state), next_role: nextRoleOf(state) },
    ...{ state_description: describeState(state), status: isComplete ? 'complete' : 'waiting' },
    progress: Math.round((completedPhases.length / 6) * 1000) / 10,
    completed_phases: completedPhases,
    handoff_count: handoffs,
    handoff_history: STATE_SEQUENCE.slice(0, handoffs).map((from, index) => {
      const to = STATE_SEQUENCE[index + 1] as State;
      return { from_role: ownerOf(from), to_role: nextRoleOf(to), from_state: from, to_state: to, timestamp: ISO };
    }),
    ...{ elapsed_time: '0h 0m', created_at: ISO, updated_at: ISO, completed_at: isComplete ? ISO : null },
    next_expectations: {
      role: isComplete ? null : ownerOf(state),
      task: isComplete ? expect.any(String) : expect.stringContaining(`completed_state "${state}"`),
      deadline: null,
    },
    ...{
      failure: null,
      failing_tests: null,
      retrying: null,
      waiting: null,
      experiments: null,
      doing: null,
      usage: { calls: 0, input_tokens: 0, output_tokens: 0, cached_input_tokens: null, calls_of_unknown_tokens: 0 },
      budget: {
        ...{ usd: { cap: 10, used: 0 }, tokens: { cap: 20_000_000, used: 0 }, calls: { cap: 1_000, used: 0 } },
        ...{ wall_clock_seconds: { cap: 604_800, used: 0 }, reached: null },
      },
      spend: { usd: 0, tokens: 0, calls: 0, calls_not_counted_yet: 0, by_attempt: [] },
      forecast: null,
      refused: { count: 0, last: null },
      release: null,
      release_state: null,
      generation: 1,
    },
    ...{ attempt: expect.any(Number), revision: isComplete ? expect.any(Number) : handoffs, repository_report: null },
  };
}

/** Returns the phase of a state; a handoff belongs to the phase after it. */
function phaseAt(state: State): State {
  return STATE_SEQUENCE.slice(STATE_SEQUENCE.indexOf(state)).find((one) => one in PHASE_OWNER) ?? 'complete';
}
