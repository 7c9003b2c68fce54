/**
 * Tests the repository report before the first model call: its contents, and the failures that end the survey.
 */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RepositoryReport } from '../../src/domain/repository-report';
import type { CheckoutInput } from '../../src/ports/checkouts';
import { writeRepository } from '../write-repository';
import { HANG, TEST_FILE, testOf } from './fake-models';
import { openStage } from './stage';
import type { Run, Stage } from './stage';

const prepared: CheckoutInput[] = [];
let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  const { checkouts } = stage.stack.deps;
  stage.stack.deps.checkouts = {
    ...checkouts,
    with: (input, use) => {
      prepared.push(input);
      return checkouts.with(input, use);
    },
  };
});
afterAll(() => stage?.stop());

const given = (name: string, files: Record<string, string>): string =>
  writeRepository(join(stage.stack.config.dataDir, `given-${name}`), files);

const PAGE = { 'index.html': '<h1>page</h1>\n', [TEST_FILE]: testOf("require('node:assert').match(page, /<h1>/)") };

async function reportOf(run: Run): Promise<RepositoryReport> {
  const { survey } = await run.reach(({ survey }) => survey != null);
  const stored = await stage.stack.deps.artifacts.get(survey?.digest ?? '');
  return JSON.parse(stored.toString('utf8')) as RepositoryReport;
}

/** Discovery answers, planning waits: the survey is over then. */
const begin = (name: string, request: object) =>
  stage.begin({ start: { projectId: `survey-${name}` }, answers: { planning: HANG }, request });

test('the report names the contents of the repository and the results of its own tests', async () => {
  const files = {
    ...PAGE,
    'AGENTS.md': 'Use tabs.\n',
    'docs/CONTRIBUTING.md': 'Ask first.\n',
    'package.json': '{"scripts": {"test": "node --test"}}\n',
    'src/app.py': 'print(1)\n',
  };
  const path = given('found', files);
  const run = await begin('found', { repository: { path }, commands: undefined });
  const report = await reportOf(run);
  expect(report).toMatchObject({
    version: 1,
    workdir: '',
    size: { files: 6 },
    languages: expect.arrayContaining([expect.objectContaining({ language: 'Python', files: 1, bytes: 9 })]),
    tests: { status: 'green', total: 1, passed: 1, failed: 0, red: [], flaky: [] },
    agent_files: [
      { path: 'AGENTS.md', bytes: 10, digest: expect.stringMatching(/^sha256:/) },
      { path: 'docs/CONTRIBUTING.md', bytes: 11, digest: expect.any(String) },
    ],
    not_measured: [],
  });
  expect(report.tests.command?.join(' ')).toBe('npm test');
  expect(report.tests.seconds).toBeGreaterThan(0);
  expect((await run.state()).survey?.summary).toMatchObject({ status: 'green', tests: 1, red: 0, flaky: 0 });
});

test('P6: a base that is red is no obstacle: the report names the red file and counts its tests, and the build goes on', async () => {
  const fails = "require('node:assert').match(page, /never/)";
  const red = `${testOf(fails, 'it dreams')}require('node:test')('it sleeps', () => ${fails});\n`;
  const path = given('red', { ...PAGE, 'test/red.test.js': red });
  const run = await begin('red', { repository: { path } });
  expect((await reportOf(run)).tests).toMatchObject({
    ...{ status: 'red', passed: 1, failed: 2, red: ['test/red.test.js'] },
    counted: { red_entries: 1, red_tests: 2, flaky_tests: 0 },
  });
  expect((await run.state()).survey?.summary).toMatchObject({ red: 2 });
  await run.reach('planning');
});

test('P6: a test that fails now and then is named as flaky, and the base is not red for it', async () => {
  const sways =
    "require('node:test')('it sways', () => require('node:assert')(require('node:fs').existsSync('calm')));\n";
  const path = given('flaky', { ...PAGE, 'test/flaky.test.js': sways });
  const { runners } = stage.stack.deps;
  let runs = 0;
  stage.stack.deps.runners = {
    ...runners,
    run(input) {
      if (++runs === 2) writeFileSync(join(input.checkout.folder, 'calm'), '');
      return runners.run(input);
    },
  };
  try {
    const run = await begin('flaky', { repository: { path } });
    const { tests } = await reportOf(run);
    expect({ tests, runs }).toMatchObject({
      ...{ runs: 2, tests: { status: 'green', red: [], flaky: ['test/flaky.test.js it sways'], passed: 2 } },
    });
    await run.reach('planning');
  } finally {
    stage.stack.deps.runners = runners;
  }
});

test.each<[string, Record<string, string>, string[]]>([
  ['an empty test folder', { 'index.html': '<h1>x</h1>\n' }, ['node', '--test']],
  ['a test that is still to be written', { 'index.html': '<h1>x</h1>\n' }, ['node', 'test/later.test.js']],
])('a base without tests is no obstacle: %s', async (name, files, command) => {
  const path = given(`none-${name.length}`, files);
  const run = await begin(`none-${name.length}`, { repository: { path }, commands: { test: command } });
  const { tests, not_measured } = await reportOf(run);
  expect(tests).toMatchObject({ status: 'none', total: null });
  expect(not_measured).toHaveLength(1);
  await run.reach('planning');
});

test('an empty repository is neither installed nor tested', async () => {
  const before = prepared.length;
  const run = await begin('empty', {});
  const { tests, not_measured, size } = await reportOf(run);
  expect({ tests, not_measured, size }).toMatchObject({
    ...{ tests: { status: 'none', runner: null }, size: { files: 0, bytes: 0 } },
    not_measured: [expect.stringContaining('the repository is empty')],
  });
  expect(prepared.length).toBe(before);
});

describe('R1: an obstacle takes the build to error before the first model call', () => {
  test.each<[string, string[], RegExp]>([
    ['a program that is not there', ['no-such-runner', '--all'], /"no-such-runner --all" .*Install the program/s],
    ['a module that is not there', ['node', 'run-tests.js'], /Give commands\.setup.*Cannot find module 'no-such/s],
  ])('%s', async (name, command, message) => {
    const path = given(`way-${name.length}`, { ...PAGE, 'run-tests.js': "require('no-such-package');\n" });
    const run = await begin(`way-${name.length}`, { repository: { path }, commands: { test: command } });
    const build = await run.reach('error');
    expect(build).toMatchObject({
      failure: { type: 'Environment.TestsCannotRun', phase: 'discovery', isBeforeWork: true },
      ...{ usage: { calls: 0 }, attempts: { discovery: 0 }, redone: { discovery: 0 } },
    });
    expect(build.failure?.message).toMatch(message);
    expect(run.calls()).toEqual([]);
    const details = await stage.stack.deps.artifacts.get(build.failure?.detailsDigest ?? '');
    expect(details.toString('utf8')).toMatch(message);
    // The same attempt again, and what was not kept is tried again.
    await run.send('retry', { reason: 'once more' });
    const again = await run.reach(({ state, failures }) => state === 'error' && failures.discovery === 2);
    expect(again).toMatchObject({ attempts: { discovery: 0 }, feedback: [], usage: { calls: 0 } });
  });
});

describe('R11: a repository that cannot be read is a typed failure at once, and nothing is paid', () => {
  test.each<[string, (path: string) => object, RegExp]>([
    ['a wrong base_ref', (path) => ({ path, base_ref: 'no-such-branch' }), /no commit at "no-such-branch"/],
    ['a folder that is no repository', (path) => ({ path: dirname(path) }), /could not be read|is not/],
    ['a folder that is not there', (path) => ({ path: `${path}-gone` }), /is not a folder here/],
  ])('%s', async (name, repository, message) => {
    const path = given(`r11-${name.length}`, PAGE);
    const run = await begin(`r11-${name.length}`, { repository: repository(path) });
    const build = await run.reach('error');
    expect(build.failure).toMatchObject({ type: 'Workspace.RepositoryUnreadable', isBeforeWork: true });
    expect(build.failure?.message).toMatch(message);
    expect(run.calls()).toEqual([]);
  });

  test('a url whose server does not answer: tried some times, then a person is asked', async () => {
    const run = await begin('url', { repository: { url: 'https://no-such-host.invalid/x.git' } });
    const build = await run.reach('error');
    expect(build.failure).toMatchObject({ type: 'Workspace.RepositoryUnreadable', isBeforeWork: true });
    expect(run.calls()).toEqual([]);
  });
});

test('measurements are stored: a second build on the same base installs and tests nothing', async () => {
  const path = given('twice', PAGE);
  const first = await begin('twice', { repository: { path } });
  const report = await reportOf(first);
  const before = prepared.length;
  const second = await begin('twice', { repository: { path } });
  expect(await reportOf(second)).toEqual(report);
  expect(prepared.length).toBe(before);
});
