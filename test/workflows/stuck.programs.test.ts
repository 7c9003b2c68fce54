/**
 * Code Writers that loop, on a live worker: what is the same is measured on their work, the build climbs its ladder in order and
 * stops, and costs at most what the events forecast.
 */
import type { BuildState } from '../../src/domain/build/state';
import type { ModelRequest } from '../../src/ports/model';
import { RED, fakeModel, files } from './fake-models';
import type { Answer, Answers } from './fake-models';
import { openStage, promptsOf } from './stage';
import type { Run, Stage } from './stage';

/** Input and output of one call of the fake models. */
const TOKENS_OF_CALL = 15;
const strongerCalls: ModelRequest[] = [];
const answers: { now: Answers } = { now: {} };

let stage: Stage;
beforeAll(async () => {
  const stronger = { ...fakeModel(() => answers.now, strongerCalls), id: 'fake:stronger' };
  stage = await openStage({
    deps: { strongerModelFor: (role) => (role === 'code_writer' ? stronger : undefined) },
  });
});
afterAll(() => stage?.stop());

const LIST: Answer = () => ({ tools: [{ id: 't', name: 'list', input: {} }] });

interface Loop {
  implementation: Answer;
  /** The sign that the first event names. */
  because: RegExp;
  /** Attempts at implementation: those until the build counts as stuck, and one a rung. */
  attempts: number;
}
const LOOPS: Record<string, Loop> = {
  'the same tree': {
    implementation: () => files(RED, 'the same'),
    because: /the Code Writer left the same files \(3 times\): index\.html, test\/page\.test\.js/,
    attempts: 6,
  },
  'the same failing tests': {
    implementation: ({ attempt, generation }) => files(RED, `${generation}.${attempt} ${Math.random()}`),
    because: /the same tests fail \(3 times\): .*it works/,
    attempts: 6,
  },
  'the same tool call': {
    implementation: LIST,
    because: /the role made the same tool call with the same result \(4 times\): list/,
    attempts: 4,
  },
};

/** True if the prompt has a diagnosis. */
const isTold = ({ messages }: Pick<ModelRequest, 'messages'>) =>
  JSON.stringify(messages).includes('This build is stuck');
const stuckEvents = ({ events }: BuildState) => events.filter(({ type }) => type === 'stuck').map(({ data }) => data);

async function runToEnd(loop: Loop): Promise<{ run: Run; build: BuildState }> {
  answers.now = { implementation: loop.implementation };
  strongerCalls.length = 0;
  const run = await stage.begin({ answers: answers.now, start: { stuckAfter: 3 } });
  return { run, build: await run.reach('error') };
}

test.each(Object.entries(LOOPS))('%s: the ladder is climbed in order, and the build stops', async (_name, loop) => {
  const { run, build } = await runToEnd(loop);
  const events = stuckEvents(build);
  expect(events.map(({ rung }) => rung)).toEqual(['diagnosis', 'stronger_model', 'new_plan', 'person']);
  expect(events[0]?.because).toMatch(loop.because);
  expect(build.failure).toMatchObject({ type: 'Role.Stuck', phase: 'implementation' });
  expect(build.attempts).toMatchObject({ planning: 2, implementation: loop.attempts });

  expect(
    run
      .calls()
      .filter(isTold)
      .map(({ phase }) => phase),
  ).toContain('planning');
  expect(strongerCalls.every(({ phase }) => phase === 'implementation')).toBe(true);
  expect(strongerCalls.length).toBeGreaterThan(0);

  const forecast = events.reduce((sum, data) => sum + Number(data.forecast_tokens), 0);
  const before = run.calls().findIndex(isTold);
  expect((build.usage.calls - before) * TOKENS_OF_CALL).toBeLessThanOrEqual(forecast);
  expect(build.usage.calls * TOKENS_OF_CALL).toBe(build.usage.inputTokens + build.usage.outputTokens);
});

test('a Code Writer that finds another way after the diagnosis goes on, and nothing else of the ladder is tried', async () => {
  const implementation: Answer = ({ messages }) => (isTold({ messages }) ? {} : files(RED, 'the same'));
  const run = await stage.begin({ answers: { implementation }, start: { stuckAfter: 3 } });
  const build = await run.reach('complete');
  expect(stuckEvents(build).map(({ rung }) => rung)).toEqual(['diagnosis']);
  expect(promptsOf(run, 'implementation')).toHaveLength(4);
});

test('a build without `stuckAfter` sees no ladder', async () => {
  const run = await stage.begin({ answers: { implementation: () => files(RED, 'the same') } });
  const build = await run.reach('error');
  expect(build.failure).toMatchObject({ type: 'Retries.Exhausted' });
  expect(stuckEvents(build)).toEqual([]);
});
