/** Tests workflows that were terminated, cancelled, reset or deleted in Temporal: status, list and stats agree and are right. */
import { listOpenWork } from '../../src/adapters/temporal/open-builds';
import { buildQuery, lookSignal, projectWorkflowId, reportSignal, statsQuery } from '../../src/workflows/messages';
import type { BuildReport, ProjectStats } from '../../src/domain/project';
import { until } from '../until';
import { serveApi } from './served';
import { countsInViews, deleteWorkflow, resetWorkflow } from './violence';
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
const STATES = ['discovery', 'planning', 'handoff_to_coder', 'implementation', 'handoff_to_tester', 'testing'];
const OWNERS = ['q_assistant', 'q_assistant', 'q_assistant', 'code_writer', 'code_writer', 'test_auditor'];
async function advance(id: string, state: string, members: object = {}): Promise<Body> {
  const role = OWNERS[STATES.indexOf(state)];
  const body = { role, completed_state: state, phase_result: { done: state }, ...members };
  return (await api.post(`/api/workflows/${id}/advance`, body)).body;
}

/** Waits until the ledger's stats are as expected, and returns them. */
const waitForStats = (project: string, isExpected: (stats: ProjectStats) => boolean) =>
  until(
    () =>
      ledgerOf(project)
        .query(statsQuery)
        .catch(() => null),
    (stats) => stats !== null && isExpected(stats),
  );
const signalLook = (project: string) => ledgerOf(project).signal(lookSignal);
const hasSameJson = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
const waitForAgreement = async (project: string, expected: object) =>
  until(
    () => countsInViews(api, project),
    (all) => [all.listCounts, all.statusCounts, all.statsCounts].every((one) => hasSameJson(one, expected)),
    60_000,
    200,
  );

test('S6: after continue-as-new under a flood of signals, status and list show the build where it is', async () => {
  const project = api.newProject();
  const id = await begin(project, 'flooded');
  for (const state of STATES.slice(0, 3)) await advance(id, state);
  const firstRunId = (await handleOf(id).describe()).runId;
  const longReason = 'x'.repeat(1_000_000);
  const seenStates = new Set<string>();
  const watch = setInterval(() => {
    void api.get(`/api/workflows/${id}/status`).then(({ body }) => seenStates.add(String(body.current_state)));
    void api
      .get(`/api/workflows?project_id=${project}`)
      .then(({ body }) => (body.workflows as Body[]).forEach((row) => seenStates.add(String(row.current_state))));
  }, 20);
  for (let n = 0; n < 8; n += 1) await handleOf(id).signal('cancel', { reason: longReason });
  await until(
    () => handleOf(id).describe(),
    ({ runId }) => runId !== firstRunId,
  );
  await until(
    () => api.get(`/api/workflows/${id}/status`),
    ({ body }) => body.refused?.count === 8,
  );
  clearInterval(watch);
  expect([...seenStates]).toEqual(['implementation']);
  const row = (await api.get(`/api/workflows?project_id=${project}&status=waiting`)).body.workflows;
  expect(row).toMatchObject([{ workflow_id: id, current_state: 'implementation', status: 'waiting' }]);
  await waitForAgreement(project, { total: 1, failed: 0, open: 1 });
  const openWork = await listOpenWork(client(), api.stack.config.temporal.taskQueue);
  const { createdAt } = await handleOf(id).query(buildQuery);
  // Reclaim keeps artifacts that are younger than this time, so it is the start of the build, before continue-as-new.
  expect(openWork.find((one) => one.workflowId === id)?.startedAt).toBe(Date.parse(createdAt));
  expect((await handleOf(id).describe()).startTime.getTime()).toBeGreaterThan(Date.parse(createdAt));
});

test('S17: the record of a build that was terminated has no secret that a signal brought past the API', async () => {
  const project = api.newProject();
  const id = await begin(project, 'told');
  const secret = ['ghp', 'x8Kq2Lw9Zt4Vb7Nc1Md5Fg3Hj6Rp0Sy4Ua2E'].join('_');
  await handleOf(id).signal('pause', { reason: `the token is ${secret}`, actor: 'ada' });
  expect(await handleOf(id).query(buildQuery)).toMatchObject({ paused: true });
  await handleOf(id).terminate();
  await signalLook(project);
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
  await waitForStats(project, ({ total }) => total === 2);
  await handleOf(id).terminate('by an operator');
  await signalLook(project);
  await waitForAgreement(project, { total: 2, failed: 1, open: 1 });
  const record = await api.stack.deps.documents.load('records', id);
  expect(record).toMatchObject({ cancelled: true, state: 'planning' });
  expect(record?.events.at(-1)).toMatchObject({ type: 'cancelled', actor: 'temporal' });
});

test('S11: a build that was reset is one row and counts once, in the state of the reset', async () => {
  const project = api.newProject();
  const id = await begin(project, 'reset');
  await advance(id, 'discovery');
  for (const _ of ['twice', 'thrice']) {
    await resetWorkflow(client(), id);
    await until(
      () => api.get(`/api/workflows/${id}/status`),
      ({ body }) => body.current_state !== undefined,
    );
  }
  await signalLook(project);
  const { ids } = await waitForAgreement(project, { total: 1, failed: 0, open: 1 });
  expect(ids).toEqual([id]);
});

test('S11: a terminated build that is reset is open again everywhere, and can be carried on', async () => {
  const project = api.newProject();
  const id = await begin(project, 'back');
  await advance(id, 'discovery');
  await handleOf(id).terminate();
  await signalLook(project);
  await waitForAgreement(project, { total: 1, failed: 1, open: 0 });
  await resetWorkflow(client(), id);
  await signalLook(project);
  await waitForAgreement(project, { total: 1, failed: 0, open: 1 });
  expect((await api.get(`/api/workflows/${id}/events`)).body.events.at(-1)).not.toMatchObject({ type: 'cancelled' });
  expect((await api.post(`/api/workflows/${id}/cancel`, { reason: 'enough' })).status).toBe(200);
  await waitForAgreement(project, { total: 1, failed: 1, open: 0 });
});

test('S11: a build that was deleted while it was open counts nowhere; one that had ended keeps its record and its count', async () => {
  const project = api.newProject();
  const [deletedId, endedId] = [await begin(project, 'gone'), await begin(project, 'ended')];
  await begin(project, 'stays');
  await api.post(`/api/workflows/${endedId}/cancel`, { reason: 'no' });
  await handleOf(endedId)
    .result()
    .catch(() => undefined);
  await waitForStats(project, ({ total, failed }) => total === 3 && failed === 1);
  for (const id of [deletedId, endedId]) await deleteWorkflow(client(), id);
  await until(
    () => api.get(`/api/workflows?project_id=${project}`),
    ({ body }) => body.workflows.length === 1,
  );
  await signalLook(project);
  const stats = await until(
    async () => (await api.get(`/api/workflows/project/${project}/stats`)).body,
    ({ total_workflows }) => total_workflows === 2,
  );
  expect(stats).toMatchObject({ total_workflows: 2, failed: 1, in_progress: 1 });
  expect((await api.get(`/api/workflows/${deletedId}/status`)).status).toBe(404);
  expect((await api.get(`/api/workflows/${endedId}/status`)).body).toMatchObject({ status: 'cancelled' });
});

test.each(['terminated', 'deleted', 'reset'])(
  'S11: a ledger that was %s counts what it counted before',
  async (how) => {
    const project = api.newProject();
    await begin(project, 'open');
    const failedId = await begin(project, 'failed');
    await advance(failedId, 'discovery', { next_state: 'error' });
    const endedId = await begin(project, 'ended');
    await api.post(`/api/workflows/${endedId}/cancel`, { reason: 'no' });
    await handleOf(endedId)
      .result()
      .catch(() => undefined);
    const statsBefore = await until(
      async () => (await api.get(`/api/workflows/project/${project}/stats`)).body,
      (body) => body.total_workflows === 3 && body.failed === 2,
    );
    if (how === 'terminated') await ledgerOf(project).terminate();
    if (how === 'deleted') await deleteWorkflow(client(), projectWorkflowId(project));
    if (how === 'reset') await resetWorkflow(client(), projectWorkflowId(project));
    if (how === 'reset') await signalLook(project);
    expect(
      await until(
        async () => (await api.get(`/api/workflows/project/${project}/stats`)).body,
        (body) => hasSameJson(body, statsBefore),
      ),
    ).toEqual(statsBefore);
    await begin(project, 'later');
    await waitForAgreement(project, { total: 4, failed: 2, open: 2 });
  },
);

test('S11: at its next look the ledger finds a build that was never reported', async () => {
  const project = api.newProject();
  await begin(project, 'known');
  await waitForStats(project, ({ total }) => total === 1);
  const reportSpy = jest.spyOn(api.stack.deps.ledger, 'report').mockResolvedValue();
  await begin(project, 'unheard');
  await until(
    async () => reportSpy.mock.calls.length,
    (calls) => calls > 0,
  );
  reportSpy.mockRestore();
  await signalLook(project);
  await waitForAgreement(project, { total: 2, failed: 0, open: 2 });
});

describe('S18: reports from a sender of signals who does not have the data folder', () => {
  const forgedReports: BuildReport[] = [
    { buildId: 'never', sequence: 1, kind: 'completed', durationMs: 1, handoffs: 1 },
    { buildId: 'real', sequence: 99, kind: 'completed', durationMs: 1, handoffs: 1 },
  ];

  test.each<[string, (project: string) => Promise<unknown[]>]>([
    ['without a proof', async () => forgedReports],
    ['with an invented proof', async () => forgedReports.map((one) => ({ ...one, sentAt: now(), proof: 'AAAA' }))],
    ['with a proof of another project', (project) => proveReports(`${project}-x`)],
    [
      'with the proof of another report',
      async (project) => (await proveReports(project)).map((one) => ({ ...one, sequence: 1_000 })),
    ],
    [
      'of odd shapes',
      async () => [{ ...forgedReports[0], proof: {} }, { ...forgedReports[0], proof: 'x'.repeat(500_000) }, null, []],
    ],
  ])('%s are ignored', async (_how, make) => {
    const project = api.newProject();
    await begin(project, 'real');
    await waitForStats(project, ({ total }) => total === 1);
    await ledgerOf(project).signal(reportSignal, (await make(project)) as BuildReport[]);
    await begin(project, 'marker');
    const stats = await waitForStats(project, ({ total }) => total >= 2);
    expect(stats).toMatchObject({ total: 2, completed: 0, inProgress: 2 });
    const { events } = await ledgerOf(project).fetchHistory();
    expect(events?.filter((event) => event.workflowTaskFailedEventAttributes)).toEqual([]);
  });

  const now = () => new Date().toISOString();
  const proveReports = (project: string) =>
    Promise.all(forgedReports.map((report) => api.stack.deps.proofs.prove(project, report)));
});
