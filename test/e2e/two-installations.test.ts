/**
 * Two data folders on one Temporal: only programs that see a build's data take its work.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectClient } from '../../src/adapters/temporal/connect';
import { installationWorkflowId } from '../../src/workflows/messages';
import { beginProgram, onSharedServer } from './a-program';
import type { Program } from './a-program';

let folder: string;
let programs: Program[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'q-test-installations-'));
  programs = [];
});
afterEach(async () => {
  for (const { child, exitCode } of programs) {
    child.kill('SIGINT');
    await exitCode;
  }
  rmSync(folder, { recursive: true, force: true });
});

function begin(name: string, env: Record<string, string>): Program {
  const program = beginProgram({ name, folder, env });
  programs.push(program);
  return program;
}

test('O3: a worker, an API or both with another DATA_DIR say at start that they do not see the data, and take no work', async () => {
  const env = onSharedServer();
  const dataDir = join(folder, 'data');
  await begin('worker', env).seen(/^ready worker/m);
  for (const name of ['worker', 'api', 'start']) {
    const other = begin(name, { ...env, DATA_DIR: join(folder, 'other') });
    expect(await other.exitCode).toBe(1);
    const last = other.said().trim().split('\n').at(-1);
    expect(last).toMatch(/^this program does not see the data of the builds on task queue test-/);
    expect(last).toContain(`in ${dataDir}, and DATA_DIR="${join(folder, 'other')}" is another installation`);
    expect(other.said()).not.toMatch(/^ready|\n +at /m);
  }
  // What works: the same folder, or a task queue of one's own.
  await begin('worker', env).seen(/^ready worker/m);
  const own = { DATA_DIR: join(folder, 'other'), TEMPORAL_TASK_QUEUE: `${env.TEMPORAL_TASK_QUEUE}-other` };
  await begin('worker', { ...env, ...own }).seen(/^ready worker/m);
}, 300_000);

test('O3: where the data is gone for good, the command that the refusal names gives the task queue to the next', async () => {
  const env = onSharedServer();
  const { TEMPORAL_ADDRESS: address = '', TEMPORAL_TASK_QUEUE: taskQueue = '' } = env;
  const first = begin('worker', env);
  await first.seen(/^ready worker/m);
  first.child.kill('SIGINT');
  await first.exitCode;
  const { client, connection } = connectClient({ address, namespace: 'default', connection: {} });
  await client.workflow.getHandle(installationWorkflowId(taskQueue)).terminate();
  await connection.close();
  await begin('worker', { ...env, DATA_DIR: join(folder, 'other') }).seen(/^ready worker/m);
}, 300_000);
