/**
 * Runs the testing phase on one small change, with real git, a real sandbox and a model that the test defines.
 */
import type { StepTask } from '../../../src/activities/contract';
import type { Worked } from '../../../src/domain/build/outcome';
import type { FileChange } from '../../../src/ports/workspace';
import type { TestContext } from '../on-activity';

export const PRICE = 'export const format = (cents) => (cents / 100).toFixed(2);\n';
export const WITH_CURRENCY = PRICE.replace('(cents / 100)', "'EUR ' + (cents / 100)");
export const PRICE_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format } from '../src/price.js';

test('cents are written as an amount', () => assert.equal(format(1205), '12.05'));
test('the separator is a point', () => assert.ok(format(1).includes('.')));
`;
export const MANIFEST = '{ "type": "module", "scripts": { "test": "node --test" } }\n';
/** What the script of the manifest runs; npm takes longer to start than these tests to run. */
const WITHOUT_NPM = { commands: { test: ['node', '--test'] } };
const CRITERION = { id: 'C1', requirement_ids: ['R1'], text: 'A currency.', tested_by: 'a test', kind: 'new' };
export interface AuditedChange {
  oldTest?: string;
  manifest?: string;
  source?: string;
  /** Files that the Code Writer hands over beside `src/price.js`. */
  otherFiles?: FileChange[];
  /** Files of the base beside the manifest, the source and the old test. */
  otherBaseFiles?: Record<string, string>;
}

export async function auditChange(
  testContext: TestContext,
  buildId: string,
  {
    oldTest = PRICE_TEST,
    manifest = MANIFEST,
    source = WITH_CURRENCY,
    otherFiles = [],
    otherBaseFiles = {},
  }: AuditedChange,
): Promise<{ outcome: Worked; task: StepTask; prompt: string }> {
  const { artifacts, workspace } = testContext.deps;
  const put = async (value: unknown) => (await artifacts.put(JSON.stringify(value))).digest;
  const repo = { projectId: 'shop', buildId };
  const empty = await workspace.prepare(repo);
  const tree = { 'package.json': manifest, 'src/price.js': PRICE, 'test/price.test.js': oldTest, ...otherBaseFiles };
  const baseFiles = Object.entries(tree).map(([path, content]) => ({ path, content }));
  const { commit: start } = await workspace.apply({ ...repo, ...empty }, baseFiles, 'start');
  const mark = { phase: 'implementation', generation: 1, attempt: 1, turn: 1 } as const;
  const { commit: base } = await workspace.publish(
    { ...repo, ...empty },
    { draftCommit: start, message: 'start', mark },
  );
  const change = [{ path: 'src/price.js', content: source }, ...otherFiles];
  const ids = { user_id: 'ada', project_id: 'shop', build_id: buildId };
  const task: StepTask = testContext.task({
    ...{ buildId, phase: 'testing', base, commit: base, turn: 5 },
    request: await put({ ...ids, requirements: 'A currency', ...(manifest === MANIFEST ? WITHOUT_NPM : {}) }),
    outputs: {
      discovery: await put({ requirements: [{ id: 'R1' }] }),
      planning: await put({ success_criteria: [CRITERION], testing_strategy: 'a test' }),
      implementation: await put({ summary: 'A currency.', files: change }),
    },
    sources: { discovery: 'claimed', planning: 'claimed', implementation: 'claimed' },
  });
  const outcome = (await testContext.run('auditTests', task)) as Worked;
  return { outcome, task, prompt: JSON.stringify(testContext.requests.at(-1)?.messages) };
}
