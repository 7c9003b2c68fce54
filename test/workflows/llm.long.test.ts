/**
 * Tests builds whose roles have models: external commands during a call, pauses, unusable answers, and retries.
 */
import { Failure } from '../../src/domain/failures';
import { STATES } from '../../src/domain/states';
import { GREEN, HANG, RED, files } from './fake-models';
import type { Answer } from './fake-models';
import { advanceOf, openStage, pageOf, promptsOf } from './stage';
import type { Stage } from './stage';
import { verifies } from '../requirements/verifies';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.stop());

verifies('3.3');
test('a build goes from discovery to complete by itself, each role asked once', async () => {
  const run = await stage.begin();
  const result = await run.handle.result();
  expect(result).toMatchObject({ status: 'complete', release: { number: 1, version: '1.0.0' } });
  expect(run.calls().map((call) => call.phase)).toEqual([
    'discovery',
    'planning',
    'implementation',
    'testing',
    'verification',
    'deployment',
  ]);
  expect(await run.state()).toMatchObject({ usage: { calls: 6, inputTokens: 60, outputTokens: 30 }, refused: 0 });
});

test("the verifier's and the auditor's prompts never hold the coder's reasoning", async () => {
  const run = await stage.begin();
  await run.handle.result();
  for (const phase of ['testing', 'verification', 'deployment']) {
    expect(promptsOf(run, phase)).toHaveLength(1);
    expect(promptsOf(run, phase)[0]).not.toMatch(/SECRET/);
  }
});

verifies('3.2');
test('an advance from outside during a call cancels the call, and its late result changes nothing', async () => {
  let aborted = false;
  let late: (answer: object) => void = () => undefined;
  let goOn: (answer: object) => void = () => undefined;
  const implementation: Answer = ({ signal }) => {
    signal.addEventListener('abort', () => (aborted = true));
    // It hears of its cancellation and answers all the same.
    return new Promise((resolve) => (late = resolve));
  };
  const testing: Answer = () => new Promise((resolve) => (goOn = resolve));
  const run = await stage.begin({ answers: { implementation, testing } });
  await run.reach(() => promptsOf(run, 'implementation').length === 1);
  await run.send('advance', { ...advanceOf('implementation'), phase_result: files(GREEN, 'by hand') });
  await run.reach(() => aborted && promptsOf(run, 'testing').length === 1);
  late(files(RED, 'by the model'));
  goOn({});
  await run.handle.result();
  expect(await run.state()).toMatchObject({ attempts: { implementation: 1, testing: 1 }, failure: null });
  expect(await pageOf(stage, run)).toContain('by hand');
});

verifies('1.1', '6.2');
test('a blocking question waits for an answer, and discovery runs again with it', async () => {
  const open_questions = [
    { id: 'constructor', text: 'Which colour?', blocking: true },
    { id: 'Q2', text: 'Which font?', blocking: false },
  ];
  const run = await stage.begin({ answers: { discovery: () => ({ open_questions }) } });
  const asked = await run.reach((build) => build.questions.length > 0);
  expect(asked).toMatchObject({ state: 'discovery', questions: [{ id: 'constructor', text: 'Which colour?' }] });
  expect((await run.refusal('advance', advanceOf('discovery'))).type).toBe('Command.QuestionsOpen');
  expect((await run.refusal('answer', { answers: { Q9: 'x' } })).type).toBe('Command.Malformed');
  await run.send('answer', { answers: { constructor: 'TURQUOISE' } });
  await run.handle.result();
  expect(promptsOf(run, 'discovery')).toHaveLength(2);
  expect(promptsOf(run, 'discovery')[1]).toContain('TURQUOISE');
});

test('a paused build starts no new step, and continues after resume', async () => {
  let answer: (given: object) => void = () => undefined;
  const discovery: Answer = () => new Promise((resolve) => (answer = resolve));
  const run = await stage.begin({ answers: { discovery } });
  await run.reach(() => run.calls().length === 1);
  await run.send('pause', { reason: 'lunch' });
  answer({});
  await run.reach('planning');
  expect(run.calls()).toHaveLength(1);
  await run.send('resume', { reason: 'back' });
  await run.handle.result();
});

verifies('8.8');
test("defect 8: a model's word moves no state: a move it asks for is no tool, a state it names is not read", async () => {
  const move = { role: 'code_writer', completed_state: 'implementation', next_state: 'complete' };
  const implementation: Answer = ({ messages }) =>
    messages.length === 1 ? { tools: [{ id: 't', name: 'advance', input: move }] } : move;
  const run = await stage.begin({ answers: { discovery: () => move, implementation, testing: () => move } });
  await run.handle.result();
  expect(promptsOf(run, 'implementation')[1]).toContain('there is no tool');
  expect((await run.state()).handoffs.map(({ toState }) => toState)).toEqual(STATES.slice(1, 11));
});

verifies('1.8', '7.1');
test('a rejection of the verifier goes back with its findings, and never more often than the bound', async () => {
  const checklist = [{ item: 'security', severity: 'critical', finding: 'HOLE-IN-IT', evidence: 'index.html' }];
  const run = await stage.begin({
    answers: { verification: () => ({ approved: true, checklist }) },
    start: { retriesPerPhase: 2 },
  });
  const build = await run.reach('error');
  expect(build.failure).toMatchObject({ type: 'Retries.Exhausted', phase: 'implementation', reached: 'verification' });
  expect(build.failure?.message).toContain('HOLE-IN-IT');
  expect(build.attempts).toMatchObject({ implementation: 3, verification: 3 });
  expect(promptsOf(run, 'implementation')).toHaveLength(3);
  expect(promptsOf(run, 'implementation')[1]).toContain('HOLE-IN-IT');
});

verifies('7.1');
test('after the retry limit a person sends retry, and the build becomes complete', async () => {
  let repaired = false;
  const implementation: Answer = ({ attempt }) => files(repaired ? GREEN : RED, `attempt ${attempt}`);
  const run = await stage.begin({ answers: { implementation }, start: { retriesPerPhase: 1 } });
  expect((await run.reach('error')).failure?.type).toBe('Retries.Exhausted');
  repaired = true;
  expect(await run.send('retry', { reason: 'the script was wrong' })).toMatchObject({ newState: 'implementation' });
  await run.handle.result();
  expect(promptsOf(run, 'implementation').at(-1)).toContain('the script was wrong');
});

test('a person may retry a failed phase after cancelling a hanging call by rollback', async () => {
  const planning: Answer = (request) => (request.generation === 1 ? HANG(request) : {});
  const run = await stage.begin({ answers: { planning } });
  await run.reach(() => promptsOf(run, 'planning').length === 1);
  await run.send('rollback', { target_state: 'discovery', reason: 'it hangs' });
  await run.handle.result();
  expect(await run.state()).toMatchObject({ generation: 2, state: 'complete' });
});

test('a failure no waiting can heal goes to error at once, typed, and is tried once', async () => {
  const run = await stage.begin({
    answers: {
      planning: ({ attempt }) => {
        if (attempt === 1) throw new Failure('Model.Unauthorized', 'the provider refused the key (401)');
        return {};
      },
    },
  });
  const build = await run.reach('error');
  expect(build.failure).toMatchObject({ type: 'Model.Unauthorized', phase: 'planning' });
  expect(promptsOf(run, 'planning')).toHaveLength(1);
  await run.send('retry', { reason: 'a new key' });
  await run.handle.result();
});
