/**
 * Tests that commands over HTTP are read like signals: the same errors, the same messages, and a refused command is neither sent
 * nor stored.
 */
import { COMMANDS } from '../../src/domain/commands';
import type { AnyCommand, CommandName } from '../../src/domain/commands';
import { readBody } from '../../src/domain/commands/read';
import { sha256 } from '../../src/inspect/digest';
import { prepareCommand } from '../../src/api/send-command';
import { commandSignals } from '../../src/workflows/messages';
import { serveApi, until } from './served';
import type { Api } from './served';

const MALFORMED = 'urn:q-orchestrator:problem:command-malformed';
const DIGEST = `sha256:${'a'.repeat(64)}`;
const ADVANCE_BODY = { role: 'q_assistant', completed_state: 'discovery', phase_result: {} };

let api: Api;
beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api.stop());

async function newBuild(): Promise<string> {
  const project = api.newProject();
  await api.post(`/api/workflows/${project}/start`, { build_id: 'b1', user_id: 'u', requirements: 'Dark mode' });
  return `${project}.b1`;
}

/** Commands that the general command route takes. A command with its own route has a different body. */
const COMMANDS_BY_POST = (COMMANDS as readonly AnyCommand[]).filter(({ hasOwnRoute }) => hasOwnRoute !== true);
const pathOf = (name: CommandName) => COMMANDS.find((command) => command.name === name)?.path ?? '';

/** Malformed commands, and the field that the refusal must name. */
const MISTAKES: ReadonlyArray<readonly [CommandName, unknown, string]> = [
  ['advance', {}, 'role'],
  ['advance', [], '(input)'],
  ['advance', { ...ADVANCE_BODY, role: 'root' }, 'role'],
  ['advance', { ...ADVANCE_BODY, completed_state: 'done' }, 'completed_state'],
  ['advance', { ...ADVANCE_BODY, next_state: 7 }, 'next_state'],
  ['advance', { ...ADVANCE_BODY, phase_result: 'all good' }, 'phase_result'],
  ['advance', { ...ADVANCE_BODY, phase_result: [1] }, 'phase_result'],
  ['advance', { ...ADVANCE_BODY, force: true }, 'force'],
  ['advance', { ...ADVANCE_BODY, expected_revision: -1 }, 'expected_revision'],
  ['retry', { reason: ' ' }, 'reason'],
  ['retry', { reason: 'r', role: 'root' }, 'role'],
  ['rollback', { target_state: 'handoff_to_coder', reason: 'r' }, 'target_state'],
  ['rollback', { target_state: 'planning' }, 'reason'],
  ['cancel', { reason: 'r'.repeat(2_001) }, 'reason'],
  ['pause', { reason: 7 }, 'reason'],
  ['resume', { reason: '' }, 'reason'],
  ['answer', { answers: {} }, 'answers'],
  ['answer', { answers: { Q1: '' } }, 'answers.Q1'],
  ['approve', { gate: 'mood', digest: DIGEST }, 'gate'],
  ['approve', { gate: 'tampering', digest: 'yes' }, 'digest'],
];

test('a malformed command is refused over HTTP and as a signal with the same message, which names the field', async () => {
  const id = await newBuild();
  const handle = api.stack.client.workflow.getHandle(id);
  for (const [index, [name, body, field]] of MISTAKES.entries()) {
    const answer = await api.post(`/api/workflows/${id}/${pathOf(name)}`, body);
    expect(answer).toMatchObject({ status: 400, body: { type: MALFORMED, field } });
    await handle.signal(commandSignals[name], body);
    const { events } = await until(api, `/api/workflows/${id}/events`, ({ event_count }) => event_count === index + 2);
    expect(events.at(-1)).toMatchObject({
      type: 'refused',
      data: { command: name, refusal: 'Command.Malformed', reason: answer.body.detail },
    });
  }
});

test.each(
  COMMANDS_BY_POST.flatMap(({ name }) =>
    ['actor', 'idempotency_key', 'body_digest'].map((member) => [member, name] as const),
  ),
)('the member %s in the body of %s is refused, because only the API sets it', async (member, name) => {
  const { status, body } = await api.post(`/api/workflows/nobody.b1/${pathOf(name)}`, { [member]: 'x' });
  expect({ status, body }).toMatchObject({ status: 400, body: { type: MALFORMED, field: member } });
  expect(body.detail).toMatch(`${member} is not a field of ${name}; its fields are `);
});

test('a body may not name its phase result by a digest, even if the artifact exists', async () => {
  const id = await newBuild();
  const artifact = await api.stack.deps.artifacts.put('{}');
  const ref = { ...artifact, excerpt: '' };
  const answer = await api.post(`/api/workflows/${id}/advance`, { ...ADVANCE_BODY, phase_result_ref: ref });
  expect(answer).toMatchObject({ status: 400, body: { type: MALFORMED, field: 'phase_result_ref' } });
  expect(answer.body.detail).not.toMatch(/fields are .*phase_result_ref/);
});

test('a malformed command is refused even when no worker runs, and its phase result is not stored', async () => {
  const apiWithoutWorker = await serveApi({ worker: false });
  try {
    const phase_result = { summary: `of a command that is refused ${Date.now()}` };
    const refusal = await apiWithoutWorker.post('/api/workflows/nobody.b1/advance', {
      ...ADVANCE_BODY,
      role: 'root',
      phase_result,
    });
    expect(refusal).toMatchObject({ status: 400, body: { type: MALFORMED, field: 'role' } });
    const digest = `sha256:${sha256(JSON.stringify(phase_result))}`;
    await expect(apiWithoutWorker.stack.deps.artifacts.get(digest)).rejects.toMatchObject({ type: 'Artifact.Missing' });
  } finally {
    await apiWithoutWorker.stop();
  }
});

test('a phase result of nearly 1 MiB is kept as an artifact; the workflow gets its digest', async () => {
  const id = await newBuild();
  const phase_result = { text: 'x'.repeat(1_000_000) };
  expect(await api.post(`/api/workflows/${id}/advance`, { ...ADVANCE_BODY, phase_result })).toMatchObject({
    status: 200,
  });
  const digest = `sha256:${sha256(JSON.stringify(phase_result))}`;
  const storedResult = await api.stack.deps.artifacts.get(digest);
  expect(storedResult.toString()).toBe(JSON.stringify(phase_result));
  const { handoffs } = (await api.get(`/api/workflows/${id}/history`)).body;
  expect(handoffs[0].data_transferred).toMatchObject({ digest, source: 'claimed' });
});

test.each([
  ['pause', 'paused'],
  ['resume', 'resumed'],
] as const)('a %s without a reason is recorded with its actor, over HTTP and as a signal', async (name, eventType) => {
  const id = await newBuild();
  const handle = api.stack.client.workflow.getHandle(id);
  if (name === 'resume') await api.post(`/api/workflows/${id}/pause`);
  expect((await api.post(`/api/workflows/${id}/${name}`, undefined, { 'X-Actor': 'ada' })).status).toBe(200);
  await api.post(`/api/workflows/${id}/${name === 'pause' ? 'resume' : 'pause'}`);
  await handle.signal(commandSignals[name], { actor: 'ada' });
  const { events } = await until(
    api,
    `/api/workflows/${id}/events`,
    (body) => body.events.filter(({ type }: { type: string }) => type === eventType).length === 2,
  );
  const reasons = events.flatMap(({ type, data }: { type: string; data: object }) =>
    type === eventType ? [data] : [],
  );
  expect(reasons).toEqual([{ reason: `${eventType} by ada` }, { reason: `${eventType} by ada` }]);
});

/**
 * Digests that the API of commit 0956107 made. Update ids must not change between versions: a client may send a request before an
 * upgrade and repeat it after.
 */
const UPDATE_DIGESTS: ReadonlyArray<readonly [CommandName, object, string]> = [
  [
    'advance',
    { role: 'q_assistant', completed_state: 'discovery', phase_result: { b: [1, { d: 1, c: 2 }], a: 'Ü' } },
    '21c48a09287732b6',
  ],
  [
    'advance',
    { phase_result: { a: 'Ü', b: [1, { c: 2, d: 1 }] }, completed_state: 'Discovery', role: 'Q_ASSISTANT' },
    '21c48a09287732b6',
  ],
  [
    'advance',
    {
      role: 'test_auditor',
      completed_state: 'testing',
      next_state: 'IMPLEMENTATION',
      phase_result: {},
      expected_revision: 4,
    },
    '92fa1fffa6d505cc',
  ],
  [
    'advance',
    { role: 'test_auditor', completed_state: 'testing', next_state: null, phase_result: {} },
    'ce349d583edcecda',
  ],
  ['retry', { reason: 'Once More', role: 'CODE_WRITER' }, 'c6298c7041219d4d'],
  ['retry', { reason: 'Once More' }, 'a5ebd949229bd568'],
  ['retry', { reason: 'Once More', role: null }, 'cff9756d5417b423'],
  ['rollback', { target_state: 'PLANNING', reason: 'A new Plan' }, '098c1238425e7818'],
  ['cancel', { reason: 'No more' }, '4a86d412f743b296'],
  ['pause', {}, 'bf670d06c4fa783e'],
  ['pause', { reason: 'Lunch' }, 'a801924e043aebba'],
  ['resume', {}, '86606c940c2addcd'],
  ['resume', { reason: 'Back', expected_revision: 2 }, '4c8aeaee404b53f8'],
  ['answer', { answers: { Q1: 'Yes', q2: 'NO' } }, 'a054e70157ce6d5a'],
  ['approve', { gate: 'TAMPERING', digest: DIGEST }, 'afdbe22900b6b376'],
  ['approve', { gate: 'tampering', digest: DIGEST, reason: 'Seen' }, 'e89ac3c30974c42f'],
];
test.each(UPDATE_DIGESTS)('the update id of %s %j is the one of earlier versions', (name, input, digest) => {
  const body = readBody(name, input);
  if (body.kind === 'unreadable') throw new Error(body.message);
  expect(prepareCommand({ name, body: body.value, wire: {}, key: 'k' }).updateId).toBe(`k.${digest}`);
});
