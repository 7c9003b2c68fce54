/**
 * Notices through a killed worker, and through replays of histories whose commands came in bursts.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from '@temporalio/worker';
import { PAYLOAD_CONVERTER_PATH } from '../../src/programs/workflow-bundle';
import { noticesWorkflowId } from '../../src/workflows/messages';
import { startReceiver } from '../adapters/notices/receiver';
import type { Received, Receiver } from '../adapters/notices/receiver';
import { serveApi } from '../api/served';
import type { Api } from '../api/served';
import { until } from '../until';
import type { Answers } from './fake-models';
import { advanceOf, openStage } from './stage';

const ROOT = join(__dirname, '../..');

let receiver: Receiver;
let isDown = false;
beforeAll(async () => (receiver = await startReceiver(({ path }) => (path === '/down' && isDown ? 503 : 204))));
afterAll(() => receiver?.stop());

const settings = () => ({ NOTIFY_PRIVATE_HOSTS: `127.0.0.1:${receiver.port}` });
const receivedAt = (path: string, project: string) =>
  receiver.received.filter((one) => one.path === path && one.body.includes(project));
const arrivedAt = (path: string, project: string) => receivedAt(path, project).filter(({ status }) => status < 300);

/** Starts a build, and advances it once: it then has told of two waits. */
async function startBuild(api: Api, project: string): Promise<void> {
  const body = { build_id: 'b1', user_id: 'ada', requirements: 'Dark mode', notify: [`${receiver.url}/down`] };
  expect(await api.post(`/api/workflows/${project}/start`, body)).toMatchObject({ status: 201 });
  // Nobody is told of a wait that is over before its notice is written.
  await until(
    () => Promise.resolve(receivedAt('/down', project)),
    (tries) => tries.length > 0,
  );
  const result = { role: 'q_assistant', completed_state: 'discovery', phase_result: { done: true } };
  expect(await api.post(`/api/workflows/${project}.b1/advance`, result)).toMatchObject({ status: 200 });
}

test('the histories of builds whose commands came in bursts, and of what sent their notices, replay', async () => {
  const stage = await openStage({ env: settings() });
  const receivers = [{ url: `${receiver.url}/hook` }];
  const answers: Answers = { testing: ({ attempt }) => (attempt === 1 ? { tests: [] } : {}) };
  const runs = await Promise.all(
    (['external', 'llm', 'external', 'llm'] as const).map((roles, index) =>
      stage.begin({ roles, answers, start: { projectId: `bursts-${index}`, notify: receivers } }),
    ),
  );
  const reason = { reason: 'because', actor: 'ada' };
  for (const run of runs) {
    for (let burst = 0; burst < 6; burst += 1) {
      const { state } = await run.state();
      const back = { target_state: 'discovery', ...reason };
      const sent = [
        ...[run.send('advance', advanceOf(state)), run.signal('pause', reason), run.send('rollback', back)],
        ...[run.signal('resume', reason), run.send('retry', reason), run.signal('resume', reason)],
      ];
      await Promise.allSettled(sent);
    }
    await run.send('cancel', reason).catch(() => undefined);
    await run.handle.result().catch(() => undefined);
  }
  const ids = runs.flatMap((run, index) => [run.handle.workflowId, noticesWorkflowId(`bursts-${index}`)]);
  const codePath = process.env.TEST_WORKFLOW_BUNDLE ?? '';
  for (const id of ids) {
    const history = await stage.stack.client.workflow.getHandle(id).fetchHistory();
    expect(history.events?.length).toBeGreaterThan(10);
    const dataConverter = { payloadConverterPath: PAYLOAD_CONVERTER_PATH };
    await Worker.runReplayHistory({ workflowBundle: { codePath }, dataConverter }, history, id);
  }
  await stage.stop();
});

describe('with a worker that is killed', () => {
  let api: Api;
  let worker: ChildProcess | undefined;
  beforeAll(async () => (api = await serveApi({ worker: false, env: settings() })));
  afterAll(async () => {
    if (worker !== undefined) await end(worker);
    await api?.stop();
  });

  test('notices that were pending when the worker was killed arrive once each after a restart', async () => {
    const projects = [api.newProject(), api.newProject(), api.newProject()];
    isDown = true;
    worker = await startWorker(api);
    for (const project of projects) {
      await startBuild(api, project);
      await until(
        () => Promise.resolve(receivedAt('/down', project)),
        (tries) => new Set(tries.map(idOf)).size === 2,
      );
    }
    await end(worker);
    isDown = false;
    const whileDead = receiver.received.length;
    worker = await startWorker(api);
    for (const project of projects) {
      await until(
        () => Promise.resolve(arrivedAt('/down', project)),
        (all) => new Set(all.map(idOf)).size === 2,
      );
      await until(
        () => api.get(`/api/projects/${project}/notices`),
        ({ body }) => body.counts.sent === 2,
      );
    }
    expect(whileDead).toBeLessThan(receiver.received.length);
    for (const project of projects) {
      expect(arrivedAt('/down', project)).toHaveLength(2);
      expect(new Set(receivedAt('/down', project).map(idOf)).size).toBe(2);
    }
  });
});

function idOf({ headers }: Received): string {
  return String(headers['webhook-id']);
}

/** Starts a worker as a process of its own, on the data folder and the task queue of the API. */
async function startWorker(api: Api): Promise<ChildProcess> {
  const { dataDir, temporal } = api.stack.config;
  const own = {
    TEMPORAL_ADDRESS: process.env.TEST_TEMPORAL_ADDRESS,
    TEMPORAL_TASK_QUEUE: temporal.taskQueue,
    DATA_DIR: dataDir,
  };
  const args = ['--require', require.resolve('tsx/cjs'), join(ROOT, 'src/programs/worker.ts')];
  const env = { ...process.env, ...settings(), ...own, MODEL: '', LOG_LEVEL: 'error' } as NodeJS.ProcessEnv;
  const child = spawn(process.execPath, args, { cwd: dataDir, env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await until(
    () => Promise.resolve(/^ready/m.test(output) || child.exitCode !== null),
    (isDone) => isDone,
  );
  if (child.exitCode !== null) throw new Error(`the worker did not start: ${output}`);
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'close');
}
