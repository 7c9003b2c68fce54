/**
 * Tests that the limit of open builds of a project is exact, and that it never refuses a repeated start.
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

test('of many concurrent starts exactly as many succeed as the limit allows, and the others get the limit and the remedy', async () => {
  const project = api.newProject();
  const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => start(project, `b${n}`)));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, ...Array<number>(9).fill(429)]);
  const refusal = answers.find(({ status }) => status === 429);
  expect(refusal?.body).toMatchObject({ type: 'urn:q-orchestrator:problem:project-too-many-builds', limit: LIMIT });
  expect(refusal?.body.detail).toContain(`project ${project} has ${LIMIT} open builds`);
  expect(refusal?.body.detail).toMatch(/MAX_OPEN_BUILDS=3.*cancel one/);
  expect(refusal?.headers.get('retry-after')).toBe('30');
});

test('a repeated start is answered although the limit is reached, and another project has its own limit', async () => {
  const project = api.newProject();
  for (const build of ['a', 'b', 'c']) expect((await start(project, build)).status).toBe(201);
  expect((await start(project, 'd', { 'idempotency-key': 'k' })).status).toBe(429);
  const repeatedAnswers = await Promise.all(['a', 'b', 'c', 'a'].map((build) => start(project, build)));
  expect(repeatedAnswers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect((await start(api.newProject(), 'a')).status).toBe(201);
  // The place of an ended build is free, and the refused start can be repeated with its key.
  await api.post(`/api/workflows/${project}.a/cancel`, { reason: 'room' });
  const { status } = await until(
    () => start(project, 'd', { 'idempotency-key': 'k' }),
    (answer) => answer.status !== 429,
  );
  expect(status).toBe(201);
  expect((await start(project, 'a')).status).toBe(200);
});

test('a start that fails in Temporal leaves its place free', async () => {
  const project = api.newProject();
  const { client } = api.stack;
  const startSpy = jest.spyOn(client.workflow, 'start').mockRejectedValue(new Error('away'));
  for (const build of ['a', 'b', 'c', 'd']) expect((await start(project, build)).status).toBe(500);
  startSpy.mockRestore();
  for (const build of ['a', 'b', 'c']) expect((await start(project, build)).status).toBe(201);
});
