/**
 * Tests that after an approval the stored answer is judged again once, and that the role is called where there are new objections.
 */
import { MockActivityEnvironment } from '@temporalio/testing';
import type { StepTask } from '../../../src/activities/contract';
import { takeStep } from '../../../src/activities/steps/take-step';
import type { PhaseDefinition } from '../../../src/activities/steps/take-step';
import { Failure } from '../../../src/domain/failures';
import type { Worked } from '../../../src/domain/build/outcomes';
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
type End = Partial<Worked> | Error;

/** One activity of an attempt; `ends`: what each judgement of its phase comes to. Tells how many were made. */
async function attempt(
  over: Partial<StepTask> & { attempt: number },
  ends: End[],
  phase: 'discovery' | 'testing' = 'discovery',
) {
  let judged = 0;
  const at = { projectId: 'shop', buildId: 'b1', commit: over.tree ?? COMMIT };
  const part: PhaseDefinition<typeof phase> = {
    ...{ at, base: at.commit, setsBase: false, overrides: {} },
    open: () => Promise.resolve({ text: 'What is it?', files: [], guides: [] }),
    async finish({ by, usage }) {
      const end = ends[judged++] ?? {};
      if (end instanceof Error) throw end;
      const output = await testContext.deps.artifacts.put('{}');
      return { kind: 'worked', by, usage, output, objections: [], notes: '', ...end };
    },
  };
  const task = { ...testContext.task({ phase, commit: COMMIT, ...over }), phase };
  const around = new MockActivityEnvironment({}, { logger: SILENT });
  const outcome = await around.run(() => takeStep(testContext.deps, task, part)).catch((error: unknown) => error);
  return { outcome, judged };
}
const hold = (phase?: 'testing') =>
  attempt({ attempt: 1 }, [{ objections: ['not needed'], findings: { judged: [], found: [FINDING] } }], phase);
const AGAINST = { objections: ['something else'] };

test('the stored answer is taken without a call if there are no objections', async () => {
  await hold();
  const { outcome } = await attempt({ attempt: 2, adopts: 1 }, [{}]);
  expect(outcome).toMatchObject({ kind: 'worked', by: 'fake:model', usage: { calls: 0 } });
  expect(testContext.requests).toHaveLength(1);
});

test('an answer that is not taken is judged once, however often its role has to be asked', async () => {
  await hold();
  answers = [
    () => {
      throw new Failure('Model.Unavailable', 'down');
    },
  ];
  const first = await attempt({ attempt: 2, adopts: 1 }, [AGAINST]);
  expect(first.outcome).toMatchObject({ type: 'Model.Unavailable' });
  const { outcome, judged } = await attempt({ attempt: 2, adopts: 1 }, [{ notes: 'of the new answer' }]);
  expect({ outcome, judged }).toMatchObject({
    judged: 1,
    outcome: { notes: 'of the new answer', usage: { calls: 1 } },
  });
});

test('a call that was paid after it was not taken is counted by the next try', async () => {
  await hold();
  const first = await attempt({ attempt: 2, adopts: 1 }, [AGAINST, new Error('the disk is full')]);
  expect(first.judged).toBe(2);
  const { outcome } = await attempt({ attempt: 2, adopts: 1 }, [{}]);
  expect(outcome).toMatchObject({ kind: 'worked', usage: { calls: 1 } });
  expect(testContext.requests).toHaveLength(2);
});

test('the role is called if the build has no evidence for the phase', async () => {
  await hold('testing');
  const { outcome, judged } = await attempt({ attempt: 2, adopts: 1 }, [{ evidence: null }, AGAINST], 'testing');
  expect({ outcome, judged }).toMatchObject({ judged: 2, outcome: { objections: ['something else'] } });
});

test('the role is asked where another commit is to be judged than it was asked about', async () => {
  await hold();
  const { outcome, judged } = await attempt({ attempt: 2, adopts: 1, tree: 'd'.repeat(40) }, [{}]);
  expect({ outcome, judged }).toMatchObject({ judged: 1, outcome: { usage: { calls: 1 } } });
  expect(testContext.requests).toHaveLength(2);
});
