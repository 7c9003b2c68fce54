/**
 * Tests unusable answers: the model gets the reason, then the next model of the chain is asked, then the attempt fails.
 */
import type { StepTask } from '../../../src/activities/contract';
import type { ModelReply, ModelRequest } from '../../../src/ports/model';
import type { Outcome } from '../../../src/domain/build/outcome';
import { openTestContext } from '../on-activity';
import type { TestContext } from '../on-activity';

const SPECIFICATION = {
  summary: 'A page.',
  requirements: [{ id: 'R1', text: 'It greets.' }],
  ...{ constraints: [], assumptions: [], risks: [], open_questions: [], success_criteria: [] },
};
const USAGE = { inputTokens: 10, outputTokens: 5 };
const UNUSABLE = {
  ...{ kind: 'unusable' as const, reason: 'not_json' as const, text: 'Sure, here it is', says: 'It is not JSON.' },
  summary: 'the answer is not JSON',
};

let testContext: TestContext;
let requests: ModelRequest[];
afterEach(() => testContext?.close());

/** Runs discovery step by step until it is done, with a chain of this many models. */
async function discover(answer: (request: ModelRequest, call: number) => object, links = 1) {
  testContext = await openTestContext(() => ({ output: {} }));
  requests = [];
  const model = {
    ...{ id: 'fake:model', scripted: false, links },
    call: (request: ModelRequest): Promise<ModelReply> => {
      requests.push(request);
      const base = { model: `fake:link-${request.link}`, scripted: false, usage: USAGE, calls: 1 };
      return Promise.resolve({ ...base, ...answer(request, requests.length) } as ModelReply);
    },
  };
  const outcomes: Outcome[] = [];
  let position: Pick<StepTask, 'transcript' | 'tree'> = { transcript: null, tree: null };
  for (let step = 1; ; step++) {
    const task = testContext.task({ phase: 'discovery', ...position, step });
    const outcome = await testContext.run('discover', task, { modelFor: () => model });
    outcomes.push(outcome);
    if (outcome.kind !== 'step') return outcomes;
    position = { transcript: outcome.transcript, tree: outcome.tree };
  }
}

test('M5: the model gets the reason, its next answer is taken, and both count as paid', async () => {
  const outcomes = await discover((_, call) => (call === 1 ? UNUSABLE : { kind: 'output', output: SPECIFICATION }));
  expect(outcomes).toMatchObject([
    { kind: 'step', usage: { calls: 1, inputTokens: 10 } },
    { kind: 'worked', usage: { calls: 1, inputTokens: 10 } },
  ]);
  expect(requests[1]?.messages.slice(1)).toEqual([
    { from: 'model', text: 'Sure, here it is', toolCalls: [] },
    { from: 'user', text: 'It is not JSON.' },
  ]);
});

test('M5: the number of paid unusable answers is limited, and the failure names how many there were', async () => {
  await expect(discover(() => UNUSABLE)).rejects.toMatchObject({
    type: 'Role.OutputInvalid',
    message: expect.stringContaining('3 answers in a row could not be used: the answer is not JSON'),
    // The last answer is paid, too, and no outcome of a step counts it.
    details: [{ paidCalls: 1, paidTokens: USAGE }],
  });
  expect(requests).toHaveLength(3);
});

test('M7, M13: after one repair turn the next model of the chain is asked, and not shown what the first one wrote', async () => {
  const outcomes = await discover(
    ({ link }) => (link === 0 ? { ...UNUSABLE, reason: 'empty', text: '' } : { kind: 'output', output: SPECIFICATION }),
    2,
  );
  expect(requests.map(({ link }) => link)).toEqual([0, 0, 1]);
  expect(requests[2]?.messages).toHaveLength(1);
  expect(outcomes.at(-1)).toMatchObject({ kind: 'worked', by: 'fake:link-1' });
});

test('an answer without text is shown to the model as "(no answer)", since providers refuse empty messages', async () => {
  await discover((_, call) => (call === 1 ? { ...UNUSABLE, text: ' ' } : { kind: 'output', output: SPECIFICATION }));
  expect(requests[1]?.messages[1]).toMatchObject({ from: 'model', text: '(no answer)' });
});

test('if the link that gave the last answer gives an unusable one, the chain is asked again from its first link', async () => {
  const outcomes = await discover(({ lastLink }, call) => {
    if (call === 1) return { kind: 'tools', text: '', toolCalls: [{ id: 't1', name: 'list', input: {} }], link: 1 };
    return lastLink === 1 ? { ...UNUSABLE, link: 1 } : { kind: 'output', output: SPECIFICATION, link: 0 };
  }, 2);
  expect(requests.map(({ link, lastLink }) => [link, lastLink])).toEqual([
    [0, undefined],
    [0, 1],
    [0, 1],
    [0, undefined],
  ]);
  expect(outcomes.at(-1)).toMatchObject({ kind: 'worked' });
});
