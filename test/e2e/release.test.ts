/**
 * Releases that go wrong, on a real server: what is live is said loudly, and what cannot be put back calls a person.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cardOf } from '../../src/domain/build/view';
import { buildQuery, commandUpdates } from '../../src/workflows/messages';
import { DARK_MODE_SCRIPT, startBuild, startStack, until } from '../fixture';
import type { Stack } from '../fixture';
import { makeProject, overhear } from './a-project';

let stack: Stack;
let repository: string;
let stuck: Handle;
let stuckToo: Handle;
beforeAll(async () => {
  repository = makeProject();
  stack = await startStack({ env: { MODEL: `scripted:${DARK_MODE_SCRIPT}` } });
  // The user of the sandbox must be able to enter the folder in which production lies.
  chmodSync(stack.config.dataDir, 0o755);
  overhear(stack);
  // Begun together: most of a build's time is spent in waiting.
  [stuck, stuckToo] = await Promise.all([begin('stuck', STUCK), begin('stuck-too', STUCK_TOO)]);
}, 60_000);
afterAll(async () => {
  await stack?.stop();
  rmSync(repository, { recursive: true, force: true });
});

const PAGE = { http: { path: '/index.html', status: 200, contains: 'id="theme-toggle"' } };
const BROKEN = { http: { path: '/nosuch.html', status: 200 } };
const NO = ['sh', '-c', 'exit 7'];
const STUCK = {
  target: 'command',
  deploy: [
    'sh',
    '-c',
    'cp index.html "$Q_PRODUCTION/$Q_RELEASE_NUMBER"; echo up $Q_RELEASE_NUMBER >> "$Q_PRODUCTION/log"',
  ],
  rollback: [
    'sh',
    '-c',
    'test -e "$Q_PRODUCTION/repaired" || exit 7; rm "$Q_PRODUCTION/$Q_RELEASE_NUMBER"; echo down $Q_RELEASE_NUMBER >> "$Q_PRODUCTION/log"',
  ],
  smoke: { command: ['sh', '-c', 'test -e "$Q_PRODUCTION/repaired"'] },
};
const STUCK_TOO = { target: 'command', deploy: ['true'], rollback: NO, smoke: { command: NO } };
const begin = (projectId: string, release: object) =>
  startBuild(stack, { request: { repository: { path: repository }, release }, start: { projectId } });
type Handle = Awaited<ReturnType<typeof begin>>;
const inError = (handle: Handle) =>
  until(
    () => handle.query(buildQuery),
    ({ state, owed, failure }) =>
      state === 'error' && (!owed.undoRelease || failure?.type === 'Release.RollbackFailed'),
    50_000,
  );

test('a build whose smoke test fails leaves the previous release live, and says so everywhere', async () => {
  const first = await begin('shop', { smoke: PAGE, streak: { times: 3, interval_ms: 20 } });
  const done = await first.result();
  expect(done.release).toMatchObject({ number: 1, smoke: 'GET /index.html answered 200, 3 times in a row' });
  const second = await begin('shop', { smoke: BROKEN });
  const build = await inError(second);
  const said = 'release 2 failed its smoke test: GET /nosuch.html answered 404, not 200; release 1 is live now';
  expect(build.failure).toMatchObject({ type: 'Release.SmokeFailed', message: said });
  expect(build.handoffs.at(-1)?.notes).toBe(said);
  expect(build.events.findLast(({ type }) => type === 'failed')?.data.message).toBe(said);
  expect(cardOf(build)).toMatchObject({ failure: { message: said }, releaseState: null });
  const live = await stack.deps.releaseTarget({ target: 'directory' }).live('shop');
  expect(live?.release?.id).toBe(done.release?.id);
  await second.terminate();
}, 90_000);

test('where production cannot be put back a person is asked; a retry tries the putting back first', async () => {
  const production = join(stack.config.dataDir, 'releases/stuck/production');
  const handle = stuck;
  const build = await inError(handle);
  expect(build.failure?.type).toBe('Release.RollbackFailed');
  expect(build.failure?.message).toMatch(
    /^release 1, .*is still live and failed its smoke test .*ended with 7; a person is needed$/,
  );
  expect(cardOf(build)).toMatchObject({ status: 'error', releaseState: 'rollback_failed' });
  expect(cardOf(build).expects.task).toContain('A person looks at production');
  expect(build.owed.undoRelease).toBe(true);
  expect(existsSync(join(production, '1'))).toBe(true);

  mkdirSync(production, { recursive: true });
  writeFileSync(join(production, 'repaired'), '');
  await handle.executeUpdate(commandUpdates.retry, { args: [{ reason: 'production is repaired', actor: 'ada' }] });
  const result = await handle.result();
  expect(result).toMatchObject({ status: 'complete', release: { number: 2, target: 'command' } });
  expect(readFileSync(join(production, 'log'), 'utf8')).toBe('up 1\ndown 1\nup 2\n');
  const after = await stack.deps.documents.load('records', handle.workflowId);
  expect(after?.events.find(({ type }) => type === 'release_restored')?.data).toEqual({
    release: 1,
    now: 'nothing is live now',
  });
  expect(after && cardOf(after).releaseState).toBe('live');
}, 90_000);

test('a cancel of such a build ends it, and its record says that production is not as it should be', async () => {
  const handle = stuckToo;
  await inError(handle);
  await handle.executeUpdate(commandUpdates.cancel, { args: [{ reason: 'by hand', actor: 'ada' }] });
  await expect(handle.result()).rejects.toThrow();
  const record = await stack.deps.documents.load('records', handle.workflowId);
  expect(record?.events.map(({ type }) => type)).toContain('rollback_failed');
  expect(record && cardOf(record)).toMatchObject({ status: 'cancelled', releaseState: 'rollback_failed' });
}, 90_000);
