/**
 * Tests the Code Writer's steps: a pause between two steps, and the payment of each.
 */
import { Failure } from '../../src/domain/failures';
import { STATES } from '../../src/domain/states';
import type { Answer } from './fake-models';
import { advanceOf, openStage } from './stage';
import type { Run, Stage } from './stage';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.stop());

const promptsOf = (run: Run, phase: string) => run.calls().filter((call) => call.phase === phase);

/** Lists the files for ever, and asks before each answer. */
const stepping =
  (onCall: (step: number) => object | Promise<object>): Answer =>
  async ({ messages }) =>
    onCall(1 + (messages.length - 1) / 2);
const LIST = { tools: [{ id: 't', name: 'list', input: {} }] };

test('a pause stops the Code Writer between its steps, until resume', async () => {
  let goOn: () => void = () => undefined;
  const second = new Promise<void>((resolve) => (goOn = resolve));
  const implementation = stepping(async (step) => {
    if (step === 2) await second;
    return step < 3 ? LIST : {};
  });
  const run = await stage.begin({ answers: { implementation } });
  await run.reach(() => promptsOf(run, 'implementation').length === 2);
  await run.send('pause', { reason: 'lunch' });
  goOn();
  // The second step has been taken: its cost is on the build, and no third one is asked for.
  await run.reach(({ usage }) => usage.calls === 4);
  const types = (await run.handle.fetchHistory()).events?.flatMap(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name ?? [],
  );
  expect(types?.filter((name) => name === 'writeCode')).toHaveLength(2);
  expect(promptsOf(run, 'implementation')).toHaveLength(2);
  await run.send('resume', { reason: 'back' });
  await run.handle.result();
  expect(promptsOf(run, 'implementation')).toHaveLength(3);
});

test('steps that were paid stay counted where a later one fails, and the place where the branch began is known', async () => {
  const implementation = stepping((step) => {
    if (step === 3) throw new Failure('Model.Unauthorized', 'the provider refused the key (401)');
    return LIST;
  });
  const run = await stage.begin({ answers: { implementation }, roles: { q_assistant: 'external' } });
  for (const state of STATES.slice(0, 3)) await run.send('advance', advanceOf(state));
  const build = await run.reach('error');
  expect(build.usage).toEqual({ calls: 2, inputTokens: 20, outputTokens: 10 });
  expect(build.base).toMatch(/^[0-9a-f]{40}$/);
});
