/**
 * Tests that no call is paid twice: a retry of the activity uses the stored answer.
 */
import type { StepTask } from '../../src/activities/contract';
import { openTestContext } from './on-activity';
import type { TestContext } from './on-activity';

const SPECIFICATION = {
  summary: 'A page.',
  requirements: [{ id: 'R1', text: 'It greets.' }],
  ...{ constraints: [], assumptions: [], risks: [], open_questions: [], success_criteria: [] },
};

let testContext: TestContext;
beforeEach(async () => {
  testContext = await openTestContext(() => ({ output: SPECIFICATION }));
});
afterEach(() => testContext.close());

const task = () => testContext.task({ phase: 'discovery' });

test('an activity that died after the call finds the answer when it is tried again', async () => {
  let writes = 0;
  const artifacts = {
    ...testContext.deps.artifacts,
    put(content: string | Uint8Array) {
      writes += 1;
      if (writes === 1) throw new Error('the disk is full');
      return testContext.deps.artifacts.put(content);
    },
  };
  await expect(testContext.run('discover', task(), { artifacts })).rejects.toMatchObject({
    type: 'Activity.Unexpected',
  });
  expect(await testContext.run('discover', task(), { artifacts })).toMatchObject({ kind: 'worked', by: 'fake:model' });
  expect(testContext.requests).toHaveLength(1);
});

test('two activities that run at the same time give the same answer: the one that was stored first', async () => {
  const [one, other] = await Promise.all([testContext.run('discover', task()), testContext.run('discover', task())]);
  expect(one).toEqual(other);
});

test.each([{ attempt: 2 }, { generation: 2 }, { buildId: 'b2' }])('a task with %j makes its own call', async (over) => {
  await testContext.run('discover', task());
  await testContext.run('discover', { ...task(), ...over });
  expect(testContext.requests).toHaveLength(2);
  expect(new Set(testContext.requests.map((request) => request.idempotencyKey)).size).toBe(2);
});

test('an answer that does not fit the schema fails the activity', async () => {
  const invalidContext = await openTestContext(() => ({ output: { summary: 7 } }));
  await expect(invalidContext.run('discover', invalidContext.task({ phase: 'discovery' }))).rejects.toThrow();
  await invalidContext.close();
});

test('a task of an older worker, which has no steps, finds the stored answer of its call', async () => {
  await testContext.run('discover', task());
  const oldTask: Partial<StepTask> = task();
  delete oldTask.step;
  delete oldTask.transcript;
  delete oldTask.tree;
  await testContext.run('discover', oldTask as StepTask);
  expect(testContext.requests).toHaveLength(1);
});

test('the link of a chain that gave the last answer is named in the next request', async () => {
  const chained = await openTestContext((_request, call) =>
    call === 1 ? { tools: [{ name: 'list', input: {} }], link: 1 } : { output: SPECIFICATION, link: 1 },
  );
  const first = chained.task({ phase: 'discovery' });
  const step = await chained.run('discover', first);
  if (step.kind !== 'step') throw new Error(`a ${step.kind} came`);
  await chained.run('discover', { ...first, step: 2, transcript: step.transcript, tree: step.tree });
  expect(chained.requests.map(({ lastLink }) => lastLink)).toEqual([undefined, 1]);
  await chained.close();
});
