/**
 * Tests incomplete answers that were paid for: they are counted and limited, and the worker's log has the provider's message.
 */
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { LogEntry } from '@temporalio/worker';
import { createActivities } from '../../../src/activities';
import { Failure } from '../../../src/domain/failures';
import { openTestContext } from '../on-activity';
import type { TestContext } from '../on-activity';

const SPECIFICATION = {
  summary: 'A page.',
  requirements: [{ id: 'R1', text: 'It greets.' }],
  ...{ constraints: [], assumptions: [], risks: [], open_questions: [], success_criteria: [] },
};

let testContext: TestContext;
let logged: LogEntry[];
beforeEach(async () => {
  testContext = await openTestContext((_, call) => {
    if (call <= failures) throw failure;
    return { output: SPECIFICATION };
  });
  logged = [];
});
afterEach(() => testContext.close());

let failures = 0;
let failure: Failure;

function discover() {
  const logger = new DefaultLogger('WARN', (entry) => logged.push(entry));
  const { discover: activity } = createActivities(testContext.deps);
  return new MockActivityEnvironment({}, { logger }).run(activity, testContext.task({ phase: 'discovery' }));
}

test('M5: an incomplete answer before the final one counts as paid, and its tokens as unknown', async () => {
  [failures, failure] = [2, new Failure('Model.Unavailable', 'a:b: the provider broke off', { isPaid: true })];
  await expect(discover()).rejects.toMatchObject({ type: 'Model.Unavailable', nonRetryable: false });
  await expect(discover()).rejects.toMatchObject({ type: 'Model.Unavailable' });
  expect(await discover()).toMatchObject({ kind: 'worked', usage: { calls: 3, inputTokens: 1, unknownCalls: 2 } });
});

test('M5: the fifth incomplete answer ends the attempt, and the failure names how many were paid', async () => {
  [failures, failure] = [9, new Failure('Model.Unavailable', 'a:b: the provider broke off', { isPaid: true })];
  for (let n = 1; n < 5; n++) await expect(discover()).rejects.toMatchObject({ type: 'Model.Unavailable' });
  await expect(discover()).rejects.toMatchObject({
    ...{ type: 'Model.AnswersLost', nonRetryable: true, details: [{ paidCalls: 5 }] },
    message: expect.stringContaining('5 answers to the same call broke off'),
  });
});

test('a refusal costs nothing and is not counted', async () => {
  [failures, failure] = [6, new Failure('Model.Unavailable', 'a:b: the provider failed (HTTP 503)')];
  for (let n = 1; n <= 6; n++) await expect(discover()).rejects.toMatchObject({ type: 'Model.Unavailable' });
  expect(await discover()).toMatchObject({ kind: 'worked', usage: { calls: 1 } });
});

test("M18: the provider's words stand in the worker's log and in an artifact, and not in the failure", async () => {
  const detail = 'messages.3: tool_use ids must be unique';
  [failures, failure] = [
    1,
    new Failure('Model.BadRequest', 'a:b: the provider refused the request (HTTP 400)', { detail }),
  ];
  await expect(discover()).rejects.toMatchObject({
    ...{ type: 'Model.BadRequest', nonRetryable: true },
    message: 'a:b: the provider refused the request (HTTP 400)',
  });
  const entry = logged.find(({ message }) => message.includes(detail));
  const kept = await testContext.deps.artifacts.get(String(entry?.meta?.artifact));
  expect(JSON.parse(kept.toString())).toMatchObject({ type: 'Model.BadRequest', provider: detail });
});
