/**
 * R19, by git: an external Code Writer clones the build's branch and pushes to it; the pushed commit is measured and released.
 */
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataFolders } from '../../src/programs/data-folders';
import { TWICE, TWICE_TEST, commitAll, createPushing, git, gitNow, sumRepository } from './pushing';
import { serveApi } from './served';
import type { Api } from './served';
import { verifies } from '../requirements/verifies';

const place = mkdtempSync(join(tmpdir(), 'q-push-'));
let api: Api;
beforeAll(async () => {
  api = await serveApi({ api: { repositoryRoots: [place] } });
});
afterAll(async () => {
  await api.stop();
  rmSync(place, { recursive: true, force: true });
});

const pushing = () => createPushing(api, place, { path: sumRepository(place) });
const storeOf = (project: string) => join(dataFolders(api.stack.config.dataDir).repositories, `${project}.git`);
const WORK = { 'src/twice.js': TWICE, 'test/twice.test.js': TWICE_TEST };

test('R19: what a Code Writer pushes to the branch is measured, judged and live, without a file in its result', async () => {
  const { project, startedUpTo, advanceFrom, clone, end } = pushing();
  await startedUpTo('b1', 'implementation');
  const folder = await clone('b1');
  const pushed = commitAll(folder, WORK, 'Double numbers');
  expect(await git(folder, 'push', '-q', 'origin', 'HEAD')).toEqual({ code: 0, says: '' });
  await advanceFrom('b1', 'implementation', { summary: 'pushed' });
  expect(await end('b1')).toMatchObject({ type: 'released', data: { release: 1 } });
  const { releases } = dataFolders(api.stack.config.dataDir);
  expect(readFileSync(join(releases, project, 'current', 'src/twice.js'), 'utf8')).toBe(TWICE);
  // Its own commits are in the build's branch, and a pull gives the commit that went live.
  expect((await git(folder, 'pull', '-q', '--ff-only')).code).toBe(0);
  expect(gitNow(folder, ['log', '-1', '--format=%P']).split(' ')).toContain(pushed);
});

test('R19: the API and the worker name one branch, also where the request is amended', async () => {
  const { project, startedUpTo, advanceFrom, clone, end } = pushing();
  await startedUpTo('b1', 'implementation');
  const folder = await clone('b1');
  commitAll(folder, WORK, 'Double numbers');
  expect((await git(folder, 'push', '-q', 'origin', 'HEAD')).code).toBe(0);
  const change = { retries: { per_phase: 2 }, reason: 'fewer' };
  expect((await api.patch(`/api/workflows/${project}.b1/request`, change)).status).toBe(200);
  const more = commitAll(folder, { 'src/more.js': 'export const more = 1;\n' }, 'More');
  expect(await git(folder, 'push', '-q', 'origin', 'HEAD')).toEqual({ code: 0, says: '' });
  await advanceFrom('b1', 'implementation', { summary: 'pushed' });
  await end('b1');
  const branches = gitNow(storeOf(project), ['for-each-ref', '--format=%(refname) %(parent)', 'refs/heads']);
  expect(branches).toMatch(/^refs\/heads\/builds\/b1\.[0-9a-f]{16} [0-9a-f]{40} [0-9a-f]{40}$/);
  expect(branches).toContain(more);
});

test('R19: files in the result replace pushed files', async () => {
  const { startedUpTo, advanceFrom, clone, end, project } = pushing();
  await startedUpTo('b1', 'implementation');
  const folder = await clone('b1');
  commitAll(folder, { ...WORK, 'src/twice.js': TWICE.replace('2 *', '3 *') }, 'Treble numbers');
  expect((await git(folder, 'push', '-q', 'origin', 'HEAD')).code).toBe(0);
  await advanceFrom('b1', 'implementation', { files: [{ path: 'src/twice.js', content: TWICE }] });
  expect(await end('b1')).toMatchObject({ type: 'released' });
  const { releases } = dataFolders(api.stack.config.dataDir);
  expect(readFileSync(join(releases, project, 'current', 'test/twice.test.js'), 'utf8')).toBe(TWICE_TEST);
});

test('R19: pushed work whose tests fail is not released', async () => {
  const { startedUpTo, advanceFrom, clone, end } = pushing();
  await startedUpTo('b1', 'implementation');
  const folder = await clone('b1');
  commitAll(folder, { ...WORK, 'src/twice.js': TWICE.replace('2 *', '3 *') }, 'Treble numbers');
  expect((await git(folder, 'push', '-q', 'origin', 'HEAD')).code).toBe(0);
  await advanceFrom('b1', 'implementation', { summary: 'pushed' });
  const reason = expect.stringMatching(/1 of 2 tests failed/);
  expect(await end('b1')).toMatchObject({ type: 'not_released', data: { reason } });
});

test.each([
  ['a path with an invisible character', 'src/a\u200b.js', /PathRefused.*src\/a\u200b\.js.*invisible/],
  ['a path with a backslash', 'src\\a.js', /PathRefused.*src.+a\.js.*backslash/],
])(
  '%s in what was pushed is refused by its name',
  async (_case, path, reason) => {
    const { startedUpTo, advanceFrom, clone, end } = pushing();
    await startedUpTo('b1', 'implementation');
    const folder = await clone('b1');
    commitAll(folder, { [path]: 'export {};\n' }, 'An odd name');
    expect((await git(folder, 'push', '-q', 'origin', 'HEAD')).code).toBe(0);
    await advanceFrom('b1', 'implementation', { summary: 'pushed' });
    expect(await end('b1')).toMatchObject({ type: 'not_released', data: { reason: expect.stringMatching(reason) } });
  },
  60_000,
);

test('a pushed link that leads out by way of another link is refused by its name', async () => {
  const { startedUpTo, advanceFrom, clone, end } = pushing();
  await startedUpTo('b1', 'implementation');
  const folder = await clone('b1');
  symlinkSync('.', join(folder, 'here'));
  symlinkSync('here/../etc', join(folder, 'out'));
  commitAll(folder, {}, 'Links');
  expect((await git(folder, 'push', '-q', 'origin', 'HEAD')).code).toBe(0);
  await advanceFrom('b1', 'implementation', { summary: 'pushed' });
  const reason = expect.stringMatching(/PathRefused.*"out".*leads out/);
  expect(await end('b1')).toMatchObject({ type: 'not_released', data: { reason } });
});

test('a build on a shallow clone is cloned and pushed to as any', async () => {
  const shallow = mkdtempSync(join(place, 'shallow-'));
  const whole = sumRepository(place);
  commitAll(whole, { 'README.md': 'The sum of two numbers.\n' }, 'Say what it is');
  gitNow(shallow, ['clone', '-q', '--depth=1', `file://${whole}`, '.']);
  const { project, startedUpTo, advanceFrom, clone, end } = createPushing(api, place, { path: shallow });
  await startedUpTo('b1', 'implementation');
  const folder = await clone('b1');
  const pushed = commitAll(folder, WORK, 'Double numbers');
  expect(await git(folder, 'push', '-q', 'origin', 'HEAD')).toEqual({ code: 0, says: '' });
  await advanceFrom('b1', 'implementation', { summary: 'pushed' });
  expect(await end('b1')).toMatchObject({ type: 'released' });
  expect(gitNow(storeOf(project), ['log', '--format=%H', '--branches'])).toContain(pushed);
});

verifies('9.16');
test('a clone shows the branches of builds and nothing else, also where a commit is known by its id', async () => {
  const { project, url, startedUpTo, clone } = pushing();
  await startedUpTo('b1', 'implementation');
  const store = storeOf(project);
  await clone('b1');
  const hidden = gitNow(store, ['commit-tree', gitNow(store, ['mktree'], ''), '-m', 'hidden']);
  gitNow(store, ['update-ref', 'refs/parked/b1/g1', hidden]);
  gitNow(store, ['update-ref', 'refs/heads/secret', hidden]);
  const listed = await git(place, 'ls-remote', url);
  expect(listed.says.split('\n').filter(Boolean)).toEqual([
    expect.stringMatching(/^[0-9a-f]{40}\trefs\/heads\/builds\/b1$/),
  ]);
  const folder = await clone('b1');
  for (const protocol of ['0', '1', '2']) {
    const fetched = await git(folder, '-c', `protocol.version=${protocol}`, 'fetch', 'origin', hidden);
    expect(fetched.code).not.toBe(0);
  }
});

test('a rollback moves the pushed commits to a parked branch, and later pushes go to the new branch', async () => {
  const { project, startedUpTo, advance, advanceFrom, clone, end } = pushing();
  await startedUpTo('b1', 'implementation');
  const first = await clone('b1');
  const left = commitAll(first, { 'src/left.js': 'export {};\n' }, 'Left behind');
  expect((await git(first, 'push', '-q', 'origin', 'HEAD')).code).toBe(0);
  const back = { target_state: 'planning', reason: 'another idea' };
  expect((await api.post(`/api/workflows/${project}.b1/rollback`, back)).status).toBe(200);
  for (const state of ['planning', 'handoff_to_coder'] as const) await advance('b1', state);
  const second = await clone('b1');
  expect(gitNow(second, ['log', '--format=%s'])).toBe('The sum');
  expect(gitNow(storeOf(project), ['for-each-ref', '--format=%(objectname)', 'refs/parked'])).toBe(left);
  commitAll(second, WORK, 'Double numbers');
  expect((await git(second, 'push', '-q', 'origin', 'HEAD')).code).toBe(0);
  await advanceFrom('b1', 'implementation', { summary: 'pushed' });
  expect(await end('b1')).toMatchObject({ type: 'released' });
  expect(gitNow(storeOf(project), ['log', '--format=%s', '--branches'])).not.toContain('Left behind');
});

test('what was pushed before a rollback is not handed over after it, even where nothing is pushed again', async () => {
  const { project, startedUpTo, advance, advanceFrom, clone, end } = pushing();
  await startedUpTo('b1', 'implementation');
  const folder = await clone('b1');
  commitAll(folder, WORK, 'Double numbers');
  expect((await git(folder, 'push', '-q', 'origin', 'HEAD')).code).toBe(0);
  const back = { target_state: 'planning', reason: 'another idea' };
  expect((await api.post(`/api/workflows/${project}.b1/rollback`, back)).status).toBe(200);
  for (const state of ['planning', 'handoff_to_coder'] as const) await advance('b1', state);
  await advanceFrom('b1', 'implementation', { summary: 'nothing' });
  expect(await end('b1')).toMatchObject({ type: 'not_released', data: { reason: expect.stringMatching(/no role/) } });
});

test('a trailer in a pushed commit is only text: its change is judged as any', async () => {
  const { project, startedUpTo, advanceFrom, clone, end } = pushing();
  await startedUpTo('b1', 'implementation');
  const folder = await clone('b1');
  const mark = (turn: number) =>
    `Q-Build: ${project}.b1\nQ-Phase: implementation\nQ-Generation: 1\nQ-Attempt: 1\nQ-Turn: ${turn}`;
  const wrong = { ...WORK, 'src/twice.js': TWICE.replace('2 *', '3 *') };
  commitAll(folder, wrong, `Double numbers\n\n${mark(10)}`);
  expect((await git(folder, 'push', '-q', 'origin', 'HEAD')).code).toBe(0);
  await advanceFrom('b1', 'implementation', { files: [{ path: 'src/twice.js', content: TWICE }] });
  expect(await end('b1')).toMatchObject({ type: 'released' });
});
