/**
 * Two data folders on one Temporal server: only programs with a build's data folder take its work.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectClient } from '../../src/adapters/temporal/connect';
import { installationWorkflowId } from '../../src/workflows/messages';
import { beginProgram, sharedServerEnv } from './a-program';
import type { Program } from './a-program';

let folder: string;
let programs: Program[];
let env: Record<string, string>;
let first: Program;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'q-test-installations-'));
  programs = [];
  env = sharedServerEnv();
  first = begin('worker', env);
  await first.waitFor(/^ready worker/m);
});
afterAll(async () => {
  for (const { child, exitCode } of programs) {
    child.kill('SIGINT');
    await exitCode;
  }
  rmSync(folder, { recursive: true, force: true });
});

function begin(name: string, settings: Record<string, string>): Program {
  const program = beginProgram({ name, folder, env: settings });
  programs.push(program);
  return program;
}

// Two cases: `api` only reads which data folder owns the task queue; `start` has a worker and tries to claim the queue.
// See also two-programs.programs.test.ts.
test.each(['api', 'start'])(
  'O3: with another DATA_DIR %s prints at once that it does not see the data, and takes no work',
  async (name) => {
    const other = begin(name, { ...env, DATA_DIR: join(folder, 'other') });
    expect(await other.exitCode).toBe(1);
    const last = other.output().trim().split('\n').at(-1);
    expect(last).toMatch(/^this program does not see the data of the builds on task queue test-/);
    expect(last).toContain(
      `in ${join(folder, 'data')}, and DATA_DIR="${join(folder, 'other')}" is another installation`,
    );
    expect(other.output()).not.toMatch(/^ready|\n +at /m);
  },
  120_000,
);

test('O3: if the data is lost, the command that the refusal names frees the task queue for another installation', async () => {
  const { TEMPORAL_ADDRESS: address = '', TEMPORAL_TASK_QUEUE: taskQueue = '' } = env;
  first.child.kill('SIGINT');
  await first.exitCode;
  const { client, connection } = connectClient({ address, namespace: 'default', connection: {} });
  await client.workflow.getHandle(installationWorkflowId(taskQueue)).terminate();
  await connection.close();
  await begin('worker', { ...env, DATA_DIR: join(folder, 'other') }).waitFor(/^ready worker/m);
}, 300_000);
