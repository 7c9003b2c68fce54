/**
 * The settings of a project over the API: versions, who changed them, a race, and starts that narrow or widen them.
 */
import { serveApi } from './served';
import type { Api } from './served';
import { verifies } from '../requirements/verifies';

let api: Api;
beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api?.stop());

const pathOf = (project: string) => `/api/projects/${project}/settings`;
const put = (project: string, settings: unknown, version: number, actor = 'ada') =>
  api.put(pathOf(project), { settings, expected_version: version, reason: 'as agreed' }, { 'X-Actor': actor });
const START = { user_id: 'u', requirements: 'Dark mode' };

verifies('9.16');
test('a project without settings has version 0 and the caps of the installation', async () => {
  expect(await api.get(pathOf(api.newProject()))).toMatchObject({
    status: 200,
    body: { version: 0, settings: {}, versions: [], caps: { usd: 500, calls: 50_000, day: { usd: 100 } } },
  });
});

verifies('9.16');
test('each change is a version, with who made it and why', async () => {
  const project = api.newProject();
  const first = { budget: { usd: 20, day: { usd: 2.5 } } };
  expect(await put(project, first, 0)).toMatchObject({
    status: 200,
    body: { version: 1, caps: { usd: 20, day: { usd: 2.5 } } },
  });
  expect(await put(project, { ...first, roles: { code_writer: 'external' } }, 1, 'bob')).toMatchObject({
    body: { version: 2 },
  });
  const { body } = await api.get(pathOf(project));
  expect(body).toMatchObject({
    ...{ version: 2, by: 'bob', reason: 'as agreed', settings: { roles: { code_writer: 'external' } } },
    versions: [
      { version: 2, by: 'bob' },
      { version: 1, by: 'ada', reason: 'as agreed', settings: first },
    ],
  });
});

verifies('9.16');
test('of changes that were made on the same version one is stored, and the others are refused with 409', async () => {
  const project = api.newProject();
  const answers = await Promise.all([1, 2, 3, 4].map((usd) => put(project, { budget: { usd } }, 0)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
  const stored = answers.find(({ status }) => status === 200);
  expect((await api.get(pathOf(project))).body).toMatchObject({ version: 1, settings: stored?.body.settings });
  expect(await put(project, {}, 7)).toMatchObject({
    status: 409,
    body: { type: 'urn:q-orchestrator:problem:settings-stale', version: 1 },
  });
});

verifies('9.16');
test.each([
  [{ budget: { usd: -1 } }, 'settings.budget.usd'],
  [{ budget: { day: { wall_clock: '1h' } } }, 'settings.budget.day.wall_clock'],
  [{ gates: { plan: { approval: 'maybe' } } }, 'settings.gates.plan.approval'],
  [{ colour: 'blue' }, 'settings.colour'],
  [7, 'settings'],
])('wrong settings are refused by name: %j', async (settings, field) => {
  expect(await put(api.newProject(), settings, 0)).toMatchObject({ status: 400, body: { field } });
});

verifies('9.16', '9.11');
test('a start gets the budget of the settings, may ask for less, and is refused where it asks for more', async () => {
  const project = api.newProject();
  await put(project, { budget: { build: { usd: 5 } } }, 0);
  const start = (build: string, budget?: object) =>
    api.post(`/api/workflows/${project}/start`, { ...START, build_id: build, ...(budget && { budget }) });
  expect(await start('b1')).toMatchObject({ status: 201 });
  expect(await start('b2', { usd: 1 })).toMatchObject({ status: 201 });
  expect(await start('b3', { usd: 6 })).toMatchObject({
    status: 400,
    body: { field: 'budget.usd', detail: expect.stringContaining('at most 5') },
  });
  const budgetOf = async (build: string) => {
    const { body } = await api.get(`/api/workflows/${project}.${build}/status`);
    return body.budget.usd.cap;
  };
  expect(await budgetOf('b1')).toBe(5);
  expect(await budgetOf('b2')).toBe(1);
});

test('a start that is repeated after a change of the settings is still the same start', async () => {
  const project = api.newProject();
  const start = (key: string) => api.post(`/api/workflows/${project}/start`, START, { 'Idempotency-Key': key });
  const before = await start('k0');
  await put(project, { budget: { build: { usd: 5 } } }, 0);
  expect(await start('k0')).toMatchObject({ status: 200, body: { workflow_id: before.body.workflow_id } });
  const first = await start('k1');
  await put(project, { budget: { build: { usd: 3 } } }, 1);
  expect(await start('k1')).toMatchObject({ status: 200, body: { workflow_id: first.body.workflow_id } });
});
