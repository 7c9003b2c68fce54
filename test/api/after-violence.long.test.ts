/**
 * Workflows that an operator or an attacker terminated, cancelled, reset or deleted: status, list and stats agree, and are true.
 */
import { listOpenWork } from '../../src/adapters/temporal/open-builds';
import { buildQuery, lookSignal, projectWorkflowId, reportSignal, statsQuery } from '../../src/workflows/messages';
import type { BuildReport, ProjectStats } from '../../src/domain/project';
import { until } from '../until';
import { serveApi } from './served';
import { remove, reset, views } from './violence';
import type { Api, Body } from './served';

let api: Api;
beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api?.stop());

const client = () => api.stack.client;
const handleOf = (id: string) => client().workflow.getHandle(id);
const ledgerOf = (project: string) => handleOf(projectWorkflowId(project));

async function begin(project: string, build: string): Promise<string> {
  const body = { build_id: build, user_id: 'ada', requirements: 'Dark mode' };
  expect((await api.post(`/api/workflows/${project}/start`, body)).status).toBe(201);
  return `${project}.${build}`;
}
const LINE = ['discovery', 'planning', 'handoff_to_coder', 'implementation', 'handoff_to_tester', 'testing'];
const OWNERS = ['q_assistant', 'q_assistant', 'q_assistant', 'code_writer', 'code_writer', 'test_auditor'];
async function advance(id: string, state: string, more: object = {}): Promise<Body> {
  const body = { role: OWNERS[LINE.indexOf(state)], completed_state: state, phase_result: { done: state }, ...more };
  return (await api.post(`/api/workflows/${id}/advance`, body)).body;
}

/** What the ledger counts once it `holds`. */
const counted = (project: string, holds: (stats: ProjectStats) => boolean) =>
  until(
    () =>
      ledgerOf(project)
        .query(statsQuery)
        .catch(() => null),
    (stats) => stats !== null && holds(stats),
  );
const look = (project: string) => ledgerOf(project).signal(lookSignal);
const agreed = async (project: string, wanted: object) =>
  until(
    () => views(api, project),
    ({ listed, shown, counted }) =>
      [listed, shown, counted].every((one) => JSON.stringify(one) === JSON.stringify(wanted)),
    60_000,
    200,
  );

test('S6: after continue-as-new under a flood of signals, status and list show the build where it is', async () => {
  const project = api.newProject();
  const id = await begin(project, 'flooded');
  for (const state of LINE.slice(0, 3)) await advance(id, state);
  const first = (await handleOf(id).describe()).runId;
  const bulk = 'x'.repeat(1_000_000);
  const seen = new Set<string>();
  const watch = setInterval(() => {
    void api.get(`/api/workflows/${id}/status`).then(({ body }) => seen.add(String(body.current_state)));
    void api
      .get(`/api/workflows?project_id=${project}`)
      .then(({ body }) => (body.workflows as Body[]).forEach((row) => seen.add(String(row.current_state))));
  }, 20);
  for (let n = 0; n < 8; n += 1) await handleOf(id).signal('cancel', { reason: bulk });
  await until(
    () => handleOf(id).describe(),
    ({ runId }) => runId !== first,
  );
  await until(
    () => api.get(`/api/workflows/${id}/status`),
    ({ body }) => body.refused?.count === 8,
  );
  clearInterval(watch);
  expect([...seen]).toEqual(['implementation']);
  const row = (await api.get(`/api/workflows?project_id=${project}&status=waiting`)).body.workflows;
  expect(row).toMatchObject([{ workflow_id: id, current_state: 'implementation', status: 'waiting' }]);
  await agreed(project, { total: 1, failed: 0, open: 1 });
  const all = await listOpenWork(client(), api.stack.config.temporal.taskQueue);
  const { createdAt } = await handleOf(id).query(buildQuery);
  // Reclaim keeps what is younger than it: also what was there before the build went on anew.
  expect(all.find((one) => one.workflowId === id)?.startedAt).toBe(Date.parse(createdAt));
  expect((await handleOf(id).describe()).startTime.getTime()).toBeGreaterThan(Date.parse(createdAt));
});

test('S17: the record of a build that was terminated has no secret that a signal brought past the API', async () => {
  const project = api.newProject();
  const id = await begin(project, 'told');
  const secret = ['ghp', 'x8Kq2Lw9Zt4Vb7Nc1Md5Fg3Hj6Rp0Sy4Ua2E'].join('_');
  await handleOf(id).signal('pause', { reason: `the token is ${secret}`, actor: 'ada' });
  expect(await handleOf(id).query(buildQuery)).toMatchObject({ paused: true });
  await handleOf(id).terminate();
  await look(project);
  const record = await until(
    () => api.stack.deps.documents.load('records', id),
    (kept) => kept !== undefined,
  );
  expect(JSON.stringify(record)).toContain('the token is [redacted');
  expect(JSON.stringify(record)).not.toContain(secret);
});

test('S11: a terminated build is cancelled in status, list and stats, and its record is kept', async () => {
  const project = api.newProject();
  const id = await begin(project, 'ended');
  await begin(project, 'other');
  await advance(id, 'discovery');
  await counted(project, ({ total }) => total === 2);
  await handleOf(id).terminate('by an operator');
  await look(project);
  await agreed(project, { total: 2, failed: 1, open: 1 });
  const record = await api.stack.deps.documents.load('records', id);
  expect(record).toMatchObject({ cancelled: true, state: 'planning' });
  expect(record?.events.at(-1)).toMatchObject({ type: 'cancelled', actor: 'temporal' });
});

test('S11: a build that was reset is one row, and counted once, where the reset took it', async () => {
  const project = api.newProject();
  const id = await begin(project, 'reset');
  await advance(id, 'discovery');
  for (const _ of ['twice', 'thrice']) {
    await reset(client(), id);
    await until(
      () => api.get(`/api/workflows/${id}/status`),
      ({ body }) => body.current_state !== undefined,
    );
  }
  await look(project);
  const { ids } = await agreed(project, { total: 1, failed: 0, open: 1 });
  expect(ids).toEqual([id]);
});

test('S11: a terminated build that is reset is open again everywhere, and can be carried on', async () => {
  const project = api.newProject();
  const id = await begin(project, 'back');
  await advance(id, 'discovery');
  await handleOf(id).terminate();
  await look(project);
  await agreed(project, { total: 1, failed: 1, open: 0 });
  await reset(client(), id);
  await look(project);
  await agreed(project, { total: 1, failed: 0, open: 1 });
  expect((await api.get(`/api/workflows/${id}/events`)).body.events.at(-1)).not.toMatchObject({ type: 'cancelled' });
  expect((await api.post(`/api/workflows/${id}/cancel`, { reason: 'enough' })).status).toBe(200);
  await agreed(project, { total: 1, failed: 1, open: 0 });
});

test('S11: a build that was deleted while it was open counts nowhere; one that had ended keeps its record and its count', async () => {
  const project = api.newProject();
  const [gone, ended] = [await begin(project, 'gone'), await begin(project, 'ended')];
  await begin(project, 'stays');
  await api.post(`/api/workflows/${ended}/cancel`, { reason: 'no' });
  await handleOf(ended)
    .result()
    .catch(() => undefined);
  await counted(project, ({ total, failed }) => total === 3 && failed === 1);
  for (const id of [gone, ended]) await remove(client(), id);
  await until(
    () => api.get(`/api/workflows?project_id=${project}`),
    ({ body }) => body.workflows.length === 1,
  );
  await look(project);
  const stats = await until(
    async () => (await api.get(`/api/workflows/project/${project}/stats`)).body,
    ({ total_workflows }) => total_workflows === 2,
  );
  expect(stats).toMatchObject({ total_workflows: 2, failed: 1, in_progress: 1 });
  expect((await api.get(`/api/workflows/${gone}/status`)).status).toBe(404);
  expect((await api.get(`/api/workflows/${ended}/status`)).body).toMatchObject({ status: 'cancelled' });
});

test.each(['terminated', 'deleted', 'reset'])(
  'S11: a ledger that was %s counts what it counted before',
  async (how) => {
    const project = api.newProject();
    await begin(project, 'open');
    const failed = await begin(project, 'failed');
    await advance(failed, 'discovery', { next_state: 'error' });
    const ended = await begin(project, 'ended');
    await api.post(`/api/workflows/${ended}/cancel`, { reason: 'no' });
    await handleOf(ended)
      .result()
      .catch(() => undefined);
    const before = await until(
      async () => (await api.get(`/api/workflows/project/${project}/stats`)).body,
      (body) => body.total_workflows === 3 && body.failed === 2,
    );
    if (how === 'terminated') await ledgerOf(project).terminate();
    if (how === 'deleted') await remove(client(), projectWorkflowId(project));
    if (how === 'reset') await reset(client(), projectWorkflowId(project));
    if (how === 'reset') await look(project);
    expect(
      await until(
        async () => (await api.get(`/api/workflows/project/${project}/stats`)).body,
        (body) => JSON.stringify(body) === JSON.stringify(before),
      ),
    ).toEqual(before);
    await begin(project, 'later');
    await agreed(project, { total: 4, failed: 2, open: 2 });
  },
);

test('S11: a build that the ledger never heard of is found by its next look', async () => {
  const project = api.newProject();
  await begin(project, 'known');
  await counted(project, ({ total }) => total === 1);
  const told = jest.spyOn(api.stack.deps.ledger, 'report').mockResolvedValue();
  await begin(project, 'unheard');
  await until(
    async () => told.mock.calls.length,
    (calls) => calls > 0,
  );
  told.mockRestore();
  await look(project);
  await agreed(project, { total: 2, failed: 0, open: 2 });
});

describe('S18: reports of somebody who can send signals, and has no data folder', () => {
  const forged: BuildReport[] = [
    { buildId: 'never', sequence: 1, kind: 'completed', durationMs: 1, handoffs: 1 },
    { buildId: 'real', sequence: 99, kind: 'completed', durationMs: 1, handoffs: 1 },
  ];

  test.each<[string, (project: string) => Promise<unknown[]>]>([
    ['without a proof', async () => forged],
    ['with an invented proof', async () => forged.map((one) => ({ ...one, sentAt: now(), proof: 'AAAA' }))],
    ['with a proof of another project', (project) => proven(`${project}-x`)],
    [
      'with the proof of another report',
      async (project) => (await proven(project)).map((one) => ({ ...one, sequence: 1_000 })),
    ],
    [
      'of odd shapes',
      async () => [{ ...forged[0], proof: {} }, { ...forged[0], proof: 'x'.repeat(500_000) }, null, []],
    ],
  ])('%s are not believed', async (_how, make) => {
    const project = api.newProject();
    await begin(project, 'real');
    await counted(project, ({ total }) => total === 1);
    await ledgerOf(project).signal(reportSignal, (await make(project)) as BuildReport[]);
    await begin(project, 'marker');
    const stats = await counted(project, ({ total }) => total >= 2);
    expect(stats).toMatchObject({ total: 2, completed: 0, inProgress: 2 });
    const { events } = await ledgerOf(project).fetchHistory();
    expect(events?.filter((event) => event.workflowTaskFailedEventAttributes)).toEqual([]);
  });

  const now = () => new Date().toISOString();
  const proven = (project: string) => Promise.all(forged.map((report) => api.stack.deps.proofs.prove(project, report)));
});
