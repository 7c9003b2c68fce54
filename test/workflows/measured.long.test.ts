/**
 * Tests that only measured test results count, and not the claims of models or external roles.
 */
import { EMPTY, GREEN, RED, TEST_FILE, atFirst, files, testOf } from './fake-models';
import type { Answer } from './fake-models';
import { advanceOf, openStage, pageOf, promptsOf } from './stage';
import { makeTestedPage } from './tested-page';
import type { Stage } from './stage';
import { verifies } from '../requirements/verifies';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.stop());

describe('defect 9: testing never passes on a word of a model:', () => {
  verifies('8.9');
  test('the claims "all tests passed" and "coverage 95" are stored nowhere, and the measured results are', async () => {
    const says = { tests: { total: 12, passed: 12 }, coverage: 95, test_results: 'all tests passed' };
    const run = await stage.begin({ answers: { implementation: () => says, testing: () => says } });
    await run.handle.result();
    const { outputs, evidence } = await run.state();
    expect(evidence).toMatchObject({ counts: { total: 1, passed: 1, failed: 0 }, coveragePercent: null });
    const report = (await stage.stack.deps.artifacts.get(outputs.testing?.digest ?? '')).toString();
    expect(JSON.parse(report)).toMatchObject({ evidence: [{ name: 'tests', ...evidence }] });
    expect(report).not.toMatch(/coverage"?:\s*95|all tests passed/);
  });

  verifies('1.6', '6.5', '8.9');
  test('the scripted auditor would pass the change, but its tests fail: the work goes back without a call of the auditor', async () => {
    const run = await stage.begin({ answers: { implementation: atFirst(files(RED)) } });
    await run.handle.result();
    const build = await run.state();
    expect(build.attempts).toMatchObject({ implementation: 2, testing: 2 });
    expect(promptsOf(run, 'testing')).toHaveLength(1);
    expect(promptsOf(run, 'implementation')[1]).toContain('failing test: it works');
  });

  test('the auditor fails a change whose tests pass: the work goes back with its objections', async () => {
    const testing = atFirst({ verdict: 'fail', objections: ['NO-EDGE-CASES'] });
    const run = await stage.begin({ answers: { testing } });
    await run.handle.result();
    expect((await run.state()).attempts).toMatchObject({ implementation: 2, testing: 2 });
    expect(promptsOf(run, 'implementation')[1]).toContain('NO-EDGE-CASES');
  });

  verifies('6.5');
  test('no test at all is sent back', async () => {
    const run = await stage.begin({ answers: { implementation: atFirst(files(EMPTY)) } });
    await run.handle.result();
    const sentBack = (await run.state()).handoffs.find((handoff) => handoff.notes.startsWith('sent back'));
    expect(sentBack?.notes).toContain('no test ran');
  });

  test('a test the auditor adds and that fails is sent back, and holds for the next attempt too', async () => {
    const path = 'test/audit.test.js';
    const content = testOf("require('node:assert').match(page, /repaired/)", 'it is repaired');
    const testing: Answer = ({ attempt }) => ({ tests_added: attempt === 1 ? [{ path, content }] : [] });
    const implementation: Answer = ({ attempt }) => files(GREEN, attempt === 1 ? 'first' : 'repaired');
    const run = await stage.begin({ answers: { testing, implementation } });
    await run.handle.result();
    const build = await run.state();
    expect(build.attempts).toMatchObject({ implementation: 2, testing: 2 });
    expect(promptsOf(run, 'implementation')[1]).toContain('failing test: it is repaired');
    expect(build.evidence).toMatchObject({
      counts: { total: 2, passed: 2 },
      integrity: { lockedDigest: build.locked?.digest, control: { files: 2, green: [] } },
    });
  });
});

test('with the Test Auditor external too, the Verification Overseer has the tests measured before it judges', async () => {
  const run = await stage.begin({ roles: { test_auditor: 'external' } });
  await run.reach('testing');
  // The gates ask which test shows each criterion; an auditor from outside says so too.
  const criteria = [{ criterion_id: 'C1', tested_by: TEST_FILE, satisfied: true, note: '' }];
  await run.send('advance', advanceOf('testing', { phase_result: { criteria } }));
  await run.send('advance', advanceOf('handoff_to_verifier'));
  await run.handle.result();
  expect(await run.state()).toMatchObject({ evidence: { exitCode: 0 }, attempts: { implementation: 1 } });
});

test('with an external Test Auditor, a change of an old test is a tampering finding', async () => {
  const repository = makeTestedPage(stage, 'with-a-test');
  const run = await stage.begin({
    roles: { test_auditor: 'external' },
    request: { repository: { path: repository } },
    start: { projectId: 'tampered', retriesPerPhase: 0 },
  });
  await run.reach('testing');
  const criteria = [{ criterion_id: 'C1', tested_by: TEST_FILE, satisfied: true, note: '' }];
  await run.send('advance', advanceOf('testing', { phase_result: { criteria } }));
  await run.send('advance', advanceOf('handoff_to_verifier'));
  const { failure } = await run.reach('error');
  expect(failure?.message).toMatch(
    /tampering with what judges the change \(digest sha256:[0-9a-f]{64}\): test\/page.test.js changed/,
  );
  expect(promptsOf(run, 'verification')).toEqual([]);
});

test('after the approval of a person the build continues, even if the Code Writer changes nothing more', async () => {
  const greets = testOf("require('node:assert').match(page, /hello/)", 'it greets');
  const run = await stage.begin({
    answers: { implementation: () => files(greets, 'hello') },
    request: { repository: { path: makeTestedPage(stage, 'to-be-approved') } },
    start: { projectId: 'approved', retriesPerPhase: 0 },
  });
  const { failure, findings = [] } = await run.reach('error');
  const digest = findings[0]?.digest ?? '';
  expect(failure).toMatchObject({ type: 'Decision.Needed', message: expect.stringContaining(digest) });
  expect((await stage.stack.deps.artifacts.get(digest)).toString()).toContain(TEST_FILE);
  await run.send('approve', { gate: 'tampering', digest, actor: 'ada', reason: 'the old test was too weak' });
  await run.handle.result();
  expect(await run.state()).toMatchObject({ release: { number: 1 }, evidence: { counts: { passed: 1, total: 1 } } });
  expect(await pageOf(stage, run)).toContain('hello');
});

verifies('1.4', '1.5');
test('an external Code Writer hands over files in its result, and the Test Auditor measures them', async () => {
  const run = await stage.begin({ roles: { code_writer: 'external' } });
  await run.reach('implementation');
  await run.send('advance', { ...advanceOf('implementation'), phase_result: files(RED, 'first') });
  await run.send('advance', advanceOf('handoff_to_tester'));
  const sentBack = await run.reach((build) => build.attempts.implementation === 2);
  expect(sentBack.feedback.join()).toContain('1 of 1 tests failed');
  expect(sentBack.handoffs.at(-1)).toMatchObject({ fromState: 'testing', data: { source: 'measured' } });
  await run.send('advance', { ...advanceOf('implementation'), phase_result: files(GREEN, 'second') });
  await run.send('advance', advanceOf('handoff_to_tester'));
  await run.handle.result();
  expect(await pageOf(stage, run)).toContain('second');
  expect((await run.state()).outputs).toMatchObject({
    implementation: { source: 'claimed' },
    testing: { source: 'measured' },
  });
});
