/**
 * Releases that cannot be restored, on a real server: the build waits for a person. test/workflows/undo.long.test.ts has those that
 * can.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cardOf } from '../../src/domain/build/card';
import { openStage } from '../workflows/stage';
import type { Run, Stage } from '../workflows/stage';

let stage: Stage;
let repairedRun: Run;
let cancelledRun: Run;
beforeAll(async () => {
  stage = await openStage();
  // The user of the sandbox must be able to enter the folder that has production.
  chmodSync(stage.stack.config.dataDir, 0o755);
  // Both builds begin at the same time, because most of a build's time is waiting.
  [repairedRun, cancelledRun] = await Promise.all([
    begin('stuck', RELEASE_TO_REPAIR),
    begin('stuck-too', RELEASE_WITHOUT_WAY_BACK),
  ]);
});
afterAll(() => stage?.stop());

const FAILING_COMMAND = ['sh', '-c', 'exit 7'];
const RELEASE_TO_REPAIR = {
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
const RELEASE_WITHOUT_WAY_BACK = {
  target: 'command',
  deploy: ['true'],
  rollback: FAILING_COMMAND,
  smoke: { command: FAILING_COMMAND },
};
const begin = (projectId: string, release: object) => stage.begin({ request: { release }, start: { projectId } });
const reachError = (run: Run) =>
  run.reach(
    ({ state, owed, failure }) =>
      state === 'error' && (!owed.undoRelease || failure?.type === 'Release.RollbackFailed'),
    120_000,
  );

test('if the way back fails, the build waits for a person, and a retry first tries the way back again', async () => {
  const production = join(stage.stack.config.dataDir, 'releases/stuck/production');
  const { handle, send } = repairedRun;
  const build = await reachError(repairedRun);
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
  await send('retry', { reason: 'production is repaired', actor: 'ada' });
  const result = await handle.result();
  expect(result).toMatchObject({ status: 'complete', release: { number: 2, target: 'command' } });
  expect(readFileSync(join(production, 'log'), 'utf8')).toBe('up 1\ndown 1\nup 2\n');
  const record = await stage.stack.deps.documents.load('records', handle.workflowId);
  expect(record?.events.find(({ type }) => type === 'release_restored')?.data).toEqual({
    release: 1,
    now: 'nothing is live now',
  });
  expect(record && cardOf(record).releaseState).toBe('live');
});

test('a cancel of such a build ends it, and its record states that production is in a wrong state', async () => {
  const { handle, send } = cancelledRun;
  await reachError(cancelledRun);
  await send('cancel', { reason: 'by hand', actor: 'ada' });
  await expect(handle.result()).rejects.toThrow();
  const record = await stage.stack.deps.documents.load('records', handle.workflowId);
  expect(record?.events.map(({ type }) => type)).toContain('rollback_failed');
  expect(record && cardOf(record)).toMatchObject({ status: 'cancelled', releaseState: 'rollback_failed' });
});
