/**
 * Tests that after an approval the stored answer is judged again once, and that the role is called if there are new objections.
 */
import { MockActivityEnvironment } from '@temporalio/testing';
import type { StepTask } from '../../../src/activities/contract';
import { takeStep } from '../../../src/activities/steps/take-step';
import type { PhaseDefinition } from '../../../src/activities/steps/take-step';
import { Failure } from '../../../src/domain/failures';
import type { Worked } from '../../../src/domain/build/outcome';
import { openTestContext, SILENT } from '../on-activity';
import type { TestContext } from '../on-activity';

const SPECIFICATION = {
  summary: 'A page.',
  requirements: [{ id: 'R1', text: 'It greets.' }],
  ...{ constraints: [], assumptions: [], risks: [], open_questions: [], success_criteria: [] },
};
const AUDIT = { verdict: 'pass', tests_added: [], tests_updated: [], criteria: [], objections: [] };
const FINDING = {
  ...{ gate: 'experiments', digest: `sha256:${'a'.repeat(64)}`, summary: 'not needed', mender: 'code_writer' as const },
  ...{ onApprove: 'discovery' as const, onReject: null },
};

let testContext: TestContext;
let answers: Array<() => void>;
beforeEach(async () => {
  answers = [];
  testContext = await openTestContext(({ phase }) => {
    answers.shift()?.();
    return { output: phase === 'testing' ? AUDIT : SPECIFICATION };
  });
});
afterEach(() => testContext.close());

const COMMIT = 'c'.repeat(40);
type Judgement = Partial<Worked> | Error;

/** Runs one activity of an attempt. `ends`: the result of each judgement, in order. Returns the outcome and the number of judgements. */
async function attempt(
  over: Partial<StepTask> & { attempt: number },
  ends: Judgement[],
  phase: 'discovery' | 'testing' = 'discovery',
) {
  let judgements = 0;
  const at = { projectId: 'shop', buildId: 'b1', commit: over.tree ?? COMMIT };
  const definition: PhaseDefinition<typeof phase> = {
    ...{ at, base: at.commit, setsBase: false, overrides: {} },
    open: () => Promise.resolve({ text: 'What is it?', files: [], guides: [] }),
    async finish({ by, usage }) {
      const end = ends[judgements++] ?? {};
      if (end instanceof Error) throw end;
      const output = await testContext.deps.artifacts.put('{}');
      return { kind: 'worked', by, usage, output, objections: [], notes: '', ...end };
    },
  };
  const task = { ...testContext.task({ phase, commit: COMMIT, ...over }), phase };
  const environment = new MockActivityEnvironment({}, { logger: SILENT });
  const outcome = await environment
    .run(() => takeStep(testContext.deps, task, definition))
    .catch((error: unknown) => error);
  return { outcome, judgements };
}
const runHeldAttempt = (phase?: 'testing') =>
  attempt({ attempt: 1 }, [{ objections: ['not needed'], findings: { judged: [], found: [FINDING] } }], phase);
const OBJECTED = { objections: ['something else'] };

test('the stored answer is adopted without a call if there are no objections', async () => {
  await runHeldAttempt();
  const { outcome } = await attempt({ attempt: 2, adopts: 1 }, [{}]);
  expect(outcome).toMatchObject({ kind: 'worked', by: 'fake:model', usage: { calls: 0 } });
  expect(testContext.requests).toHaveLength(1);
});

test('a stored answer that is not adopted is judged once, even if the call of its role fails and is tried again', async () => {
  await runHeldAttempt();
  answers = [
    () => {
      throw new Failure('Model.Unavailable', 'down');
    },
  ];
  const first = await attempt({ attempt: 2, adopts: 1 }, [OBJECTED]);
  expect(first.outcome).toMatchObject({ type: 'Model.Unavailable' });
  const { outcome, judgements } = await attempt({ attempt: 2, adopts: 1 }, [{ notes: 'of the new answer' }]);
  expect({ outcome, judgements }).toMatchObject({
    judgements: 1,
    outcome: { notes: 'of the new answer', usage: { calls: 1 } },
  });
});

test('a call that was paid in a failed try is counted by the next try', async () => {
  await runHeldAttempt();
  const first = await attempt({ attempt: 2, adopts: 1 }, [OBJECTED, new Error('the disk is full')]);
  expect(first.judgements).toBe(2);
  const { outcome } = await attempt({ attempt: 2, adopts: 1 }, [{}]);
  expect(outcome).toMatchObject({ kind: 'worked', usage: { calls: 1 } });
  expect(testContext.requests).toHaveLength(2);
});

test('the role is called if the build has no evidence for the phase', async () => {
  await runHeldAttempt('testing');
  const { outcome, judgements } = await attempt({ attempt: 2, adopts: 1 }, [{ evidence: null }, OBJECTED], 'testing');
  expect({ outcome, judgements }).toMatchObject({ judgements: 2, outcome: { objections: ['something else'] } });
});

test('the role is asked again if the commit to judge is not the one of the stored answer', async () => {
  await runHeldAttempt();
  const { outcome, judgements } = await attempt({ attempt: 2, adopts: 1, tree: 'd'.repeat(40) }, [{}]);
  expect({ outcome, judgements }).toMatchObject({ judgements: 1, outcome: { usage: { calls: 1 } } });
  expect(testContext.requests).toHaveLength(2);
});
