/**
 * Tests budgets over the API: defaults, the command, and what status, stats and record show.
 */
import { until } from '../fixture';
import { ROLES } from '../../src/domain/roles';
import { serveApi } from '../api/served';
import type { Api } from '../api/served';
import { verifies } from '../requirements/verifies';
import { fakeModel } from '../workflows/fake-models';
import { COST, MODEL_ID, chargingModel } from './charging-model';

const model = chargingModel(fakeModel(() => ({}), [], { scripted: false }));
let api: Api;
beforeAll(async () => {
  const roleDefaults = Object.fromEntries(ROLES.map((role) => [role, 'llm'])) as never;
  api = await serveApi({ deps: { modelFor: () => model }, api: { roleDefaults } });
});
afterAll(() => api?.stop());

test('a build has the default budget; status, stats and record show what it spent, beside the forecast', async () => {
  const project = api.newProject();
  const body = { build_id: 'b1', user_id: 'ada', requirements: 'A page', budget: { usd: 2.5 } };
  const commands = { test: ['node', '--test'] };
  expect(await api.post(`/api/workflows/${project}/start`, { ...body, commands })).toMatchObject({ status: 201 });
  const at = `/api/workflows/${project}.b1`;
  const { body: status } = await until(
    () => api.get(`${at}/status`),
    ({ body: one }) => one['status'] === 'complete',
  );
  expect(status).toMatchObject({
    budget: {
      usd: { cap: 2.5, used: 0.18 },
      tokens: { cap: 20_000_000, used: 7_200 },
      calls: { cap: 1_000, used: 6 },
      wall_clock_seconds: { cap: 604_800 },
      reached: null,
    },
    spend: { usd: 0.18, calls: 6, calls_not_counted_yet: 0 },
    forecast: { from_builds: 0, usd_median: null, usd_actual: 0.18 },
  });
  expect((status['spend'] as { by_attempt: unknown[] }).by_attempt[0]).toEqual({
    ...{ phase: 'discovery', role: 'q_assistant', generation: 1, attempt: 1, model: MODEL_ID, calls: 1 },
    ...{ input_tokens: 1_000, cached_input_tokens: 0, output_tokens: 200, reasoning_tokens: 0 },
    ...{ usd: 0.03, calls_of_unknown_use: 0 },
  });
  const { body: stats } = await until(
    () => api.get(`/api/workflows/project/${project}/stats`),
    ({ body: one }) => one['completed'] === 1,
  );
  expect(stats['spend_of_ended_builds']).toMatchObject({
    ...{ usd: 0.18, calls: 6, by_phase: { planning: { usd: 0.03 } }, by_role: { q_assistant: { usd: 0.06 } } },
    ...{ by_attempt: { 1: { usd: 0.18 } }, by_model: { [MODEL_ID]: { calls: 6 } } },
  });
  const { body: record } = await api.get(`${at}/record`);
  const entries = record['entries'] as Array<{ kind: string; body: Record<string, unknown> }>;
  const last = entries.at(-1)?.body;
  expect(last).toMatchObject({ budget: { microUsd: 2_500_000 }, forecast: { builds: 0 } });
  expect(last?.['spend']).toHaveLength(6);
  expect(entries.find(({ kind }) => kind === 'call')?.body['paid']).toMatchObject([{ microUsd: COST }]);
});

verifies('9.15');
test('POST budget raises a total with a reason, and names what is wrong', async () => {
  const project = api.newProject();
  const body = { build_id: 'b1', user_id: 'ada', requirements: 'A page', budget: { calls: 0 } };
  expect(await api.post(`/api/workflows/${project}/start`, body)).toMatchObject({ status: 201 });
  const at = `/api/workflows/${project}.b1`;
  const { body: status } = await until(
    () => api.get(`${at}/status`),
    ({ body: one }) => one['status'] === 'waiting',
  );
  expect(status['budget']).toMatchObject({ reached: { scope: 'build', kind: 'calls', cap: 0, spent: 0, needed: 1 } });
  expect(await api.post(`${at}/budget`, { reason: 'more' })).toMatchObject({
    status: 400,
    body: { detail: '(input) must name the new total of at least one of usd, tokens, calls and wall_clock' },
  });
  expect(await api.post(`${at}/budget`, { calls: -1, reason: 'more' })).toMatchObject({
    status: 400,
    body: { field: 'calls' },
  });
  expect(await api.post(`${at}/budget`, { usd: 9.99, reason: 'more' })).toMatchObject({
    status: 409,
    body: { type: 'urn:q-orchestrator:problem:command-not-higher', field: 'usd' },
  });
  expect(await api.post(`${at}/budget`, { calls: 1, reason: 'one call' })).toMatchObject({
    status: 200,
    body: { calls: 1 },
  });
  const { body: events } = await until(
    () => api.get(`${at}/events`),
    ({ body: one }) => JSON.stringify(one).match(/over_budget/g)?.length === 2,
  );
  expect(events['events']).toContainEqual(
    expect.objectContaining({ type: 'budget_raised', data: { reason: 'one call', calls: '0 -> 1' } }),
  );
  await api.post(`${at}/cancel`, { reason: 'enough' });
});
