/**
 * Tests that a flaky test does not stop a change, whichever repeated run shows that it is flaky (P6). The test sets the outcome of
 * each run; the repository and the gate are real.
 */
import { isTestPath } from '../../../src/domain/files';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { Deps } from '../../../src/activities/deps';
import { measureTests } from '../../../src/activities/testing/measure';
import type { Measured } from '../../../src/activities/testing/measure';
import { judgeTests } from '../../../src/domain/evidence/evidence';
import type { TestCase, TestRun } from '../../../src/ports/test-runner';
import { openTestContext, SILENT } from '../on-activity';
import type { TestContext } from '../on-activity';

const OLD = ['first', 'second', 'now and then'];
const LOCKED = { path: 'test/new.test.js', text: "require('node:test')('new', () => {});\n" };

let testContext: TestContext;
beforeAll(async () => (testContext = await openTestContext(() => ({ output: {} }))));
afterAll(() => testContext?.close());

interface RunOutcomes {
  /** For each run at the base and on the candidate, in order: does the test "now and then" pass? */
  base: boolean[];
  candidate: boolean[];
  /** True: the Test Auditor has locked a test. */
  isLocked: boolean;
}

/** The verdict of the gate on a change, if an old test has these outcomes. */
async function verdictOn(buildId: string, { base: atBase, candidate, isLocked }: RunOutcomes) {
  const { workspace } = testContext.deps;
  const repo = { projectId: 'shop', buildId };
  const empty = await workspace.prepare(repo);
  const manifest = {
    path: 'package.json',
    content: `{ "name": "${buildId}", "scripts": { "test": "node --test" } }\n`,
  };
  const { commit: base } = await workspace.apply({ ...repo, ...empty }, [manifest], 'base');
  const code = { path: 'src/a.js', content: 'module.exports = 1;\n' };
  const { commit } = await workspace.apply({ ...repo, commit: base }, [code], 'change');
  let currentCommit = '';
  const outcomesLeft = { base: [...atBase], candidate: [...candidate] };
  const checkouts: Deps['checkouts'] = {
    ...testContext.deps.checkouts,
    with: (input, use) => {
      currentCommit = input.at.commit;
      return use({} as never);
    },
  };
  const run: Deps['runners']['run'] = ({ locked = [] }) => {
    const isControl = currentCommit === base && locked.length > 0;
    const passes = isControl || (currentCommit === base ? outcomesLeft.base : outcomesLeft.candidate).shift() === true;
    const newTests = locked.length === 0 ? [] : [caseOf(LOCKED.path, 'new', !isControl)];
    return Promise.resolve(
      runOf([...OLD.map((name) => caseOf('test/old.test.js', name, name !== 'now and then' || passes)), ...newTests]),
    );
  };
  const deps: Deps = { ...testContext.deps, checkouts, runners: { ...testContext.deps.runners, run } };
  const locked = { files: isLocked ? [LOCKED] : [], lock: isLocked ? { digest: 'sha256:1' } : null } as never;
  const excused = { moved: new Map<string, string>(), mayBeLost: () => false };
  const place = { repo, base, commit, commands: undefined, overrides: {}, locked, changedTests: [], excused };
  const activity = new MockActivityEnvironment({}, { logger: SILENT });
  const measured = await activity.run((): Promise<Measured | undefined> =>
    measureTests(deps, { ...place, approved: [], isTest: isTestPath, keepsAll: !isLocked, needsControl: isLocked }),
  );
  return judgeTests(measured?.evidence ?? null, { commit, lockedDigest: isLocked ? 'sha256:1' : null } as never);
}

const caseOf = (file: string, name: string, passes: boolean): TestCase => ({
  ...{ file, name },
  status: passes ? 'passed' : 'failed',
});

function runOf(tests: TestCase[]): TestRun {
  const failing = tests.filter(({ status }) => status === 'failed').map(({ name }) => name);
  const counts = { total: tests.length, passed: tests.length - failing.length, failed: failing.length, skipped: 0 };
  return {
    ...{ runner: 'node-test', command: ['npm', 'test'], exitCode: failing.length === 0 ? 0 : 1, timedOut: false },
    ...{ tests, counts, failing, failures: [], coverage: null, sentinel: { kept: true, reason: '' } },
    ...{ output: '', durationMs: 100 },
  };
}

const [ALWAYS, NEVER] = [Array<boolean>(9).fill(true), Array<boolean>(9).fill(false)];

test.each([
  ['when the candidate is run again', { base: ALWAYS, candidate: [false, true] }],
  ['when the base is run again', { base: [true, true, false], candidate: NEVER }],
])(
  'P6: a test that turns out to be flaky %s does not count against the change, with and without locked tests',
  async (when, outcomes) => {
    expect(await verdictOn(`${when.length}-kept`, { ...outcomes, isLocked: false })).toEqual({ pass: true });
    expect(await verdictOn(`${when.length}-locked`, { ...outcomes, isLocked: true })).toEqual({ pass: true });
  },
);

test('P6: a test that the change breaks counts against it', async () => {
  const outcomes = { base: ALWAYS, candidate: NEVER, isLocked: false };
  expect(await verdictOn('broken', outcomes)).toMatchObject({ pass: false });
});
