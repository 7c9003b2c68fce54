/**
 * Tests a Test Auditor that knows only its prompt, like a real model, and updates old tests that the change turned red.
 */
import type { StepTask } from '../../../src/activities/contract';
import type { Worked } from '../../../src/domain/build/outcome';
import { judgeTests } from '../../../src/domain/evidence/evidence';
import type { ModelRequest } from '../../../src/ports/model';
import { openTestContext } from '../on-activity';
import type { TestContext } from '../on-activity';
import { MANIFEST, PRICE, PRICE_TEST, auditChange } from './audited';
import type { AuditedChange } from './audited';

const LONG_TEST = `${PRICE_TEST}// ${'x'.repeat(130_000)}\n`;

const WHOLE_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whole } from '../src/price.js';

test('whole amounts', () => assert.equal(whole(1205), 12));
`;

let answer: (request: ModelRequest) => object = answerWithUpdate;
let testContext: TestContext;
beforeAll(async () => {
  testContext = await openTestContext((request) => ({ output: answer(request) }));
});
afterAll(() => testContext?.close());

/** An answer that updates the old test: the whole file as the prompt shows it, with another expectation. */
function answerWithUpdate({ messages }: ModelRequest): object {
  const prompt = JSON.parse(JSON.stringify(messages[0])) as { text: string };
  const [, path = '', text = ''] =
    /<data name="old_test">\n(\S+) \([^\n]*\)\n([^]*?)\n<\/data>/.exec(prompt.text) ?? [];
  const content = text.replace("'12.05'", "'EUR 12.05'");
  const tested_by = 'cents are written as an amount';
  return {
    ...{ verdict: 'pass', objections: [], tests_added: [], test_command: [] },
    tests_updated: [{ path, content, criterion_id: 'C1', reason: 'amounts have a currency' }],
    criteria: [{ criterion_id: 'C1', tested_by, satisfied: true, note: '' }],
  };
}

const audit = (buildId: string, change: AuditedChange) => auditChange(testContext, buildId, change);

test('P1: the Test Auditor is shown the whole file of an old test that turned red, and updates it', async () => {
  const { outcome, prompt } = await audit('p1', {});
  expect(prompt).toContain('test/price.test.js (the whole file)');
  expect(outcome.objections).toEqual([]);
  expect(outcome.evidence).toMatchObject({
    counts: { passed: 2, failed: 0 },
    integrity: { baseline: { lost: 0 }, control: { shows: true, green: [] } },
  });
});

test('P1: an old test file that is too long to be shown whole cannot be replaced, and the objection says how many characters were not shown', async () => {
  const { outcome, prompt } = await audit('p1-long', { oldTest: LONG_TEST });
  const missing = LONG_TEST.length - 120_000;
  expect(prompt).toContain(
    `test/price.test.js (cut: the last ${missing} characters are missing; the tool read shows them)`,
  );
  expect(outcome.objections).toContainEqual(
    expect.stringContaining(`test/price.test.js was replaced whole, but ${missing} of its characters were not shown`),
  );
});

test("P2: a new test that the project's command does not run gets an objection that names the command, and not that it shows nothing", async () => {
  const tested_by = 'test/whole.test.js: whole amounts';
  answer = () => ({
    ...{ verdict: 'pass', objections: [], tests_added: [], tests_updated: [], test_command: [] },
    criteria: [{ criterion_id: 'C1', tested_by, satisfied: true, note: '' }],
  });
  const { outcome } = await audit('p2', {
    manifest: MANIFEST.replace('node --test', 'node --test test/price.test.js'),
    source: `${PRICE}export const whole = (cents) => Math.round(cents / 100);\n`,
    otherFiles: [{ path: 'test/whole.test.js', content: WHOLE_TEST }],
  });
  const notRunReason = 'test/whole.test.js: no test of it was run by the command "';
  expect(outcome.evidence?.integrity).toMatchObject({ notRun: ['test/whole.test.js'] });
  expect(outcome.objections).toContainEqual(expect.stringContaining(notRunReason));
  expect(outcome.objections?.join('\n')).not.toMatch(/show|added a test/);
});

test.each([
  ['ends as before', 3, []],
  ['ends in another way', 4, ['the test command ended with exit code 4']],
])('P6: a check after the tests fails at the base, and with the change it %s', async (_what, code, reasons) => {
  answer = () => ({
    ...{ verdict: 'pass', objections: [], tests_added: [], tests_updated: [], test_command: [] },
    criteria: [{ criterion_id: 'C1', tested_by: 'whole amounts', satisfied: true, note: '' }],
  });
  const check = `process.exit(require('node:fs').readFileSync('src/price.js', 'utf8').includes('whole') ? ${code} : 3)`;
  const { outcome } = await audit(`p6-${code}`, {
    manifest: JSON.stringify({ type: 'module', scripts: { test: 'node --test', posttest: 'node check.cjs' } }),
    otherBaseFiles: { 'check.cjs': check },
    source: `${PRICE}export const whole = (cents) => Math.round(cents / 100);\n`,
    otherFiles: [{ path: 'test/whole.test.js', content: WHOLE_TEST }],
  });
  expect(outcome.evidence).toMatchObject({ exitCode: code, integrity: { baseline: { exitCode: 3 } } });
  const verdict = judgeTests(outcome.evidence!, { commit: outcome.commit!, lockedDigest: null });
  expect(verdict).toEqual(reasons.length === 0 ? { pass: true } : { pass: false, reasons });
});

const RENAMED = PRICE_TEST.replace("'12.05'", "'EUR 12.05'").replace(
  'the separator is a point',
  'a point stands between',
);
const answerWithAdded = (content: string) => () => ({
  ...{ verdict: 'pass', objections: [], tests_added: [{ path: 'test/price.test.js', content }], test_command: [] },
  criteria: [{ criterion_id: 'C1', tested_by: 'cents are written as an amount', satisfied: true, note: '' }],
});
/** The same phase once more, as after a person's approval. */
const nextAttempt = (task: StepTask, { commit, locked }: Worked, digest: string): StepTask => ({
  ...{ ...task, attempt: 2, turn: 9, commit: commit!, locked: locked! },
  approvals: [{ gate: 'tampering', digest, actor: 'ada', at: '2026-11-26T09:00:00.000Z' }],
});

test('P1: if the Test Auditor renames a test that still passes, the build waits for a person, whose approval is for exactly this edit', async () => {
  answer = answerWithAdded(RENAMED);
  const { outcome, task } = await audit('p1-renamed', {});
  const [finding] = outcome.findings?.found ?? [];
  expect(finding).toMatchObject({ gate: 'tampering', mender: 'person', onApprove: 'testing', onReject: 'testing' });
  expect(finding?.summary).toContain(
    'drops or renames 1 tests that were there before the change: the separator is a point',
  );
  const shown = (await testContext.deps.artifacts.get(finding!.digest)).toString('utf8');
  expect(shown).toContain("-test('the separator is a point'");
  const approved = (await testContext.run('auditTests', nextAttempt(task, outcome, finding!.digest))) as Worked;
  expect(approved).toMatchObject({ objections: [], findings: { found: [] } });
  expect(approved.evidence?.integrity?.baseline).toMatchObject({ lost: 0 });
  // Another text of the file is another finding.
  answer = answerWithAdded(RENAMED.replace('a point stands between', 'there is a point'));
  const other = (await testContext.run('auditTests', {
    ...nextAttempt(task, outcome, finding!.digest),
    attempt: 3,
    turn: 10,
  })) as Worked;
  expect(other.findings?.found).toHaveLength(1);
  expect(other.findings?.found[0]?.digest).not.toBe(finding?.digest);
});

test('P1: if a test of the Test Auditor fails, no person is asked about the tests that it drops', async () => {
  answer = answerWithAdded(`${RENAMED}test('it is wrong', () => assert.equal(1, 2));\n`);
  const { outcome } = await audit('p1-wrong', {});
  expect(outcome.findings?.found).toEqual([]);
  expect(outcome.evidence).toMatchObject({ counts: { failed: 1 }, integrity: { baseline: { lost: 1 } } });
});

const answerWithNewText = (content: string) => () => ({
  ...answerWithAdded('')(),
  tests_added: [],
  tests_updated: [{ path: 'test/price.test.js', content, criterion_id: 'C1', reason: 'amounts have a currency' }],
});

test('P1: if the Test Auditor drops a test that still passes in two attempts, a person is asked each time', async () => {
  const content = RENAMED.replace(/test\('a point[^\n]*\n/, '');
  answer = answerWithNewText(content);
  const { outcome, task } = await audit('p1-twice', {});
  expect(outcome.findings?.found).toHaveLength(1);
  answer = answerWithNewText(`${content}// once more\n`);
  const second = (await testContext.run('auditTests', nextAttempt(task, outcome, 'sha256:other'))) as Worked;
  expect(second.findings?.found[0]?.summary).toContain('drops or renames 1 tests');
  expect(second.evidence?.integrity?.baseline).toMatchObject({ lost: 1, names: ['the separator is a point'] });
  const digest = second.findings!.found[0]!.digest;
  const approved = (await testContext.run('auditTests', nextAttempt(task, second, digest))) as Worked;
  expect(approved).toMatchObject({ objections: [], evidence: { integrity: { baseline: { lost: 0 } } } });
});

const ZERO = "test('nothing is written as zero', () => assert.equal(format(0), '0.00'));\n";
test.each([
  ['the change turned red', ZERO],
  ['was red before the change', ZERO.replace("'0.00'", "'nothing'")],
])(
  'P1: a test that %s may be replaced by another test; without a replacement a person must approve',
  async (what, red) => {
    const oldTest = `${PRICE_TEST}${red}`;
    const content = PRICE_TEST.replace("'12.05'", "'EUR 12.05'");
    answer = answerWithNewText(content);
    const { outcome, task } = await audit(`p1-red-${what.length}`, { oldTest });
    expect(outcome.findings?.found[0]?.summary).toContain(
      'drops or renames 1 tests that were there before the change: nothing is',
    );
    answer = answerWithNewText(`${content}${ZERO.replace('nothing', 'no amount').replace("'0.00'", "'EUR 0.00'")}`);
    const replaced = (await testContext.run('auditTests', { ...task, attempt: 2, turn: 9 })) as Worked;
    expect(replaced).toMatchObject({ objections: [], findings: { found: [] } });
  },
);

const POINT_TEST_LINE = /^test\('the separator is a point'.*$/m;
test.each([
  ['is emptied', "test('the separator is a point', () => {});"],
  ['checks less', "test('the separator is a point', () => assert.equal(typeof format(5), 'string'));"],
])(
  'if the Test Auditor keeps the name of a test and the test %s, the build waits for a person',
  async (what, weaker) => {
    const replaced = PRICE_TEST.replace("'12.05'", "'EUR 12.05'").replace(POINT_TEST_LINE, weaker);
    answer = answerWithNewText(replaced);
    const { outcome } = await audit(`weaker-${what.length}`, {});
    const [finding] = outcome.findings?.found ?? [];
    expect(finding).toMatchObject({ gate: 'tampering', mender: 'person', onReject: 'testing' });
    expect(finding?.summary).toBe(
      'test/price.test.js changed; the Test Auditor changes tests in it that the change did not turn red',
    );
  },
);
