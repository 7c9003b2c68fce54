/**
 * Tests how earlier outputs are read: an output of a model fits its schema, and of an external claim only valid members are kept.
 */
import { readEarlierOutput } from '../../src/activities/earlier-outputs';
import {
  requestAndPlanText,
  criteriaFacts,
  keepsAll,
  planFacts,
} from '../../src/activities/verification/facts/promises';
import { openTestContext } from './on-activity';

const SPECIFICATION = {
  summary: 'A page.',
  requirements: [{ id: 'R1', text: 'It greets.' }],
  ...{ constraints: [], assumptions: [], risks: [], open_questions: [], success_criteria: [] },
};

test('an output of a configured model is read whole, and an external output is a claim even if it fits the schema', () => {
  expect(readEarlierOutput('discovery', SPECIFICATION, 'model')).toEqual({
    ...{ source: 'model', stored: SPECIFICATION, output: SPECIFICATION },
  });
  expect(readEarlierOutput('discovery', SPECIFICATION, 'claimed')).toMatchObject({ source: 'claimed' });
});

test('without a source, as in tasks of an older worker, an output that fits the whole schema counts as the output of a model', () => {
  expect(readEarlierOutput('discovery', SPECIFICATION, undefined).source).toBe('model');
  expect(readEarlierOutput('discovery', { summary: 'A page.' }, undefined)).toMatchObject({
    ...{ source: 'claimed', output: { summary: 'A page.' } },
  });
});

test('an output of a model that lacks a newer member of the schema is read as a claim', () => {
  const { success_criteria: _, ...older } = SPECIFICATION;
  expect(readEarlierOutput('discovery', older, 'model')).toMatchObject({ source: 'claimed', output: older });
});

test('a claim keeps each member of the right type, at every depth and of any length', () => {
  const id = 'Criterion no. 1 of a plan that was written elsewhere';
  const stored = {
    success_criteria: [{ id, tested_by: 'by eye', requirement_ids: 7 }, 'junk', { kind: 'kept', id: null }],
    components: [{ files: ['a.js', 3, null] }, null],
    testing_strategy: 'x'.repeat(5_000),
    timeline: 3,
  };
  expect(readEarlierOutput('planning', stored, 'claimed').output).toEqual({
    success_criteria: [{ id, tested_by: 'by eye' }, {}, { kind: 'kept' }],
    components: [{ files: ['a.js'] }, {}],
    testing_strategy: 'x'.repeat(5_000),
  });
});

test.each([null, 7, 'text', [], [[]], { success_criteria: 'all' }, { success_criteria: [null] }, { criteria: {} }])(
  'from the output %j no fact for a gate is read',
  (stored) => {
    for (const source of ['claimed', 'model', undefined] as const) {
      const plan = readEarlierOutput('planning', stored, source);
      expect(keepsAll(plan)).toBe(false);
      expect(planFacts(plan)).toMatchObject({ testingStrategy: '', paths: [] });
      expect(criteriaFacts(readEarlierOutput('testing', stored, source), null)).toEqual({ report: [], tests: null });
    }
  },
);

test('an unreadable criterion still counts as a criterion, which needs a test', () => {
  expect(planFacts(readEarlierOutput('planning', { success_criteria: ['be good'] }, 'claimed')).criteria).toEqual([
    { id: '', testedBy: '' },
  ]);
});

test('the request and the plan of the Q Assistant count as asked for, the testing strategy does not', () => {
  const plan = {
    ...{ summary: 'One image.', components: [{ name: 'Start', purpose: 'It runs.', files: ['Dockerfile'] }] },
    ...{ steps: [{ text: 'Write it.', requirement_ids: [] }], testing_strategy: 'Tested in CI.' },
    success_criteria: [{ id: 'C1', requirement_ids: ['R1'], text: 'It starts.', tested_by: 'a pipeline' }],
  };
  const outputs = {
    discovery: readEarlierOutput('discovery', SPECIFICATION, 'model'),
    planning: readEarlierOutput('planning', plan, 'claimed'),
  };
  const { paths, text } = requestAndPlanText({ requirements: 'A page in a container' }, outputs);
  expect(paths).toEqual(['Dockerfile']);
  for (const part of [
    'A page in a container',
    'It greets.',
    'One image.',
    'Start',
    'It runs.',
    'Write it.',
    'It starts.',
  ])
    expect(text).toContain(part);
  expect(text).not.toMatch(/CI|pipeline/);
  expect(requestAndPlanText({ requirements: { page: 'red' } }, {})).toMatchObject({
    paths: [],
    text: expect.stringContaining('red'),
  });
});

test('handed-over files include deletions, and a list entry that is no file has no members', () => {
  const files = [{ path: 'a', content: 'x' }, { path: 'b', content: null }, { path: 'c' }, 7];
  expect(readEarlierOutput('implementation', { files }, 'claimed').output.files).toEqual([...files.slice(0, 3), {}]);
});

test('a plan is made even if an external specification has no list of requirements', async () => {
  const plan = {
    ...{ summary: 'One page.', components: [], steps: [{ text: 'Write it.', requirement_ids: [] }] },
    success_criteria: [{ id: 'C1', requirement_ids: ['R1'], text: 'It greets.', tested_by: 'a test', kind: 'new' }],
    ...{ testing_strategy: 'A test.', timeline: 'Now.', security_considerations: [], performance_considerations: [] },
  };
  const testContext = await openTestContext(() => ({ output: plan }));
  for (const [attempt, requirements] of [
    'It greets.',
    { R1: 'It greets.' },
    [{ text: 'It greets.' }, null],
  ].entries()) {
    const { digest } = await testContext.deps.artifacts.put(JSON.stringify({ requirements }));
    const task = testContext.task({ phase: 'planning', attempt, outputs: { discovery: digest } });
    expect(await testContext.run('plan', task)).toMatchObject({ kind: 'worked', objections: [] });
  }
  await testContext.close();
});
