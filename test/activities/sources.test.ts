/**
 * Tests that an activity reads the request and the earlier outputs once, even if several parts of it use them.
 */
import type { StepTask } from '../../src/activities/contract';
import type { Worked } from '../../src/domain/build/outcome';
import type { ArtifactStore } from '../../src/ports/artifacts';
import { GREEN, TEST_COMMAND, TEST_FILE, testOf } from '../workflows/fake-models';
import { openTestContext } from './on-activity';
import type { TestContext, Reply } from './on-activity';

const CRITERION = { id: 'C1', requirement_ids: ['R1'], text: 'It greets.', tested_by: TEST_FILE, kind: 'new' };
const ADDED_TEST = testOf("require('node:assert').match(page, /h1/)", 'it has a heading');
const PAGE = { path: 'index.html', content: '<h1>page</h1>\n' };

let attempt = 0;
const answers: Record<string, () => object> = {
  testing: () => ({
    ...{ verdict: 'pass', objections: [] },
    tests_added: [{ path: `test/added-${attempt}.test.js`, content: `${ADDED_TEST}// ${attempt}\n` }],
    criteria: [{ criterion_id: 'C1', tested_by: TEST_FILE, satisfied: true, note: '' }],
  }),
  verification: () => ({
    approved: true,
    checklist: [{ item: 'security', finding: 'Nothing.', severity: 'none', evidence: 'index.html' }],
    recommendations: [],
  }),
};

let testContext: TestContext;
beforeAll(async () => {
  testContext = await openTestContext(({ phase }): Reply => ({ output: answers[phase]?.() ?? {} }));
});
afterAll(() => testContext?.close());

/** The store, with a count of how often each digest was read. */
function countReads(store: ArtifactStore) {
  const reads = new Map<string, number>();
  const get = (digest: string) => {
    reads.set(digest, (reads.get(digest) ?? 0) + 1);
    return store.get(digest);
  };
  return { artifacts: { ...store, get }, reads };
}

/** The task of a build whose Code Writer is external: its files are only in the output of implementation. */
async function taskAt(phase: StepTask['phase'], over: Partial<StepTask> = {}): Promise<StepTask> {
  const put = async (value: unknown) => (await testContext.deps.artifacts.put(JSON.stringify(value))).digest;
  const outputs = {
    discovery: await put({ requirements: [{ id: 'R1' }] }),
    planning: await put({ success_criteria: [CRITERION], testing_strategy: 'a test' }),
    implementation: await put({ summary: 'A page.', files: [{ path: TEST_FILE, content: GREEN }, PAGE] }),
  };
  const ids = { user_id: 'ada', project_id: 'shop', build_id: 'b1' };
  const request = await put({ ...ids, requirements: 'A page', commands: { test: TEST_COMMAND } });
  const sources = {
    discovery: 'claimed',
    planning: 'claimed',
    implementation: 'claimed',
    testing: 'measured',
  } as const;
  return testContext.task({ phase, request, outputs, sources, ...over });
}

test('each activity of testing reads each digest once, also if tests are locked and more are added', async () => {
  attempt = 1;
  const first = (await testContext.run('auditTests', await taskAt('testing', { attempt }))) as Worked;
  expect(first).toMatchObject({ objections: [], locked: { files: { 'test/added-1.test.js': expect.any(String) } } });
  attempt = 2;
  const { artifacts, reads } = countReads(testContext.deps.artifacts);
  const secondTask = await taskAt('testing', {
    attempt,
    turn: 9,
    base: first.base!,
    commit: first.commit!,
    locked: first.locked!,
  });
  // The first attempt has published the handed-over files already.
  const second = (await testContext.run('auditTests', secondTask, { artifacts })) as Worked;
  expect(second).toMatchObject({ objections: [], evidence: { integrity: { control: { files: 3 } } } });
  // Two activities read it: the first measures and stores the results, the second asks the model.
  expect(reads.get(secondTask.request)).toBe(2);
  expect([...reads].filter(([, times]) => times > 2)).toEqual([]);
  expect(reads.size).toBe(6);
});

test('each activity of verification reads each digest once, with tests to be measured first', async () => {
  const { artifacts, reads } = countReads(testContext.deps.artifacts);
  const task = await taskAt('verification', { buildId: 'b2' });
  const testing = (await testContext.deps.artifacts.put(JSON.stringify(answers.testing!()))).digest;
  const outcome = await testContext.run('verify', { ...task, outputs: { ...task.outputs, testing } }, { artifacts });
  expect(outcome).toMatchObject({ objections: [], evidence: { counts: { passed: 1 } } });
  // Two activities read each source once; one digest is the stored result of the first activity.
  expect([...reads.values()].sort()).toEqual([1, 2, 2, 2, 2, 2]);
});
