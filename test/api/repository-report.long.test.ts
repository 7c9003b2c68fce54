/**
 * Tests that the API reports on a repository before the first paid call, and that the request of a waiting build can be amended.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../src/domain/failures';
import { until } from '../until';
import { files, testOf } from '../workflows/fake-models';
import { ROLES } from '../../src/domain/roles';
import { openSurveyApi } from './surveyed';
import type { SurveyApi } from './surveyed';
import { verifies } from '../requirements/verifies';

const DIGEST = /^sha256:[0-9a-f]{64}$/;

let survey: SurveyApi;
beforeAll(async () => {
  survey = await openSurveyApi();
});
afterAll(() => survey?.stop());

verifies('9.15');
test('R1, R12: a build whose tests cannot run costs nothing; its commands are amended, and it completes', async () => {
  const path = await survey.start(survey.unrunnableRequest('amended'));
  const errorStatus = await survey.waitForStatus(path, 'error');
  expect(errorStatus).toMatchObject({
    failure: {
      type: 'Environment.TestsCannotRun',
      phase: 'discovery',
      details: expect.stringMatching(/"no-such-runner".*commands\.test.*Last lines of its log:/s),
    },
    next_expectations: { role: null, task: expect.stringContaining('PATCH request') },
    repository_report: null,
  });
  expect(survey.callsOf(path)).toEqual([]);
  const before = errorStatus.revision as number;
  const amendment = await survey.api.patch(
    `${path}/request`,
    { commands: { test: ['node', '--test'] }, reason: 'there is no such program' },
    { 'x-actor': 'ada' },
  );
  expect(amendment).toMatchObject({
    status: 200,
    body: {
      ...{ amended: ['commands'], reason: 'there is no such program', current_state: 'error', by: 'ada' },
      ...{ request: expect.stringMatching(DIGEST), former_request: expect.stringMatching(DIGEST) },
      revision: before + 1,
    },
  });
  const { events } = (await survey.api.get(`${path}/events`)).body;
  const { request, former_request } = amendment.body;
  expect(events.at(-1)).toMatchObject({
    type: 'amended',
    actor: 'ada',
    data: { reason: 'there is no such program', changed: 'commands', request, former_request },
  });
  await survey.api.post(`${path}/request-retry`, { reason: 'amended' });
  const completeStatus = await survey.waitForStatus(path, 'complete');
  expect(completeStatus).toMatchObject({
    release: { number: 1 },
    repository_report: { digest: expect.stringMatching(DIGEST), tests: { status: 'green', total: 1, red: [] } },
    retrying: null,
  });
  // Each phase had one attempt: the failure before the first call does not count as one.
  expect(survey.callsOf(path).map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1, 1, 1]);
  const { repository_report } = (await survey.api.get(`${path}/history`)).body;
  expect(repository_report).toEqual(completeStatus.repository_report);
  const record = (await survey.api.get(`${path}/record`)).body;
  for (const digest of [request, former_request, repository_report.digest])
    expect(record.contents[digest as string]).toBeDefined();
  const file = join(survey.root, 'record.json');
  writeFileSync(file, JSON.stringify(record));
  expect(() => execFileSync('npx', ['tsx', 'src/programs/cli/main.ts', 'verify', file])).not.toThrow();
});

describe('R12: PATCH request', () => {
  let path: string;
  beforeAll(async () => {
    path = await survey.start(survey.unrunnableRequest('patched'));
    await survey.waitForStatus(path, 'error');
  });

  test.each<[string, object, number, object]>([
    ['no reason', { retries: { per_phase: 1 } }, 400, { field: 'reason' }],
    ['nothing to amend', { reason: 'r' }, 400, { field: '(body)' }],
    ['the requirements', { reason: 'r', requirements: 'another' }, 400, { field: 'requirements' }],
    ['a field that no request has', { reason: 'r', colour: 1 }, 400, { field: 'colour' }],
    ['a wrong value', { reason: 'r', retries: { per_phase: 99 } }, 400, { field: 'retries.per_phase' }],
    ['a wrong member', { reason: 'r', commands: { tset: ['x'] } }, 400, { field: 'commands.tset' }],
    ['a folder outside', { reason: 'r', workdir: '../x' }, 400, { field: 'workdir' }],
    ['the same again', { reason: 'r', commands: { test: ['no-such-runner'] } }, 409, {}],
    ['another request', { reason: 'r', workdir: 'x', expected_request: `sha256:${'a'.repeat(64)}` }, 409, {}],
    ['a repository outside', { reason: 'r', repository: { path: '/etc' } }, 400, { field: 'repository.path' }],
  ])('refuses %s', async (_what, body, status, expectedBody) => {
    const { revision } = await survey.statusOf(path);
    expect(await survey.api.patch(`${path}/request`, body)).toMatchObject({ status, body: expectedBody });
    expect((await survey.statusOf(path)).revision).toBe(revision);
  });

  test('another method gets 405, and an unknown build 404', async () => {
    const answer = await survey.api.post(`${path}/request`);
    expect(answer).toMatchObject({ status: 405 });
    expect(answer.headers.get('allow')).toBe('PATCH');
    const amendment = { reason: 'r', workdir: 'x' };
    expect(await survey.api.patch('/api/workflows/nobody.nothing/request', amendment)).toMatchObject({ status: 404 });
  });

  verifies('9.2');
  test('the same Idempotency-Key is one amendment; limits and roles reach the build', async () => {
    const body = { reason: 'by hand', retries: { per_phase: 1 }, roles: { CODE_WRITER: 'external' } };
    const first = await survey.api.patch(`${path}/request`, body, { 'idempotency-key': 'k1' });
    const repeated = await survey.api.patch(`${path}/request`, body, { 'idempotency-key': 'k1' });
    expect(first).toMatchObject({ status: 200, body: { amended: ['retries', 'roles'] } });
    expect(repeated.body.revision).toBe(first.body.revision);
    const state = (await survey.api.get(`${path}/record`)).body.entries.at(-1).body;
    expect(state).toMatchObject({ retriesPerPhase: 1, roles: { code_writer: 'external', test_auditor: 'llm' } });
  });

  test('a working build can be amended only after it is paused', async () => {
    const busyPath = await survey.start(
      {},
      { discovery: ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', reject)) },
    );
    const amendment = { reason: 'fewer', retries: { per_phase: 1 } };
    await until(
      () => Promise.resolve(survey.callsOf(busyPath)),
      (calls) => calls.length > 0,
    );
    const refusal = await survey.api.patch(`${busyPath}/request`, amendment);
    expect(refusal).toMatchObject({ status: 409, body: { legal: ['pause'] } });
    await survey.api.post(`${busyPath}/pause`);
    expect(await survey.api.patch(`${busyPath}/request`, amendment)).toMatchObject({ status: 200 });
    await survey.api.post(`${busyPath}/cancel`, { reason: 'done' });
  });

  test('after work on the repository has begun, an amendment cannot name another repository', async () => {
    const failing = { planning: () => Promise.reject(new Failure('Model.Unauthorized', 'the key is wrong')) };
    const begunPath = await survey.start({ repository: { path: survey.makeRepository('begun') } }, failing);
    await survey.waitForStatus(begunPath, 'error');
    const other = { reason: 'r', repository: { path: survey.makeRepository('other') } };
    expect(await survey.api.patch(`${begunPath}/request`, other)).toMatchObject({
      status: 409,
      body: { field: 'repository' },
    });
  });
});

verifies('9.3');
test('R11: a wrong base_ref fails at once and is amended before anything is paid', async () => {
  const path = await survey.start({ repository: { path: survey.makeRepository('ref'), base_ref: 'mian' } });
  const errorStatus = await survey.waitForStatus(path, 'error');
  expect(errorStatus.failure).toMatchObject({
    type: 'Workspace.RepositoryUnreadable',
    message: expect.stringContaining('mian'),
  });
  expect(survey.callsOf(path)).toEqual([]);
  const amendment = await survey.api.patch(`${path}/request`, { reason: 'misspelt', repository: { base_ref: 'main' } });
  expect(amendment).toMatchObject({ status: 200 });
  await survey.api.post(`${path}/request-retry`, { reason: 'misspelt' });
  await survey.waitForStatus(path, 'complete');
});

test('P11: status and record show a failing test with its message, difference and first lines of the stack', async () => {
  const { runners } = survey.api.stack.deps;
  const failingTest = {
    file: 'test/page.test.js',
    name: 'it counts',
    message: '1 == 2',
    diff: '- 1\n+ 2',
    stack: 'at test:1',
  };
  // Other tests check which failures a runner reports; this one reports a fixed failure.
  survey.api.stack.deps.runners = {
    ...runners,
    async run(input) {
      const run = await runners.run(input);
      return { ...run, failures: (run.counts?.failed ?? 0) > 0 ? [failingTest] : [] };
    },
  };
  try {
    const wrong = { implementation: () => files(testOf("require('node:assert').equal(1, 2)", 'it counts')) };
    const path = await survey.start({ retries: { per_phase: 0 } }, wrong);
    expect((await survey.waitForStatus(path, 'error')).failing_tests).toEqual([failingTest]);
    const record = (await survey.api.get(`${path}/record`)).body;
    const contents = Object.values(record.contents as Record<string, { content: string }>);
    expect(contents.some(({ content }) => content === JSON.stringify([failingTest]))).toBe(true);
  } finally {
    survey.api.stack.deps.runners = runners;
  }
});

test('R11: status shows an activity that failed and is tried again', async () => {
  const planning = () => Promise.reject(new Failure('Model.RateLimited', 'the provider wants a pause', 60_000));
  const path = await survey.start({}, { planning });
  const { retrying, status } = await until(
    () => survey.statusOf(path),
    (body) => body.retrying?.next_try_at != null,
  );
  expect({ retrying, status }).toEqual({
    status: 'in_progress',
    retrying: {
      activity: 'plan',
      attempt: 2,
      last_failure: { type: 'Model.RateLimited', message: 'the provider wants a pause' },
      next_try_at: expect.any(String),
    },
  });
  const waitMs = Date.parse(retrying.next_try_at as string) - Date.now();
  expect(waitMs).toBeGreaterThan(30_000);
  expect(waitMs).toBeLessThan(61_000);
  await survey.api.post(`${path}/cancel`, { reason: 'seen' });
});

test('R11: with all roles external a wrong base_ref ends in error before the first role is awaited, and the build continues with an amended one', async () => {
  const roles = Object.fromEntries(ROLES.map((role) => [role, 'external']));
  const repository = { path: survey.makeRepository('outside'), base_ref: 'mian' };
  const path = await survey.start({ repository, commands: { test: ['node', '--test'] }, roles });
  const errorStatus = await survey.waitForStatus(path, 'error');
  expect(errorStatus.failure).toMatchObject({ type: 'Workspace.RepositoryUnreadable' });
  expect(
    await survey.api.patch(`${path}/request`, { reason: 'misspelt', repository: { base_ref: 'main' } }),
  ).toMatchObject({
    status: 200,
  });
  expect(await survey.api.post(`${path}/request-retry`, { reason: 'mended' })).toMatchObject({ status: 200 });
  const waiting = await survey.waitForStatus(path, 'waiting');
  expect(waiting).toMatchObject({
    repository_report: { tests: { total: 1 } },
    next_expectations: { role: 'q_assistant' },
  });
  expect(survey.callsOf(path)).toEqual([]);
});
