/**
 * Tests that a worker which is killed during a paid call loses no money: the worker is the real program in a process of its own.
 */
import { randomUUID } from 'node:crypto';
import type { BuildState } from '../../src/domain/build/state';
import { spentBy } from '../../src/domain/build/spend';
import { ROLES } from '../../src/domain/roles';
import { buildQuery, commandUpdates } from '../../src/workflows/messages';
import { beginProgram } from '../e2e/a-program';
import type { Program } from '../e2e/a-program';
import { startBuild, startStack, until } from '../fixture';
import type { Stack } from '../fixture';
import { chargingServer } from './charging-server';
import type { Behaviour, ChargingServer, ChatBody } from './charging-server';

const PRICE = { input: 15, output: 75, cachedInput: 15, cacheWrite: 15 };
const SPECIFICATION = {
  ...{ summary: 'A page.', requirements: [{ id: 'R1', text: 'It greets.' }], constraints: [], assumptions: [] },
  ...{ risks: [], open_questions: [], success_criteria: ['A greeting is seen.'] },
};
const PLAN = {
  ...{ summary: 'One page.', components: [{ name: 'Page', purpose: 'Greets.', files: ['index.html'] }] },
  steps: [{ text: 'Write it.', requirement_ids: ['R1'] }],
  success_criteria: [
    { id: 'C1', requirement_ids: ['R1'], text: 'It greets.', kind: 'new', tested_by: 'test/p.test.js' },
  ],
  ...{ testing_strategy: 'A test.', security_considerations: [], performance_considerations: [], timeline: 'Now.' },
};

let server: ChargingServer;
let stack: Stack;
let worker: Program | undefined;
let behaviour: Behaviour = 'good';
let env: Record<string, string>;
beforeAll(async () => {
  const isPlanning = (body: ChatBody) => JSON.stringify(body.tools ?? []).includes('testing_strategy');
  server = await chargingServer(
    PRICE,
    () => behaviour,
    (body) => (isPlanning(body) ? PLAN : SPECIFICATION),
  );
  env = { MODEL: 'compatible:mock', COMPATIBLE_BASE_URL: `${server.origin}/v1`, MODEL_MAX_OUTPUT_TOKENS: '1000' };
  stack = await startStack({ worker: false, env });
});
afterAll(async () => {
  worker?.child.kill('SIGKILL');
  await worker?.exitCode;
  await server?.close();
  await stack?.stop();
});

async function startWorker(): Promise<Program> {
  const { temporal, dataDir } = stack.config;
  const settings = {
    TEMPORAL_ADDRESS: process.env.TEST_TEMPORAL_ADDRESS,
    TEMPORAL_TASK_QUEUE: temporal.taskQueue,
    DATA_DIR: dataDir,
  };
  const program = beginProgram({ name: 'worker', folder: dataDir, env: { ...env, ...settings, EXPERIMENT_RUNS: '0' } });
  await program.waitFor(/^ready worker/m);
  return program;
}

test('calls of killed workers count with all that was reserved, and the build stops at its cap until it is raised', async () => {
  const modes = ROLES.map((role) => [role, role === 'q_assistant' ? 'llm' : 'external']);
  // The requests of this build have some 10 kB, so each is reserved with some 0.3 USD: the cap has room for two of them.
  const budget = { microUsd: 800_000, tokens: 10_000_000, calls: 100, wallClockS: 86_400 };
  const handle = await startBuild(stack, {
    // A project of its own: other tests of this server may have left a ledger whose worker has ended.
    start: {
      projectId: `killed-${randomUUID()}`,
      buildId: randomUUID(),
      budget,
      roles: Object.fromEntries(modes) as BuildState['roles'],
    },
  });
  const state = () => handle.query(buildQuery);
  behaviour = 'hang';
  for (let kills = 1; kills <= 2; kills += 1) {
    worker = await startWorker();
    await until(
      async () => server.books().calls,
      (calls) => calls === kills,
    );
    worker.child.kill('SIGKILL');
    await worker.exitCode;
  }
  behaviour = 'good';
  worker = await startWorker();
  const raised: number[] = [];
  for (;;) {
    const build = await until(
      state,
      ({ budgetGate, turn, state: at }) => budgetGate?.turn === turn || at === 'implementation',
    );
    expect(server.books().microUsd).toBeLessThanOrEqual(build.budget?.microUsd ?? 0);
    if (build.state === 'implementation') break;
    const { spent = 0, needed = 0 } = build.budgetGate ?? {};
    raised.push((spent + needed) / 1_000_000);
    const wire = { usd: raised.at(-1), reason: 'workers were killed' };
    await handle.executeUpdate(commandUpdates.budget, { args: [wire] });
  }
  const build = await state();
  expect(raised.length).toBeGreaterThanOrEqual(1);
  expect(build.spend).toMatchObject([
    { phase: 'discovery', calls: 3, unknownCalls: 2 },
    { phase: 'planning', calls: 1, unknownCalls: 0 },
  ]);
  expect(spentBy(build).microUsd).toBeGreaterThanOrEqual(server.books().microUsd);
  expect(server.books().calls).toBe(4);
  await handle.executeUpdate(commandUpdates.cancel, { args: [{ reason: 'enough' }] });
  await handle.result().catch(() => undefined);
  await until(
    () => stack.deps.documents.list('reservations', `${handle.workflowId}.`),
    (left) => left.length === 0,
  );
}, 240_000);
