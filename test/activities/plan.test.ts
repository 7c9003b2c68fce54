/**
 * Tests that planning uses the build's current commit, in the first attempt and after a rework.
 */
import type { StepTask } from '../../src/activities/contract';
import { openTestContext } from './on-activity';
import type { TestContext } from './on-activity';

const PLAN = {
  summary: 'One page.',
  steps: [{ text: 'Write it.', requirement_ids: [] }],
  success_criteria: [{ id: 'C1', requirement_ids: ['R1'], text: 'It greets.', tested_by: 'a test' }],
  ...{ components: [], testing_strategy: 'A test.', timeline: 'Now.' },
  ...{ security_considerations: [], performance_considerations: [] },
};
const DONE = { summary: 'Done.', test_cases: [], documentation: '', technical_notes: [], fixed: [] };

let testContext: TestContext;
afterEach(() => testContext?.close());

test('planning again after work was done sees the current files of the build, not those of its base', async () => {
  const files = [{ path: 'src/written-before.js', content: 'export {};\n' }];
  testContext = await openTestContext(({ phase }) => ({ output: phase === 'planning' ? PLAN : { ...DONE, files } }));
  const first = await testContext.run('plan', testContext.task({ phase: 'planning' }));
  const { base } = first as { base: string };
  const written = await testContext.run('writeCode', testContext.task({ base, commit: base }));
  const { commit } = written as { commit: string };
  const again: Partial<StepTask> = { phase: 'planning', attempt: 2, base, commit };
  expect(await testContext.run('plan', testContext.task(again))).toMatchObject({ kind: 'worked', base, commit });
  const [before, , after] = testContext.requests.map(({ messages }) => JSON.stringify(messages));
  expect(before).not.toContain('written-before.js');
  expect(after).toContain('src/written-before.js');
});

test.each<[string, Partial<typeof PLAN>, string]>([
  [
    'two criteria with one id',
    { success_criteria: [PLAN.success_criteria, PLAN.success_criteria].flat() },
    'two criteria have the id C1',
  ],
  [
    'a file that no role may write',
    {
      components: [
        { name: 'Hook', purpose: 'Runs.', files: ['./src/', '.git/hooks/pre-commit', 'a few tests'] },
      ] as never[],
    },
    'the plan names a file that no role may write: .git/hooks/pre-commit',
  ],
])(
  'a plan that cannot work, such as one with %s, is objected to before any code is paid for',
  async (_what, wrong, objection) => {
    testContext = await openTestContext(() => ({ output: { ...PLAN, ...wrong } }));
    const outcome = await testContext.run('plan', testContext.task({ phase: 'planning' }));
    expect(outcome).toMatchObject({ kind: 'worked', objections: [expect.stringContaining(objection)] });
  },
);
