/**
 * Controls builds by the real `temporal` command line: every command as a signal and as an update, queries and cancel.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findBinary } from '../../src/adapters/temporal/binary';
import { COMMAND_NAMES } from '../../src/domain/commands';
import type { CommandName } from '../../src/domain/commands';
import { STATES } from '../../src/domain/states';
import type { BuildState } from '../../src/domain/build/state';
import { HANG, files, testOf } from './fake-models';
import { advanceOf, openStage } from './stage';
import type { Run, Stage } from './stage';
import { makeTestedPage } from './tested-page';

let stage: Stage;
let binary: string;
beforeAll(async () => {
  stage = await openStage();
  ({ path: binary } = await findBinary({ cliPath: process.env.TEMPORAL_CLI_PATH || undefined }));
});
afterAll(() => stage?.stop());

async function temporal({ handle }: Run, ...args: string[]): Promise<string> {
  const target = ['--address', stage.stack.config.temporal.address ?? '', '--workflow-id', handle.workflowId];
  const { stdout } = await promisify(execFile)(binary, ['workflow', ...args, ...target]);
  return stdout;
}

/** A build in which the command makes sense, and what it must come to. */
interface Case {
  wire: object | ((build: BuildState) => object);
  after: object;
  prepare?(run: Run): Promise<unknown>;
}
const CASES: Record<CommandName, Case> = {
  advance: { wire: advanceOf('discovery'), after: { state: 'planning' } },
  retry: { wire: { reason: 'again' }, after: { state: 'planning' }, prepare: (run) => walk(run, 3) },
  rollback: {
    wire: { target_state: 'discovery', reason: 'back' },
    after: { state: 'discovery', generation: 2 },
    prepare: (run) => walk(run, 3),
  },
  cancel: { wire: { reason: 'no more' }, after: { cancelled: true } },
  pause: { wire: { reason: 'lunch' }, after: { paused: true } },
  resume: {
    wire: { reason: 'back' },
    after: { paused: false },
    prepare: (run) => run.send('pause', { reason: 'lunch' }),
  },
  approve: {
    wire: ({ findings = [] }) => ({ gate: 'tampering', digest: findings[0]?.digest, reason: 'seen' }),
    after: { approvals: [expect.objectContaining({ gate: 'tampering' })], findings: [] },
    prepare: (run) => run.reach('error'),
  },
  reject: {
    wire: ({ findings = [] }) => ({ gate: 'tampering', digest: findings[0]?.digest, reason: 'keep the test' }),
    after: {
      state: 'implementation',
      feedback: expect.arrayContaining([expect.stringContaining('keep the test')]),
      findings: [],
    },
    prepare: (run) => run.reach('error'),
  },
  amend: {
    wire: ({ request }) => ({
      ...{ request: `sha256:${'a'.repeat(64)}`, expected_request: request, changed: ['retries', 'roles'] },
      ...{ retries_per_phase: 7, roles: { code_writer: 'llm' }, reason: 'more tries' },
    }),
    after: {
      ...{ request: `sha256:${'a'.repeat(64)}`, retriesPerPhase: 7, survey: null, state: 'discovery' },
      roles: expect.objectContaining({ code_writer: 'llm', q_assistant: 'external' }),
    },
  },
  edit_plan: {
    wire: ({ approvalGate }) => ({
      ...{ plan: `sha256:${'e'.repeat(64)}`, bytes: 2, expected_digest: approvalGate?.digest, reason: 'smaller' },
    }),
    after: { outputs: expect.objectContaining({ planning: expect.objectContaining({ source: 'person' }) }) },
    prepare: waitAtGate,
  },
  delegate: {
    wire: { gate: 'plan_approval', to: 'bob' },
    after: { delegations: [expect.objectContaining({ kind: 'plan', from: 'anonymous', to: 'bob' })] },
    prepare: waitAtGate,
  },
  note: { wire: { text: 'mind the gap' }, after: { notes: [expect.objectContaining({ text: 'mind the gap' })] } },
  budget: {
    wire: { usd: 25, wall_clock: '8d', reason: 'a large change' },
    after: { budget: { microUsd: 25_000_000, wallClockS: 691_200 } },
  },
  answer: {
    wire: { answers: { Q1: 'yes' } },
    after: { questions: [], answers: { Q1: 'yes' } },
    prepare: (run) => run.reach((build) => build.questions.length > 0),
  },
};

async function waitAtGate(run: Run): Promise<void> {
  await walk(run, 2);
  await run.reach(({ approvalGate }) => approvalGate !== undefined);
}

async function walk(run: Run, steps: number): Promise<void> {
  for (const state of STATES.slice(0, steps)) await run.send('advance', advanceOf(state));
}

function begin(name: CommandName, way: string): Promise<Run> {
  if (name === 'approve' || name === 'reject') return beginTampering(`${way}-${name}`);
  const gates = { plan: { approval: 'required' as const, approvers: ['anonymous'] } };
  if (name === 'edit_plan' || name === 'delegate') return stage.begin({ roles: 'external', start: { gates } });
  const budget = { microUsd: 10_000_000, wallClockS: 604_800 };
  if (name !== 'answer') return stage.begin({ roles: 'external', start: { budget } });
  const asks = { open_questions: [{ id: 'Q1', text: 'Which?', blocking: true }] };
  return stage.begin({ answers: { discovery: (request) => (request.attempt === 1 ? asks : HANG(request)) } });
}

/** The Code Writer changes a test that was there, and waits where it is asked again. */
function beginTampering(name: string): Promise<Run> {
  const changed = testOf("require('node:assert').match(page, /hello/)", 'it greets');
  return stage.begin({
    answers: { implementation: (request) => (request.attempt === 1 ? files(changed, 'hello') : HANG(request)) },
    request: { repository: { path: makeTestedPage(stage, name) } },
    start: { projectId: `tampered-${name}`, retriesPerPhase: 0 },
  });
}

const WAYS = [
  ['signal', ['signal']],
  ['update', ['update', 'execute']],
] as const;
test.each(WAYS.flatMap(([way, verb]) => COMMAND_NAMES.map((name) => [way, name, verb] as const)))(
  '`temporal workflow %s` carries out %s',
  async (way, name, verb) => {
    const run = await begin(name, way);
    await CASES[name].prepare?.(run);
    const before = await run.state();
    const given = CASES[name].wire;
    const wire = typeof given === 'function' ? (given as (build: BuildState) => object)(before) : given;
    const said = await temporal(run, ...verb, '--name', name, '--input', JSON.stringify(wire));
    if (way === 'update') expect(said).toContain('revision');
    const build = await run.reach(({ revision }) => revision > before.revision);
    expect(build).toMatchObject({ ...CASES[name].after, refused: 0 });
  },
);

test('`temporal workflow update execute` of a command that is refused says why', async () => {
  const run = await stage.begin({ roles: 'external' });
  const wire = JSON.stringify(advanceOf('deployment'));
  const sent = temporal(run, 'update', 'execute', '--name', 'advance', '--input', wire);
  await expect(sent).rejects.toThrow(/but the build is in "discovery"/);
});

test('`temporal workflow query --name status` shows the card', async () => {
  const run = await stage.begin({ roles: 'external' });
  const said = JSON.parse(await temporal(run, 'query', '--name', 'status', '--output', 'json'));
  expect(JSON.stringify(said)).toContain('"waiting"');
  expect(JSON.stringify(said)).toContain('q_assistant is external');
});

test('`temporal workflow cancel` ends the build as cancelled', async () => {
  const run = await stage.begin({ roles: 'external' });
  await run.state();
  await temporal(run, 'cancel');
  await expect(run.handle.result()).rejects.toThrow();
  expect((await run.handle.describe()).status.name).toBe('CANCELLED');
  expect((await run.state()).events.at(-1)).toMatchObject({ type: 'cancelled', actor: 'temporal' });
});
