/**
 * The limit of open builds of a project is exact, and a repeated start is never refused by it.
 */
import { serveApi } from './served';
import type { Api } from './served';
import { until } from '../until';

const LIMIT = 3;
let api: Api;
beforeAll(async () => {
  api = await serveApi({ api: { maxOpenBuilds: LIMIT } });
});
afterAll(() => api?.stop());

const start = (project: string, build: string, headers = {}) =>
  api.post(`/api/workflows/${project}/start`, { build_id: build, user_id: 'ada', requirements: 'Dark mode' }, headers);

test('of many simultaneous starts exactly as many pass as the limit allows, and the others get the limit and the way out', async () => {
  const project = api.newProject();
  const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => start(project, `b${n}`)));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, ...Array<number>(9).fill(429)]);
  const refused = answers.find(({ status }) => status === 429);
  expect(refused?.body).toMatchObject({ type: 'urn:q-orchestrator:problem:project-too-many-builds', limit: LIMIT });
  expect(refused?.body.detail).toContain(`project ${project} has ${LIMIT} open builds`);
  expect(refused?.body.detail).toMatch(/MAX_OPEN_BUILDS=3.*cancel one/);
  expect(refused?.headers.get('retry-after')).toBe('30');
});

test('a repeated start is found, however full the project is; another project has room', async () => {
  const project = api.newProject();
  for (const build of ['a', 'b', 'c']) expect((await start(project, build)).status).toBe(201);
  expect((await start(project, 'd', { 'idempotency-key': 'k' })).status).toBe(429);
  const again = await Promise.all(['a', 'b', 'c', 'a'].map((build) => start(project, build)));
  expect(again.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect((await start(api.newProject(), 'a')).status).toBe(201);
  // The place of one that has ended is free, and the refused start can be made again under its key.
  await api.post(`/api/workflows/${project}.a/cancel`, { reason: 'room' });
  const { status } = await until(
    () => start(project, 'd', { 'idempotency-key': 'k' }),
    (answer) => answer.status !== 429,
  );
  expect(status).toBe(201);
  expect((await start(project, 'a')).status).toBe(200);
});

test('a start that Temporal did not take leaves its place free', async () => {
  const project = api.newProject();
  const { client } = api.stack;
  const started = jest.spyOn(client.workflow, 'start').mockRejectedValue(new Error('away'));
  for (const build of ['a', 'b', 'c', 'd']) expect((await start(project, build)).status).toBe(500);
  started.mockRestore();
  for (const build of ['a', 'b', 'c']) expect((await start(project, build)).status).toBe(201);
});
