/**
 * Builds that models drive: who wins, who waits, what is believed, and how often it is tried again.
 */
import { Failure } from '../../src/domain/failures';
import { EMPTY, GREEN, HANG, RED, files } from './fake-models';
import type { Answer } from './fake-models';
import { advanceOf, openStage } from './stage';
import type { Run, Stage } from './stage';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.stop());

const promptsOf = (run: Run, phase: string) =>
  run
    .calls()
    .filter((call) => call.phase === phase)
    .map((call) => JSON.stringify(call.messages));

/** The first attempt answers so, the later ones well. */
const atFirst =
  (answer: object): Answer =>
  ({ attempt }) =>
    attempt === 1 ? answer : {};

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

test('with the Test Auditor external too, the Verification Overseer has the tests measured before it judges', async () => {
  const run = await stage.begin({ roles: { test_auditor: 'external' } });
  await run.reach('testing');
  // The gates ask which test shows each criterion; an auditor from outside says so too.
  const criteria = [{ criterion_id: 'C1', tested_by: 'check.sh', satisfied: true, note: '' }];
  await run.send('advance', advanceOf('testing', { phase_result: { criteria } }));
  await run.send('advance', advanceOf('handoff_to_verifier'));
  await run.handle.result();
  expect(await run.state()).toMatchObject({ evidence: { exitCode: 0 }, attempts: { implementation: 1 } });
});

test("the verifier's and the auditor's prompts never hold the coder's reasoning", async () => {
  const run = await stage.begin();
  await run.handle.result();
  for (const phase of ['testing', 'verification', 'deployment']) {
    expect(promptsOf(run, phase)).toHaveLength(1);
    expect(promptsOf(run, phase)[0]).not.toMatch(/SECRET/);
  }
});

test('an advance by somebody outside wins: the call is cancelled, and its late result changes nothing', async () => {
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
  expect(await page(run)).toContain('by hand');
});

async function page(run: Run, path = 'index.html'): Promise<string> {
  const { projectId, buildId, commit } = await run.state();
  return stage.stack.deps.workspace.read({ projectId, buildId, commit: commit ?? '' }, path);
}

test('an external Code Writer hands over files in its result, and the Test Auditor measures them', async () => {
  const run = await stage.begin({ roles: { code_writer: 'external' } });
  await run.reach('implementation');
  await run.send('advance', { ...advanceOf('implementation'), phase_result: files(RED, 'first') });
  await run.send('advance', advanceOf('handoff_to_tester'));
  const sentBack = await run.reach((build) => build.attempts.implementation === 2);
  expect(sentBack.feedback.join()).toContain('1 of 1 tests failed');
  expect(sentBack.handoffs.at(-1)).toMatchObject({ fromState: 'testing', data: { source: 'measured' } });
  await run.send('advance', { ...advanceOf('implementation'), phase_result: files(GREEN, 'second') });
  await run.send('advance', advanceOf('handoff_to_tester'));
  await run.handle.result();
  expect(await page(run)).toContain('second');
  expect((await run.state()).outputs).toMatchObject({
    implementation: { source: 'claimed' },
    testing: { source: 'measured' },
  });
});

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

test('a paused build begins nothing new, and goes on after resume', async () => {
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

describe('testing never passes on a word of a model:', () => {
  test('the auditor says pass and the tests are red, so it is sent back and the auditor not even asked', async () => {
    const run = await stage.begin({ answers: { implementation: atFirst(files(RED)) } });
    await run.handle.result();
    const build = await run.state();
    expect(build.attempts).toMatchObject({ implementation: 2, testing: 2 });
    expect(promptsOf(run, 'testing')).toHaveLength(1);
    expect(promptsOf(run, 'implementation')[1]).toContain('failing test: it works');
  });

  test('the auditor says fail and the tests are green, so it is sent back with the objections', async () => {
    const testing = atFirst({ verdict: 'fail', objections: ['NO-EDGE-CASES'] });
    const run = await stage.begin({ answers: { testing } });
    await run.handle.result();
    expect((await run.state()).attempts).toMatchObject({ implementation: 2, testing: 2 });
    expect(promptsOf(run, 'implementation')[1]).toContain('NO-EDGE-CASES');
  });

  test('no test at all is sent back', async () => {
    const run = await stage.begin({ answers: { implementation: atFirst(files(EMPTY)) } });
    await run.handle.result();
    const sentBack = (await run.state()).handoffs.find((handoff) => handoff.notes.startsWith('sent back'));
    expect(sentBack?.notes).toContain('no test ran');
  });

  test('a test the auditor adds and that fails is sent back', async () => {
    const tests_added = [{ path: 'test/check.sh', content: 'exit 1\n' }];
    const request = {
      commands: { test: ['sh', '-c', 'sh check.sh && if [ -e test/check.sh ]; then sh test/check.sh; fi'] },
    };
    const testing: Answer = ({ attempt }) => ({
      tests_added: attempt === 1 ? tests_added : [{ path: 'test/check.sh', content: 'exit 0\n' }],
    });
    const implementation: Answer = ({ attempt }) =>
      attempt === 1 ? {} : { files: [{ path: 'test/check.sh', content: 'exit 0\n# repaired\n' }] };
    const run = await stage.begin({ answers: { testing, implementation }, request });
    await run.handle.result();
    expect((await run.state()).attempts).toMatchObject({ implementation: 2, testing: 2 });
  });
});

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

test('past the bound a person says retry, and the build goes on to complete', async () => {
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
