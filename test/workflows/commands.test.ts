/**
 * Tests the commands of a build with external roles: as updates and as signals, refused and repeated.
 */
import { randomUUID } from 'node:crypto';
import type { State } from '../../src/domain/states';
import { STATES } from '../../src/domain/states';
import { BUILD_WORKFLOW, buildQuery } from '../../src/workflows/messages';
import type { BuildState } from '../../src/domain/build/state';
import { workflowIdOf } from '../../src/domain/ids';
import { advanceOf, openStage, talkTo } from './stage';
import type { Run, Stage } from './stage';
import { verifies } from '../requirements/verifies';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.stop());

const LINE = STATES.slice(0, -1);
const external = () => stage.begin({ roles: 'external' });

async function walkTo(run: Run, to: State): Promise<Run> {
  for (const state of LINE.slice(0, LINE.indexOf(to))) await run.send('advance', advanceOf(state));
  return run;
}

/** An id has one workflow at a time. */
const underOtherId = (build: BuildState): BuildState => ({ ...build, buildId: randomUUID() });

/** The same build as it goes on after continue-as-new. */
async function goOnAs(resumed: BuildState) {
  const handle = await stage.stack.client.workflow.start(BUILD_WORKFLOW, {
    workflowId: workflowIdOf(resumed),
    taskQueue: stage.stack.config.temporal.taskQueue,
    args: [{ resumed }],
  });
  return talkTo(handle as Parameters<typeof talkTo>[0]);
}

verifies('3.4', '4.10');
test('a build walks from discovery to complete by updates, one handoff a step', async () => {
  const run = await external();
  for (const [index, state] of LINE.slice(0, -1).entries()) {
    const answer = await run.send('advance', advanceOf(state));
    expect(answer).toMatchObject({
      previousState: state,
      newState: LINE[index + 1],
      revision: index + 1,
      actor: 'ada',
    });
  }
  expect(await run.handle.result()).toEqual({ status: 'complete', release: null });
  const build = await run.state();
  expect(build.handoffs.map(({ toState }) => toState)).toEqual(LINE.slice(1));
  expect(build.outputs.planning).toMatchObject({ source: 'claimed', by: 'ada' });
  expect(build.outputs.planning?.digest).toMatch(/^sha256:/);
  expect(build.unsaved).toEqual({});
});

test('a build walks from discovery to complete by signals', async () => {
  const run = await external();
  for (const state of LINE.slice(0, -1)) await run.signal('advance', advanceOf(state));
  expect((await run.handle.result()).status).toBe('complete');
});

test.each(['update', 'signal'] as const)('every command does its work as %s', async (way) => {
  const run = await external();
  const say = async (name: Parameters<Run['send']>[0], wire: unknown) => {
    await (way === 'update' ? run.send(name, wire) : run.signal(name, wire));
    return run.state();
  };
  expect(await say('pause', { reason: 'lunch' })).toMatchObject({ paused: true });
  expect(await say('resume', { reason: 'back' })).toMatchObject({ paused: false });
  for (const state of LINE.slice(0, 5)) await say('advance', advanceOf(state));
  expect(await say('retry', { reason: 'once more' })).toMatchObject({ state: 'implementation' });
  expect(await say('rollback', { target_state: 'planning', reason: 'a new plan' })).toMatchObject({
    state: 'planning',
    generation: 2,
  });
  expect(await say('advance', { ...advanceOf('planning'), next_state: 'error' })).toMatchObject({ state: 'error' });
  expect(await say('retry', { reason: 'it can be done' })).toMatchObject({ state: 'planning', failure: null });
  await say('cancel', { reason: 'no more' });
  await expect(run.handle.result()).rejects.toThrow();
  expect(await run.state()).toMatchObject({ cancelled: true, refused: 0 });
});

test('each command is refused where it makes no sense, with its type and what would be legal', async () => {
  const run = await external();
  const advance = advanceOf('discovery');
  expect(await run.refusal('advance', { ...advance, role: 'code_writer' })).toMatchObject({
    type: 'Command.WrongRole',
    legal: ['q_assistant'],
  });
  expect(await run.refusal('advance', advanceOf('deployment'))).toMatchObject({
    type: 'Command.Stale',
    currentState: 'discovery',
  });
  expect(await run.refusal('advance', { ...advance, next_state: 'testing' })).toMatchObject({
    type: 'Command.IllegalTransition',
    legal: ['planning', 'error'],
  });
  expect(await run.refusal('advance', { ...advance, expected_revision: 7 })).toMatchObject({ type: 'Command.Stale' });
  expect((await run.refusal('retry', { reason: 'x' })).type).toBe('Command.IllegalRetry');
  expect((await run.refusal('rollback', { target_state: 'planning', reason: 'x' })).type).toBe(
    'Command.IllegalRollback',
  );
  expect((await run.refusal('resume', { reason: 'x' })).type).toBe('Command.NotPaused');
  expect((await run.refusal('answer', { answers: { Q1: 'x' } })).type).toBe('Command.NothingAsked');
  expect((await run.refusal('cancel', {})).type).toBe('Command.Malformed');
  await run.send('pause', { reason: 'lunch' });
  expect((await run.refusal('pause', { reason: 'x' })).type).toBe('Command.Paused');
  expect((await run.refusal('advance', advance)).type).toBe('Command.Paused');
});

test('an update of a name that is no command is refused', async () => {
  const run = await external();
  await expect(run.handle.executeUpdate('explode', { args: [{}] })).rejects.toThrow();
  await walkTo(run, 'planning');
});

test('a refused update adds no event of history', async () => {
  const run = await external();
  await run.send('pause', { reason: 'so that nothing goes on meanwhile' });
  const before = await run.events();
  for (let n = 0; n < 5; n++) await run.refusal('retry', { reason: 'not now' });
  expect(await run.events()).toBe(before);
});

test('the same update id gets the first answer and moves the build once', async () => {
  const run = await external();
  const id = randomUUID();
  const first = await run.send('advance', advanceOf('discovery'), id);
  expect(await run.send('advance', advanceOf('discovery'), id)).toEqual(first);
  expect(await run.state()).toMatchObject({ state: 'planning', revision: 1 });
});

describe.each(['in the same run', 'after continue-as-new'] as const)('an idempotency key, %s,', (where) => {
  const key = { idempotency_key: 'k-1' };
  const advance = { ...advanceOf('discovery'), ...key };
  async function sentOnce() {
    const run = await external();
    const first = await run.send('advance', advance);
    const before = await run.reach((build) => Object.keys(build.unsaved).length === 0);
    return { first, run: where === 'in the same run' ? run : await goOnAs(underOtherId(before)) };
  }

  test('gets the first answer again, by another update id too', async () => {
    const { first, run } = await sentOnce();
    expect(await run.send('advance', advance)).toEqual(first);
    await run.signal('advance', advance);
    expect(await run.state()).toMatchObject({ state: 'planning', revision: 1, refused: 0 });
  });

  test('is refused for another body, and for another command', async () => {
    const { run } = await sentOnce();
    const other = { ...advance, phase_result: { done: 'something else' } };
    expect((await run.refusal('advance', other)).type).toBe('Command.KeyReused');
    expect((await run.refusal('pause', { reason: 'x', ...key })).type).toBe('Command.KeyReused');
    expect(await run.state()).toMatchObject({ state: 'planning', revision: 1, paused: false });
  });

  test('is refused where the digest of the body differs', async () => {
    const { run } = await sentOnce();
    await run.send('pause', { reason: 'lunch', idempotency_key: 'k-2', body_digest: 'a' });
    const again = await run.send('pause', { reason: 'lunch', idempotency_key: 'k-2', body_digest: 'a' });
    expect(again).toMatchObject({ newState: 'planning' });
    const other = { reason: 'lunch', idempotency_key: 'k-2', body_digest: 'b' };
    expect((await run.refusal('pause', other)).type).toBe('Command.KeyReused');
  });
});

test.each([
  [{ idempotency_key: 7 }, 'idempotency_key'],
  [{ idempotency_key: 'x'.repeat(201) }, 'idempotency_key'],
  [{ expected_revision: '0' }, 'expected_revision'],
  [{ body_digest: {} }, 'body_digest'],
  [{ actor: '' }, 'actor'],
])('a command with the wrong member %j is refused, and the member is not ignored', async (meta, field) => {
  const run = await external();
  expect(await run.refusal('pause', { reason: 'x', ...meta })).toMatchObject({ type: 'Command.Malformed', field });
});

test('after continue-as-new a build has its whole earlier state', async () => {
  const run = await external();
  await walkTo(run, 'testing');
  const before = await run.reach((build) => Object.keys(build.unsaved).length === 0);
  const again = underOtherId(before);
  const anew = await goOnAs(again);
  expect(await anew.handle.query(buildQuery)).toEqual(again);
  expect(await anew.send('advance', advanceOf('testing'))).toMatchObject({ newState: 'handoff_to_verifier' });
});

test('a workflow started by hand with an input that is no build fails once, plainly', async () => {
  const { client, config } = stage.stack;
  for (const input of [null, 'build', {}, { start: null }, { resumed: [] }]) {
    const options = { workflowId: `by-hand-${randomUUID()}`, taskQueue: config.temporal.taskQueue, args: [input] };
    const failed = await client.workflow
      .execute('buildWorkflow', options)
      .catch((error: { cause: unknown }) => error.cause);
    expect(failed).toMatchObject({ type: 'Build.Malformed' });
  }
});
