/**
 * Tests that findings stay until they are mended, and that the role which gave a wrong answer must mend it.
 */
import { GREEN, RED, TEST_FILE, atFirst, files, testOf } from './fake-models';
import type { Answer } from './fake-models';
import { openStage, promptsOf } from './stage';
import type { Stage } from './stage';
import { verifies } from '../requirements/verifies';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ scripted: false });
});
afterAll(() => stage?.stop());

const FOUNDED = [{ item: 'security', finding: 'Nothing found.', severity: 'none', evidence: 'index.html' }];
const UNFOUNDED = [{ ...FOUNDED[0], evidence: 'looks good' }];

test('R9: a Code Writer that changes nothing still gets the failing tests with their messages, and so does the person', async () => {
  const implementation: Answer = ({ attempt }) => files(RED, attempt === 1 ? 'first' : 'second');
  const run = await stage.begin({ answers: { implementation } });
  const failed = await run.reach('error');
  const prompts = promptsOf(run, 'implementation');
  // The first attempt fails its test, the second changes the page and fails again, the third changes nothing.
  expect(prompts).toHaveLength(4);
  expect(prompts[3]).toContain('the Code Writer changed no file');
  expect(prompts[3]).toContain('it works');
  expect(prompts[3]).toContain('never written');
  expect(failed.failure?.type).toBe('Retries.Exhausted');
  expect(failed.failure?.message).toMatch(/; last: .*failing test: it works; the Code Writer changed no file/);
  expect(failed.failing).toEqual(expect.stringMatching(/^sha256:/));
});

test('R10: an overseer whose checklist cites no evidence must answer again, and no other role is called', async () => {
  let asked = 0;
  const verification: Answer = () => ({ checklist: (asked += 1) === 1 ? UNFOUNDED : FOUNDED });
  const run = await stage.begin({ answers: { verification } });
  await run.handle.result();
  const [, second] = promptsOf(run, 'verification');
  expect(second).toContain('its evidence names no file, test, digest or commit that exists');
  expect(await run.state()).toMatchObject({ attempts: { implementation: 1, testing: 1, verification: 1 } });
});

test('R10: an overseer that never mends its checklist is asked again from the start, and the Code Writer is not', async () => {
  const run = await stage.begin({
    answers: { verification: () => ({ checklist: UNFOUNDED }) },
    request: { retries: { per_phase: 1 } },
    start: { retriesPerPhase: 1 },
  });
  const failed = await run.reach('error');
  expect(failed.attempts).toMatchObject({ implementation: 1, verification: 2 });
  expect(promptsOf(run, 'verification')).toHaveLength(6);
  expect(failed.failure?.message).toContain('Verification Overseer has done verification again 1 of 1 times');
});

test('R10: an auditor whose test shows nothing gets the reason, and the build takes its next test', async () => {
  const path = 'test/own.test.js';
  const shown = [{ criterion_id: 'C1', tested_by: `${path}: it greets`, satisfied: true, note: '' }];
  const ofOwn = (content: string) => ({ tests_added: [{ path, content }], criteria: shown });
  let asked = 0;
  const testing: Answer = () =>
    (asked += 1) === 1
      ? ofOwn("require('node:test')('it greets', () => {});\n")
      : ofOwn(testOf("require('node:assert').match(page, /<h1>/)", 'it greets'));
  const run = await stage.begin({ answers: { testing } });
  await run.handle.result();
  const [, second] = promptsOf(run, 'testing');
  expect(second).toMatch(/"it greets\\*" passes without the change, too: nothing is shown by that/);
  const { attempts, commit, projectId, buildId } = await run.state();
  expect(attempts).toMatchObject({ implementation: 1, testing: 1 });
  const at = { projectId, buildId, commit: commit ?? '' };
  expect(await stage.stack.deps.workspace.read(at, path)).toContain('/<h1>/');
});

test('R10: an auditor that never mends a test that shows nothing is asked again from the start, and the Code Writer is not', async () => {
  const path = 'test/own.test.js';
  const shown = [{ criterion_id: 'C1', tested_by: `${path}: it greets`, satisfied: true, note: '' }];
  const content = "require('node:test')('it greets', () => {});\n";
  const testing: Answer = () => ({ tests_added: [{ path, content }], criteria: shown });
  const run = await stage.begin({ answers: { testing }, start: { retriesPerPhase: 1 } });
  const failed = await run.reach('error');
  expect(failed.attempts).toMatchObject({ implementation: 1, testing: 2 });
  expect(failed.failure?.message).toContain('Test Auditor has done testing again 1 of 1 times');
});

test('R10: an auditor that writes production code is refused before any test run', async () => {
  const testing: Answer = ({ step }) =>
    step === 1 ? { tests_added: [{ path: 'index.html', content: '<h1>mine</h1>' }] } : {};
  const run = await stage.begin({ answers: { testing } });
  await run.handle.result();
  expect(promptsOf(run, 'testing')[1]).toContain('the Test Auditor may add tests only; index.html is none');
  expect(await run.state()).toMatchObject({ attempts: { implementation: 1, testing: 1 } });
});

verifies('1.2', '6.3');
test('a plan without a criterion for a requirement is mended by the planner before any code is paid for', async () => {
  const first = [{ id: 'C1', requirement_ids: ['R9'], text: 'It greets.', kind: 'new', tested_by: TEST_FILE }];
  let asked = 0;
  const planning: Answer = () => ((asked += 1) === 1 ? { success_criteria: first } : {});
  const run = await stage.begin({ answers: { planning, implementation: () => files(GREEN) } });
  await run.handle.result();
  expect(promptsOf(run, 'planning')[1]).toContain('requirement R1 has no success criterion');
  expect(await run.state()).toMatchObject({ attempts: { planning: 1 } });
});

test('a script is asked once: objections to its answer go to the next attempt', async () => {
  const scripted = await openStage();
  const run = await scripted.begin({ answers: { verification: atFirst({ checklist: UNFOUNDED }) } });
  await run.handle.result();
  expect(await run.state()).toMatchObject({ attempts: { implementation: 1, verification: 2 } });
  await scripted.stop();
});
