/**
 * Tests the program with no setting but its data folder: all of its processes are killed, and it is started again.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRecord } from '../../src/adapters/temporal/server-record';
import { STATES, ownerOf } from '../../src/domain/states';
import { until } from '../fixture';
import { verifies } from '../requirements/verifies';

const ROOT = join(__dirname, '../..');
const OWN_SETTINGS = /^(TEMPORAL_(?!CLI_PATH)|MODEL|REPOSITORY_ROOTS|DATA_DIR|PORT|LOG_LEVEL)/;

let folder: string;
let program: ChildProcess | undefined;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'q-test-restart-'))));
afterEach(async () => {
  program?.kill('SIGTERM');
  if (program?.exitCode === null) await once(program, 'close');
  await rm(folder, { recursive: true, force: true });
});

verifies('8.10');
test('defect 10: without a database setting, a build keeps its state after every process was killed, and continues', async () => {
  const first = await startProgram();
  await post(`${first}/shop/start`, { build_id: 'b1', user_id: 'ada', requirements: 'Dark mode' });
  for (const state of STATES.slice(0, 4)) await advance(first, state);
  const historyBefore = await get(`${first}/shop.b1/history`);
  await killAll();

  const second = await startProgram();
  expect(await get(`${second}/shop.b1/status`)).toMatchObject({ current_state: 'handoff_to_tester', revision: 4 });
  expect(await get(`${second}/shop.b1/history`)).toEqual(historyBefore);
  expect(await advance(second, 'handoff_to_tester')).toMatchObject({ new_state: 'testing' });
  expect(await get(`${second}/project/shop/stats`)).toMatchObject({ total_workflows: 1, in_progress: 1 });
});

/** Starts the program, and returns the address of its API. */
async function startProgram(): Promise<string> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OWN_SETTINGS.test(name)));
  const programEnv = { ...env, DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'silent' };
  const args = ['--require', require.resolve('tsx/cjs'), join(ROOT, 'src/programs/start.ts')];
  const child = spawn(process.execPath, args, { cwd: folder, env: programEnv });
  program = child;
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ready = await until(
    async () => /^ready (\S+)$/m.exec(output)?.[1] ?? { output, exitCode: child.exitCode },
    (answer) => typeof answer === 'string' || answer.exitCode !== null,
    120_000,
  );
  if (typeof ready !== 'string') throw new Error(`the program did not start: ${ready.output}`);
  return `${ready}/api/workflows`;
}

/** Kills the program and its Temporal server by SIGKILL. */
async function killAll(): Promise<void> {
  const server = (await readRecord(folder))?.server;
  if (server === undefined || program === undefined) throw new Error('the program or its Temporal server does not run');
  const closed = once(program, 'close');
  process.kill(server.pid, 'SIGKILL');
  program.kill('SIGKILL');
  await closed;
}

function advance(api: string, state: (typeof STATES)[number]): Promise<unknown> {
  return post(`${api}/shop.b1/advance`, { role: ownerOf(state), completed_state: state, phase_result: { of: state } });
}

async function get(url: string): Promise<unknown> {
  return (await fetch(url)).json();
}

async function post(url: string, body: object): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).json();
}
