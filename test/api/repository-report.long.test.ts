/**
 * The API reports on a repository before the first paid call, and the request of a waiting build can be amended.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../src/domain/failures';
import { until } from '../until';
import { files, testOf } from '../workflows/fake-models';
import { ROLES } from '../../src/domain/roles';
import { openSurveyed } from './surveyed';
import type { Surveyed } from './surveyed';
import { verifies } from '../requirements/verifies';

const DIGEST = /^sha256:[0-9a-f]{64}$/;

let site: Surveyed;
beforeAll(async () => {
  site = await openSurveyed();
});
afterAll(() => site?.stop());

verifies('9.15');
test('R1, R12: a build whose tests cannot run costs nothing; its commands are amended, and it completes', async () => {
  const path = await site.start(site.unrunnable('amended'));
  const stuck = await site.standing(path, 'error');
  expect(stuck).toMatchObject({
    failure: {
      type: 'Environment.TestsCannotRun',
      phase: 'discovery',
      details: expect.stringMatching(/"no-such-runner".*commands\.test.*Last lines of its log:/s),
    },
    next_expectations: { role: null, task: expect.stringContaining('PATCH request') },
    repository_report: null,
  });
  expect(site.callsOf(path)).toEqual([]);
  const before = stuck.revision as number;
  const amended = await site.api.patch(
    `${path}/request`,
    { commands: { test: ['node', '--test'] }, reason: 'there is no such program' },
    { 'x-actor': 'ada' },
  );
  expect(amended).toMatchObject({
    status: 200,
    body: {
      ...{ amended: ['commands'], reason: 'there is no such program', current_state: 'error', by: 'ada' },
      ...{ request: expect.stringMatching(DIGEST), former_request: expect.stringMatching(DIGEST) },
      revision: before + 1,
    },
  });
  const { events } = (await site.api.get(`${path}/events`)).body;
  const { request, former_request } = amended.body;
  expect(events.at(-1)).toMatchObject({
    type: 'amended',
    actor: 'ada',
    data: { reason: 'there is no such program', changed: 'commands', request, former_request },
  });
  await site.api.post(`${path}/request-retry`, { reason: 'amended' });
  const ended = await site.standing(path, 'complete');
  expect(ended).toMatchObject({
    release: { number: 1 },
    repository_report: { digest: expect.stringMatching(DIGEST), tests: { status: 'green', total: 1, red: [] } },
    retrying: null,
  });
  // The first attempt of each phase: what stood in the way counted for none.
  expect(site.callsOf(path).map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1, 1, 1]);
  const { repository_report } = (await site.api.get(`${path}/history`)).body;
  expect(repository_report).toEqual(ended.repository_report);
  const record = (await site.api.get(`${path}/record`)).body;
  for (const digest of [request, former_request, repository_report.digest])
    expect(record.contents[digest as string]).toBeDefined();
  const file = join(site.root, 'record.json');
  writeFileSync(file, JSON.stringify(record));
  expect(() => execFileSync('npx', ['tsx', 'src/programs/cli/main.ts', 'verify', file])).not.toThrow();
});

describe('R12: PATCH request', () => {
  let path: string;
  beforeAll(async () => {
    path = await site.start(site.unrunnable('patched'));
    await site.standing(path, 'error');
  });

  test.each<[string, object, number, object]>([
    ['no reason', { retries: { per_phase: 1 } }, 400, { field: 'reason' }],
    ['nothing to amend', { reason: 'r' }, 400, { field: '(body)' }],
    ['what was asked for', { reason: 'r', requirements: 'another' }, 400, { field: 'requirements' }],
    ['a field that no request has', { reason: 'r', colour: 1 }, 400, { field: 'colour' }],
    ['a wrong value', { reason: 'r', retries: { per_phase: 99 } }, 400, { field: 'retries.per_phase' }],
    ['a wrong member', { reason: 'r', commands: { tset: ['x'] } }, 400, { field: 'commands.tset' }],
    ['a folder outside', { reason: 'r', workdir: '../x' }, 400, { field: 'workdir' }],
    ['the same again', { reason: 'r', commands: { test: ['no-such-runner'] } }, 409, {}],
    ['another request', { reason: 'r', workdir: 'x', expected_request: `sha256:${'a'.repeat(64)}` }, 409, {}],
    ['a repository outside', { reason: 'r', repository: { path: '/etc' } }, 400, { field: 'repository.path' }],
  ])('refuses %s', async (_what, body, status, more) => {
    const { revision } = await site.statusOf(path);
    expect(await site.api.patch(`${path}/request`, body)).toMatchObject({ status, body: more });
    expect((await site.statusOf(path)).revision).toBe(revision);
  });

  test('another method is 405, and an unknown build 404', async () => {
    const answer = await site.api.post(`${path}/request`);
    expect(answer).toMatchObject({ status: 405 });
    expect(answer.headers.get('allow')).toBe('PATCH');
    const amendment = { reason: 'r', workdir: 'x' };
    expect(await site.api.patch('/api/workflows/nobody.nothing/request', amendment)).toMatchObject({ status: 404 });
  });

  verifies('9.2');
  test('the same Idempotency-Key is one amendment; limits and roles reach the build', async () => {
    const body = { reason: 'by hand', retries: { per_phase: 1 }, roles: { CODE_WRITER: 'external' } };
    const first = await site.api.patch(`${path}/request`, body, { 'idempotency-key': 'k1' });
    const again = await site.api.patch(`${path}/request`, body, { 'idempotency-key': 'k1' });
    expect(first).toMatchObject({ status: 200, body: { amended: ['retries', 'roles'] } });
    expect(again.body.revision).toBe(first.body.revision);
    const state = (await site.api.get(`${path}/record`)).body.entries.at(-1).body;
    expect(state).toMatchObject({ retriesPerPhase: 1, roles: { code_writer: 'external', test_auditor: 'llm' } });
  });

  test('a build at work is amended only once it is paused', async () => {
    const busy = await site.start(
      {},
      { discovery: ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', reject)) },
    );
    const amendment = { reason: 'fewer', retries: { per_phase: 1 } };
    await until(
      () => Promise.resolve(site.callsOf(busy)),
      (made) => made.length > 0,
    );
    const refused = await site.api.patch(`${busy}/request`, amendment);
    expect(refused).toMatchObject({ status: 409, body: { legal: ['pause'] } });
    await site.api.post(`${busy}/pause`);
    expect(await site.api.patch(`${busy}/request`, amendment)).toMatchObject({ status: 200 });
    await site.api.post(`${busy}/cancel`, { reason: 'done' });
  });

  test('once there is work on the repository, it cannot be another one', async () => {
    const failing = { planning: () => Promise.reject(new Failure('Model.Unauthorized', 'the key is wrong')) };
    const begun = await site.start({ repository: { path: site.makeRepository('begun') } }, failing);
    await site.standing(begun, 'error');
    const other = { reason: 'r', repository: { path: site.makeRepository('other') } };
    expect(await site.api.patch(`${begun}/request`, other)).toMatchObject({
      status: 409,
      body: { field: 'repository' },
    });
  });
});

verifies('9.3');
test('R11: a wrong base_ref fails at once and is amended before anything is paid', async () => {
  const path = await site.start({ repository: { path: site.makeRepository('ref'), base_ref: 'mian' } });
  const stuck = await site.standing(path, 'error');
  expect(stuck.failure).toMatchObject({
    type: 'Workspace.RepositoryUnreadable',
    message: expect.stringContaining('mian'),
  });
  expect(site.callsOf(path)).toEqual([]);
  const mended = await site.api.patch(`${path}/request`, { reason: 'misspelt', repository: { base_ref: 'main' } });
  expect(mended).toMatchObject({ status: 200 });
  await site.api.post(`${path}/request-retry`, { reason: 'misspelt' });
  await site.standing(path, 'complete');
});

test('P11: status and record show a failing test with its message, difference and first lines of the stack', async () => {
  const { runners } = site.api.stack.deps;
  const said = {
    file: 'test/page.test.js',
    name: 'it counts',
    message: '1 == 2',
    diff: '- 1\n+ 2',
    stack: 'at test:1',
  };
  // What a runner tells is its own test's matter.
  site.api.stack.deps.runners = {
    ...runners,
    async run(input) {
      const run = await runners.run(input);
      return { ...run, failures: (run.counts?.failed ?? 0) > 0 ? [said] : [] };
    },
  };
  try {
    const wrong = { implementation: () => files(testOf("require('node:assert').equal(1, 2)", 'it counts')) };
    const path = await site.start({ retries: { per_phase: 0 } }, wrong);
    expect((await site.standing(path, 'error')).failing_tests).toEqual([said]);
    const record = (await site.api.get(`${path}/record`)).body;
    const contents = Object.values(record.contents as Record<string, { content: string }>);
    expect(contents.some(({ content }) => content === JSON.stringify([said]))).toBe(true);
  } finally {
    site.api.stack.deps.runners = runners;
  }
});

test('R11: status shows an activity that failed and is tried again', async () => {
  const planning = () => Promise.reject(new Failure('Model.RateLimited', 'the provider wants a pause', 60_000));
  const path = await site.start({}, { planning });
  const { retrying, status } = await until(
    () => site.statusOf(path),
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
  await site.api.post(`${path}/cancel`, { reason: 'seen' });
});

test('R11: with all roles external a wrong base_ref ends in error before the first role is awaited, and the build continues with an amended one', async () => {
  const roles = Object.fromEntries(ROLES.map((role) => [role, 'external']));
  const repository = { path: site.makeRepository('outside'), base_ref: 'mian' };
  const path = await site.start({ repository, commands: { test: ['node', '--test'] }, roles });
  const stuck = await site.standing(path, 'error');
  expect(stuck.failure).toMatchObject({ type: 'Workspace.RepositoryUnreadable' });
  expect(
    await site.api.patch(`${path}/request`, { reason: 'misspelt', repository: { base_ref: 'main' } }),
  ).toMatchObject({
    status: 200,
  });
  expect(await site.api.post(`${path}/request-retry`, { reason: 'mended' })).toMatchObject({ status: 200 });
  const waiting = await site.standing(path, 'waiting');
  expect(waiting).toMatchObject({
    repository_report: { tests: { total: 1 } },
    next_expectations: { role: 'q_assistant' },
  });
  expect(site.callsOf(path)).toEqual([]);
});
