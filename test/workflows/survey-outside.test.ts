/**
 * Tests the survey of a build with external roles: it runs while the build waits for the first role, and no answer is lost.
 */
import { join } from 'node:path';
import { statusOf } from '../../src/domain/build/status';
import type { BuildState } from '../../src/domain/build/state';
import type { Phase } from '../../src/domain/roles';
import type { State } from '../../src/domain/states';
import { statusQuery } from '../../src/workflows/messages';
import { writeRepository } from '../write-repository';
import { HANG, TEST_FILE, testOf } from './fake-models';
import { advanceOf, openStage } from './stage';
import type { Run, Scene, Stage } from './stage';

let stage: Stage;
/** What the next look waits for. */
let held: Promise<void> | undefined;
beforeAll(async () => {
  stage = await openStage();
  const { checkouts } = stage.stack.deps;
  stage.stack.deps.checkouts = {
    ...checkouts,
    async look(at, overrides) {
      await held;
      return checkouts.look(at, overrides);
    },
  };
});
afterAll(() => stage?.stop());

function pageRepository(name: string): string {
  const test = testOf("require('node:assert').match(page, /<h1>/)");
  const files = { 'index.html': '<h1>page</h1>\n', [TEST_FILE]: test };
  return writeRepository(join(stage.stack.config.dataDir, `given-${name}`), files);
}

const begin = (name: string, request: object, more: Omit<Scene, 'start' | 'request'> = { roles: 'external' }) =>
  stage.begin({ start: { projectId: `outside-${name}`, looksFirst: true }, request, ...more });

function hold(): () => void {
  let letGo: () => void = () => undefined;
  held = new Promise((resolve) => (letGo = resolve));
  return () => {
    held = undefined;
    letGo();
  };
}
const cardOf = (run: Run) => run.handle.query(statusQuery);
const isSurveyed = ({ survey }: BuildState) => survey != null;

test('R11: the report of a build whose roles are all outside is there before the first of them is awaited', async () => {
  const letGo = hold();
  const run = await begin('report', { repository: { path: pageRepository('report') } });
  expect(await cardOf(run)).toMatchObject({
    status: 'in_progress',
    expects: {
      role: 'q_assistant',
      task: expect.stringContaining('an advance from role "q_assistant" is taken at once'),
    },
  });
  letGo();
  const build = await run.reach(isSurveyed);
  expect(build).toMatchObject({ state: 'discovery', revision: 0, survey: { summary: { status: 'green', tests: 1 } } });
  expect(await cardOf(run)).toMatchObject({ status: 'waiting', expects: { role: 'q_assistant' } });
});

test.each<[string, (path: string) => object, string]>([
  ['a wrong base_ref', (path) => ({ repository: { path, base_ref: 'mian' } }), 'Workspace.RepositoryUnreadable'],
  [
    'a test program that is not there',
    (path) => ({ repository: { path }, commands: { test: ['no-such-runner'] } }),
    'Environment.TestsCannotRun',
  ],
])('R11: with all roles outside %s ends in error at once, and a retry looks again', async (name, request, type) => {
  const run = await begin(`wrong-${name.length}`, request(pageRepository(`wrong-${name.length}`)));
  const build = await run.reach('error');
  expect(build).toMatchObject({
    failure: { type, phase: 'discovery', isBeforeWork: true, detailsDigest: expect.any(String) },
    attempts: { discovery: 0 },
  });
  await run.send('retry', { reason: 'once more' });
  const again = await run.reach(({ state, failures }) => state === 'error' && failures.discovery === 2);
  expect(again).toMatchObject({ attempts: { discovery: 0 }, redone: { discovery: 0 } });
});

test('an advance during the survey is taken at once, and the report comes after it', async () => {
  const letGo = hold();
  const run = await begin('advanced', { repository: { path: pageRepository('advanced') } });
  await run.send('advance', advanceOf('discovery'));
  expect(statusOf(await run.state())).toBe('waiting');
  letGo();
  const build = await run.reach(isSurveyed);
  expect(build).toMatchObject({ state: 'planning', outputs: { discovery: { source: 'claimed' } } });
});

test.each<[string, State[], Phase]>([
  ['a phase', ['discovery'], 'planning'],
  ['a handoff', ['discovery', 'planning'], 'implementation'],
])(
  'a failed survey in %s stops the build, and the output of the external role is kept',
  async (name, states, phase) => {
    const letGo = hold();
    const path = pageRepository(`late-${phase}`);
    const run = await begin(`late-${phase}`, { repository: { path }, commands: { test: ['no-such-runner'] } });
    for (const state of states) await run.send('advance', advanceOf(state));
    letGo();
    const build = await run.reach('error');
    expect(build).toMatchObject({
      failure: { type: 'Environment.TestsCannotRun', phase, detailsDigest: expect.any(String) },
      ...{ attempts: { discovery: 1, [phase]: 0 }, outputs: { discovery: { source: 'claimed' } } },
    });
    const renewed = hold();
    await run.send('retry', { reason: 'installed it' });
    expect(await run.state()).toMatchObject({ state: phase, attempts: { [phase]: 1 } });
    await run.send('cancel', { reason: 'enough' });
    await expect(run.handle.result()).rejects.toThrow();
    renewed();
  },
);

test('a role with a model uses the survey that was made during the wait for an external role', async () => {
  const letGo = hold();
  const request = { repository: { path: pageRepository('mixed') } };
  const run = await begin('mixed', request, { roles: { q_assistant: 'external' }, answers: { planning: HANG } });
  await run.send('advance', advanceOf('discovery'));
  expect(run.calls()).toEqual([]);
  letGo();
  expect(await run.reach(isSurveyed)).toMatchObject({ state: 'planning' });
  await run.send('cancel', { reason: 'enough' });
});

test('a build that ends during the survey does not wait for it', async () => {
  const letGo = hold();
  const run = await begin('ended', { repository: { path: pageRepository('ended') } });
  await run.send('cancel', { reason: 'enough' });
  await expect(run.handle.result()).rejects.toThrow();
  expect((await run.state()).survey).toBeUndefined();
  letGo();
});
