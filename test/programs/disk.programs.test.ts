/**
 * `qo disk` and `qo reclaim` as an operator calls them, while a worker has an open build; and a worker's reclaim schedule.
 */
import { execFile } from 'node:child_process';
import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { lastReclaimAt } from '../../src/adapters/reclaim/run';
import { readConfig } from '../../src/programs/config';
import { dataFolders } from '../../src/programs/data-folders';
import { scheduleReclaim } from '../../src/programs/reclaim-schedule';
import { startBuild, startStack, until } from '../fixture';
import type { Stack } from '../fixture';

const QO = join(__dirname, '../../bin/qo.js');
const LONG_AGO = 1_000;
let stack: Stack;
beforeEach(async () => (stack = await startStack()));
afterEach(() => stack.stop());

async function qo(
  args: string[],
  extraEnv: Record<string, string> = {},
): Promise<{ code: number; out: string; err: string }> {
  const { config } = stack;
  const stackEnv = { DATA_DIR: config.dataDir, TEMPORAL_ADDRESS: config.temporal.address ?? '' };
  const env = { ...process.env, ...stackEnv, TEMPORAL_TASK_QUEUE: config.temporal.taskQueue, ...extraEnv };
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [QO, ...args], { env });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, err: stderr };
  }
}

/** An artifact that was last used long ago. */
async function oldArtifact(text: string): Promise<string> {
  const { digest } = await stack.deps.artifacts.put(text);
  const hex = digest.slice('sha256:'.length);
  utimesSync(join(dataFolders(stack.config.dataDir).artifacts, hex.slice(0, 2), hex), LONG_AGO, LONG_AGO);
  return digest;
}

const isThere = (digest: string): Promise<boolean> =>
  stack.deps.artifacts.get(digest).then(
    () => true,
    () => false,
  );

test('O6: qo disk shows free and reclaimable space, qo reclaim frees it, and an open build loses nothing', async () => {
  const handle = await startBuild(stack);
  const request = (
    await until(
      () => handle.query<{ request: string }>('build'),
      ({ request }) => request !== '',
    )
  ).request;
  const hex = request.slice('sha256:'.length);
  utimesSync(join(dataFolders(stack.config.dataDir).artifacts, hex.slice(0, 2), hex), LONG_AGO, LONG_AGO);
  const unusedArtifact = await oldArtifact('of nobody');

  const disk = await qo(['disk']);
  expect(disk).toMatchObject({ code: 0, err: '' });
  expect(disk.out).toMatch(/^free: [\d.]+ MB of [\d.]+ MB\nartifacts: /);
  expect(disk.out).toMatch(/could be reclaimed:\n {2}artifacts: 1, /);
  const dryRun = JSON.parse((await qo(['reclaim', '--dry-run', '--json'])).out) as Record<string, unknown>;
  expect(dryRun).toMatchObject({ dry_run: true, kinds: { artifacts: { count: 1 } }, notes: [] });
  expect(await isThere(unusedArtifact)).toBe(true);

  const reclaimed = await qo(['reclaim']);
  expect(reclaimed.out).toMatch(/\ngave free 0\.0 MB; free: [\d.]+ MB\n$/);
  expect([await isThere(unusedArtifact), await isThere(request)]).toEqual([false, true]);
  await handle.terminate();
}, 240_000);

test('O6: if Temporal does not answer, qo reclaim removes nothing, and qo disk still says what is free', async () => {
  const unusedArtifact = await oldArtifact('of nobody');
  const unreachable = { TEMPORAL_ADDRESS: '127.0.0.1:1' };
  expect(await qo(['reclaim'], unreachable)).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringMatching(/^cannot reach Temporal/),
  });
  expect((await qo(['disk'], unreachable)).out).toMatch(
    /^free: [\s\S]*what could be reclaimed is not known: cannot reach/,
  );
  expect((await qo(['disk'], { TEMPORAL_ADDRESS: '' })).out).toContain('no Temporal server runs on DATA_DIR');
  expect(await isThere(unusedArtifact)).toBe(true);
}, 120_000);

test('O6: a worker reclaims when its interval is over, in a process without keys of models', async () => {
  const unusedArtifact = await oldArtifact('of nobody');
  const { dataDir, temporal } = stack.config;
  const log: string[] = [];
  const logger = { info: (line: string) => void log.push(line), warn: (line: string) => void log.push(line) };
  const { disk } = readConfig({ RECLAIM_HOURS: '1' });
  const address = temporal.address ?? '';
  const stopSchedule = scheduleReclaim(
    { dataDir, disk, temporal },
    { address, log: logger, checkIntervalMs: 50, nodeArgs: ['--require', require.resolve('tsx/cjs')] },
  );
  await until(
    () => lastReclaimAt(dataDir),
    (at) => at > 0,
    120_000,
  );
  await until(
    async () => log.length,
    (lines) => lines > 0,
  );
  stopSchedule();
  expect(log).toEqual([expect.stringMatching(/^reclaim: gave free .* MB; free: /)]);
  expect(await isThere(unusedArtifact)).toBe(false);
  const { reclaimEnv } = readConfig({
    PATH: '/bin',
    ANTHROPIC_API_KEY: 'secret',
    GIT_CREDENTIALS_FILE: '/x',
    TEMPORAL_API_KEY: 'ours',
  }).disk;
  expect(reclaimEnv).toEqual({ PATH: '/bin', TEMPORAL_API_KEY: 'ours' });
}, 240_000);
