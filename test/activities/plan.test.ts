/**
 * Planning, the first time and again: the plan is made over the tree that the build stands on.
 */
import type { StepTask } from '../../src/activities/contract';
import { openBench } from './on-activity';
import type { Bench } from './on-activity';

const PLAN = {
  summary: 'One page.',
  steps: [{ text: 'Write it.', requirement_ids: [] }],
  success_criteria: [{ id: 'C1', requirement_ids: ['R1'], text: 'It greets.', tested_by: 'a test' }],
  ...{ components: [], testing_strategy: 'A test.', timeline: 'Now.' },
  ...{ security_considerations: [], performance_considerations: [] },
};
const DONE = { summary: 'Done.', test_cases: [], documentation: '', technical_notes: [], fixed: [] };

let bench: Bench;
afterEach(() => bench?.close());

test('planning again after work was done sees the files of the build, not those it began with', async () => {
  const files = [{ path: 'src/written-before.js', content: 'export {};\n' }];
  bench = await openBench(({ phase }) => ({ output: phase === 'planning' ? PLAN : { ...DONE, files } }));
  const first = await bench.run('plan', bench.task({ phase: 'planning' }));
  const { base } = first as { base: string };
  const written = await bench.run('writeCode', bench.task({ base, commit: base }));
  const { commit } = written as { commit: string };
  const again: Partial<StepTask> = { phase: 'planning', attempt: 2, base, commit };
  expect(await bench.run('plan', bench.task(again))).toMatchObject({ kind: 'worked', base, commit });
  const [before, , after] = bench.requests.map(({ messages }) => JSON.stringify(messages));
  expect(before).not.toContain('written-before.js');
  expect(after).toContain('src/written-before.js');
});
