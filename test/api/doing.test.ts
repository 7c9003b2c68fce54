/**
 * Tests that `status` shows a working role from its heartbeat: step, tool, file, model, calls and tokens.
 */
import { withHeartbeatAndFailureTypes } from '../../src/activities/boundary';
import { createProgress, reportStep } from '../../src/activities/progress';
import type { Outcome } from '../../src/domain/build/outcome';
import { runningOf } from '../../src/api/running';
import { ALL_EXTERNAL, serveApi, until } from './served';
import type { Api } from './served';

let letDiscoverEnd: () => void;
let discoverMayEnd: Promise<void>;
let api: Api;
beforeAll(async () => {
  discoverMayEnd = new Promise((resolve) => (letDiscoverEnd = resolve));
  api = await serveApi({
    api: { roleDefaults: { ...ALL_EXTERNAL, q_assistant: 'llm' } },
    activities: { discover: withHeartbeatAndFailureTypes(discover) },
  });
});
afterAll(() => api.stop());

async function discover(): Promise<Outcome> {
  reportStep({ number: 3, model: 'fake:model', calls: 2, input_tokens: 1_200, output_tokens: 34 });
  reportStep({ tool: 'read', path: 'src/theme.js' });
  createProgress({ runs: 40, seconds: 1 }).add();
  await discoverMayEnd;
  const output = await api.stack.deps.artifacts.put('{}');
  const usage = { calls: 3, inputTokens: 2_000, outputTokens: 50, cachedInputTokens: 1_500 };
  return { kind: 'ask', by: 'fake:model', output, questions: [{ id: 'Q1', text: 'Which?' }], usage };
}

test('status shows what the role does now, and afterwards what it used', async () => {
  const project = api.newProject();
  const startAnswer = await api.post(`/api/workflows/${project}/start`, {
    ...{ build_id: 'b1', user_id: 'ada', requirements: 'A page' },
  });
  expect(startAnswer.status).toBe(201);
  const path = `/api/workflows/${project}.b1/status`;
  expect(await until(api, path, ({ experiments }) => experiments?.answered === 1)).toMatchObject({
    doing: {
      ...{ step: 3, tool: 'read', path: 'src/theme.js', model: 'fake:model' },
      ...{ calls: 2, input_tokens: 1_200, output_tokens: 34, since: expect.stringMatching(/^\d{4}-/) },
    },
    experiments: { answered: 1, at_most: 40 },
    usage: { calls: 0, input_tokens: 0, output_tokens: 0, cached_input_tokens: null, calls_of_unknown_tokens: 0 },
  });
  letDiscoverEnd();
  expect(await until(api, path, ({ status }) => status === 'waiting')).toMatchObject({
    doing: null,
    experiments: null,
    usage: { calls: 3, input_tokens: 2_000, output_tokens: 50, cached_input_tokens: 1_500, calls_of_unknown_tokens: 0 },
  });
});

const STEP = { number: 2, since: '2026-11-27T00:00:00.000Z' };
const descriptionWith = (details: unknown, state: number) => {
  const data = Buffer.from(typeof details === 'string' ? details : JSON.stringify(details));
  return [{ state, heartbeatDetails: { payloads: [{ data }] } }];
};

test('between two tries `doing` is null, whatever the earlier heartbeat had', () => {
  expect(runningOf(descriptionWith({ step: STEP }, 2)).doing).toMatchObject({ step: 2, tool: null, calls: 0 });
  expect(runningOf(descriptionWith({ step: STEP }, 1)).doing).toBeNull();
});

test.each(['', 'null', '[]', '{"step":7}', '{"step":{"number":"2","since":"x"}}', '{"experiments":{"answered":1}}'])(
  'a heartbeat that says %j shows nothing',
  (text) => {
    expect(runningOf(descriptionWith(text, 2))).toEqual({ doing: null, experiments: null });
  },
);
