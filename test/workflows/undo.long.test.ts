/**
 * Tests that the branch and the release are restored after a rollback, a failed smoke test or a cancellation.
 */
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { cardOf } from '../../src/domain/build/card';
import { branchNameOf, lineNameOf, workflowIdOf } from '../../src/domain/ids';
import type { BuildMemo } from '../../src/workflows/messages';
import { projectWorkflowId, statsQuery } from '../../src/workflows/messages';
import { until } from '../fixture';
import { HANG, TEST_COMMAND } from './fake-models';
import type { Answer, Answers } from './fake-models';
import { advanceOf, openStage } from './stage';
import type { Run, Stage } from './stage';
import { verifies } from '../requirements/verifies';

/** A smoke test that outlasts every test here: it ends by being cancelled. */
const SLOW_SMOKE = { smoke: { command: ['sleep', '600'] } };

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.stop());

function project() {
  const projectId = `p-${randomUUID().slice(0, 8)}`;
  const folder = join(stage.stack.config.dataDir, 'releases', projectId);
  return {
    projectId,
    begin: (release?: object, answers = {}) =>
      stage.begin({
        start: { projectId },
        answers,
        ...(release === undefined ? {} : { request: requestWith(release) }),
      }),
    current: () => readlinkSync(join(folder, 'current')),
    page: () => readFileSync(join(folder, 'current', 'index.html'), 'utf8'),
    git: (...args: string[]) => {
      const gitDir = join(stage.stack.config.dataDir, 'repositories', `${projectId}.git`);
      return execFileSync('git', [`--git-dir=${gitDir}`, ...args], { encoding: 'utf8' }).trim();
    },
    stats: () => stage.stack.client.workflow.getHandle(projectWorkflowId(projectId)).query(statsQuery),
  };
}

function requestWith(release: object) {
  return { commands: { test: TEST_COMMAND }, release };
}

/** A project with release 1 live, and a second build whose release 2 is live and in its smoke test. */
async function inTheMiddleOfDeployment(answers: Answers = {}) {
  const shop = project();
  await (await shop.begin()).handle.result();
  const run = await shop.begin(SLOW_SMOKE, answers);
  await until(
    async () => shop.current(),
    (link) => link === 'releases/2',
  );
  return { shop, run };
}

verifies('2.8');
test('a rollback during deployment restores the previous release and the branch, and parks the abandoned work', async () => {
  // The second generation stands still, so that what the rollback left can be looked at.
  const implementation: Answer = (request) => (request.generation === 1 ? {} : HANG(request));
  const { shop, run } = await inTheMiddleOfDeployment({ implementation });
  const before = await run.state();
  const answer = await run.send('rollback', { target_state: 'implementation', reason: 'the wrong colour' });
  expect(answer).toMatchObject({ previousState: 'deployment', newState: 'implementation' });
  await run.reach(() => run.calls().at(-1)?.generation === 2);
  const build = await run.state();
  expect(build).toMatchObject({ generation: 2, release: null, owed: { undoRelease: false, restoreTree: false } });
  expect(build.events.map((event) => event.type)).toContain('release_restored');
  expect(shop.current()).toBe('releases/1');
  expect(shop.git('rev-parse', `refs/heads/${branchNameOf(build)}`)).toBe(before.checkpoints.implementation?.commit);
  expect(build.commit).toBe(before.checkpoints.implementation?.commit);
  const parked = shop.git('for-each-ref', '--format=%(objectname)', `refs/parked/${lineNameOf(build)}`);
  expect(parked.split('\n')).toContain(before.commit);
  await run.send('cancel', { reason: 'seen' });
  await expect(run.handle.result()).rejects.toThrow();
});

verifies('1.10', '6.7');
test('a failed smoke test takes the build to error, restores the previous release, and every view names the live one', async () => {
  const shop = project();
  const page = { http: { path: '/index.html', status: 200, contains: '<h1>generation 1' } };
  const first = await shop.begin({ smoke: page, streak: { times: 3, interval_ms: 20 } });
  const { release } = await first.handle.result();
  expect(release).toMatchObject({ number: 1, smoke: 'GET /index.html answered 200, 3 times in a row' });
  const run = await shop.begin({ smoke: { http: { path: '/nowhere.html', status: 200 } } });
  const build = await run.reach('error');
  const said = 'release 2 failed its smoke test: GET /nowhere.html answered 404, not 200; release 1 is live now';
  expect(build.failure).toMatchObject({ type: 'Release.SmokeFailed', phase: 'deployment', message: said });
  expect(build.handoffs.at(-1)?.notes).toBe(said);
  expect(build.events.findLast(({ type }) => type === 'failed')?.data.message).toBe(said);
  expect(cardOf(build)).toMatchObject({ failure: { message: said }, releaseState: null });
  expect(shop.current()).toBe('releases/1');
  const live = await stage.stack.deps.releaseTarget({ target: 'directory' }).live(shop.projectId);
  expect(live?.release?.id).toBe(release?.id);
});

test('a failed smoke test of the first release leaves nothing live, and the message names that', async () => {
  const shop = project();
  const run = await shop.begin({ smoke: { command: ['false'] } });
  const { failure } = await run.reach('error');
  expect(failure?.message).toMatch(/nothing is live now$/);
  expect(() => shop.current()).toThrow();
});

describe.each(['by command', 'by Temporal'] as const)('a cancel in the middle of deployment, %s,', (way) => {
  let ended: Awaited<ReturnType<typeof inTheMiddleOfDeployment>>;
  beforeAll(async () => {
    ended = await inTheMiddleOfDeployment();
    const { run } = ended;
    if (way === 'by command') await run.send('cancel', { reason: 'no more', actor: 'ada' });
    else await run.handle.cancel();
    await expect(run.handle.result()).rejects.toThrow();
  });

  test('puts the previous release back', () => {
    expect(ended.shop.current()).toBe('releases/1');
  });

  test('ends as cancelled, in Temporal, on the card and in the record', async () => {
    const { run } = ended;
    const described = await run.handle.describe();
    expect(described.status.name).toBe('CANCELLED');
    expect((described.memo as BuildMemo).card.status).toBe('cancelled');
    const build = await run.state();
    const record = await stage.stack.deps.documents.load('records', workflowIdOf(build));
    expect(record).toMatchObject({ cancelled: true, release: null });
    expect(build.events.map(({ type, actor }) => [type, actor])).toEqual(
      expect.arrayContaining([
        ['cancelled', way === 'by command' ? 'ada' : 'temporal'],
        ['release_restored', 'orchestrator'],
      ]),
    );
  });

  test('counts once in the ledger', async () => {
    expect(await ended.shop.stats()).toMatchObject({ total: 2, completed: 1, failed: 1, inProgress: 0 });
  });
});

verifies('6.7');
test('a build that an external role completes during deployment takes its untested release down', async () => {
  const { shop, run } = await inTheMiddleOfDeployment();
  await run.send('advance', advanceOf('deployment'));
  expect(await run.handle.result()).toEqual({ status: 'complete', release: null });
  expect(shop.current()).toBe('releases/1');
  const record = await stage.stack.deps.documents.load('records', workflowIdOf(await run.state()));
  expect(record?.owed).toEqual({ undoRelease: false, restoreTree: false });
  expect(record?.events.map(({ type }) => type)).toContain('release_restored');
});

test.each(['discovery', 'implementation'] as const)(
  'a cancel during %s ends the running call and the build',
  async (phase) => {
    const shop = project();
    const run: Run = await shop.begin(undefined, { [phase]: HANG });
    await run.reach(() => run.calls().some((call) => call.phase === phase));
    await run.send('cancel', { reason: 'no more' });
    await expect(run.handle.result()).rejects.toThrow();
    await until(async () => run.calls().at(-1)?.signal.aborted, Boolean);
    expect((await run.handle.describe()).status.name).toBe('CANCELLED');
  },
);

test('a cancel in error ends the build', async () => {
  const shop = project();
  const run = await shop.begin({ smoke: { command: ['false'] } });
  await run.reach('error');
  await run.handle.cancel();
  await expect(run.handle.result()).rejects.toThrow();
  expect((await run.handle.describe()).status.name).toBe('CANCELLED');
});
