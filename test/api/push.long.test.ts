/**
 * R19, by git: tests that an external Code Writer can clone the build's branch and push to it, and that its commits are released.
 */
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataFolders } from '../../src/programs/data-folders';
import { TWICE, TWICE_TEST, commitAll, createPushing, git, gitSync, sumRepository } from './pushing';
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

test('R19: commits that a Code Writer pushes to the branch are measured, judged and released, without a file in its result', async () => {
  const { project, startUpTo, advanceFrom, clone, releaseEvent } = pushing();
  await startUpTo('b1', 'implementation');
  const folder = await clone('b1');
  const pushedCommit = commitAll(folder, WORK, 'Double numbers');
  expect(await git(folder, 'push', '-q', 'origin', 'HEAD')).toEqual({ code: 0, output: '' });
  await advanceFrom('b1', 'implementation', { summary: 'pushed' });
  expect(await releaseEvent('b1')).toMatchObject({ type: 'released', data: { release: 1 } });
  const { releases } = dataFolders(api.stack.config.dataDir);
  expect(readFileSync(join(releases, project, 'current', 'src/twice.js'), 'utf8')).toBe(TWICE);
  // The pushed commit is in the build's branch, and a pull gives the released commit.
  expect((await git(folder, 'pull', '-q', '--ff-only')).code).toBe(0);
  expect(gitSync(folder, ['log', '-1', '--format=%P']).split(' ')).toContain(pushedCommit);
});

test('R19: the API and the worker use one branch, also after the request is amended', async () => {
  const { project, startUpTo, advanceFrom, clone, releaseEvent } = pushing();
  await startUpTo('b1', 'implementation');
  const folder = await clone('b1');
  commitAll(folder, WORK, 'Double numbers');
  expect((await git(folder, 'push', '-q', 'origin', 'HEAD')).code).toBe(0);
  const change = { retries: { per_phase: 2 }, reason: 'fewer' };
  expect((await api.patch(`/api/workflows/${project}.b1/request`, change)).status).toBe(200);
  const secondCommit = commitAll(folder, { 'src/more.js': 'export const more = 1;\n' }, 'More');
  expect(await git(folder, 'push', '-q', 'origin', 'HEAD')).toEqual({ code: 0, output: '' });
  await advanceFrom('b1', 'implementation', { summary: 'pushed' });
  await releaseEvent('b1');
  const branches = gitSync(storeOf(project), ['for-each-ref', '--format=%(refname) %(parent)', 'refs/heads']);
  expect(branches).toMatch(/^refs\/heads\/builds\/b1\.[0-9a-f]{16} [0-9a-f]{40} [0-9a-f]{40}$/);
  expect(branches).toContain(secondCommit);
});

test('R19: files in the result replace pushed files', async () => {
  const { startUpTo, advanceFrom, clone, releaseEvent, project } = pushing();
  await startUpTo('b1', 'implementation');
  const folder = await clone('b1');
  commitAll(folder, { ...WORK, 'src/twice.js': TWICE.replace('2 *', '3 *') }, 'Treble numbers');
  expect((await git(folder, 'push', '-q', 'origin', 'HEAD')).code).toBe(0);
  await advanceFrom('b1', 'implementation', { files: [{ path: 'src/twice.js', content: TWICE }] });
  expect(await releaseEvent('b1')).toMatchObject({ type: 'released' });
  const { releases } = dataFolders(api.stack.config.dataDir);
  expect(readFileSync(join(releases, project, 'current', 'test/twice.test.js'), 'utf8')).toBe(TWICE_TEST);
});

test('R19: pushed work whose tests fail is not released', async () => {
  const { startUpTo, advanceFrom, clone, releaseEvent } = pushing();
  await startUpTo('b1', 'implementation');
  const folder = await clone('b1');
  commitAll(folder, { ...WORK, 'src/twice.js': TWICE.replace('2 *', '3 *') }, 'Treble numbers');
  expect((await git(folder, 'push', '-q', 'origin', 'HEAD')).code).toBe(0);
  await advanceFrom('b1', 'implementation', { summary: 'pushed' });
  const reason = expect.stringMatching(/1 of 2 tests failed/);
  expect(await releaseEvent('b1')).toMatchObject({ type: 'not_released', data: { reason } });
});

test.each([
  ['a path with an invisible character', 'src/a\u200b.js', /PathRefused.*src\/a\u200b\.js.*invisible/],
  ['a path with a backslash', 'src\\a.js', /PathRefused.*src.+a\.js.*backslash/],
])(
  'pushed work with %s is not released, and the reason names the path',
  async (_case, path, reason) => {
    const { startUpTo, advanceFrom, clone, releaseEvent } = pushing();
    await startUpTo('b1', 'implementation');
    const folder = await clone('b1');
    commitAll(folder, { [path]: 'export {};\n' }, 'An odd name');
    expect((await git(folder, 'push', '-q', 'origin', 'HEAD')).code).toBe(0);
    await advanceFrom('b1', 'implementation', { summary: 'pushed' });
    expect(await releaseEvent('b1')).toMatchObject({
      type: 'not_released',
      data: { reason: expect.stringMatching(reason) },
    });
  },
  60_000,
);

test('a pushed link that leads out through another link is refused, and the reason names it', async () => {
  const { startUpTo, advanceFrom, clone, releaseEvent } = pushing();
  await startUpTo('b1', 'implementation');
  const folder = await clone('b1');
  symlinkSync('.', join(folder, 'here'));
  symlinkSync('here/../etc', join(folder, 'out'));
  commitAll(folder, {}, 'Links');
  expect((await git(folder, 'push', '-q', 'origin', 'HEAD')).code).toBe(0);
  await advanceFrom('b1', 'implementation', { summary: 'pushed' });
  const reason = expect.stringMatching(/PathRefused.*"out".*leads out/);
  expect(await releaseEvent('b1')).toMatchObject({ type: 'not_released', data: { reason } });
});

test('a build on a shallow clone can be cloned and pushed to like any other', async () => {
  const shallowClone = mkdtempSync(join(place, 'shallow-'));
  const fullRepository = sumRepository(place);
  commitAll(fullRepository, { 'README.md': 'The sum of two numbers.\n' }, 'Say what it is');
  gitSync(shallowClone, ['clone', '-q', '--depth=1', `file://${fullRepository}`, '.']);
  const { project, startUpTo, advanceFrom, clone, releaseEvent } = createPushing(api, place, { path: shallowClone });
  await startUpTo('b1', 'implementation');
  const folder = await clone('b1');
  const pushedCommit = commitAll(folder, WORK, 'Double numbers');
  expect(await git(folder, 'push', '-q', 'origin', 'HEAD')).toEqual({ code: 0, output: '' });
  await advanceFrom('b1', 'implementation', { summary: 'pushed' });
  expect(await releaseEvent('b1')).toMatchObject({ type: 'released' });
  expect(gitSync(storeOf(project), ['log', '--format=%H', '--branches'])).toContain(pushedCommit);
});

verifies('9.16');
test('a clone shows only the branches of builds, and cannot fetch another commit by its id', async () => {
  const { project, url, startUpTo, clone } = pushing();
  await startUpTo('b1', 'implementation');
  const store = storeOf(project);
  await clone('b1');
  const hiddenCommit = gitSync(store, ['commit-tree', gitSync(store, ['mktree'], ''), '-m', 'hidden']);
  gitSync(store, ['update-ref', 'refs/parked/b1/g1', hiddenCommit]);
  gitSync(store, ['update-ref', 'refs/heads/secret', hiddenCommit]);
  const refs = await git(place, 'ls-remote', url);
  expect(refs.output.split('\n').filter(Boolean)).toEqual([
    expect.stringMatching(/^[0-9a-f]{40}\trefs\/heads\/builds\/b1$/),
  ]);
  const folder = await clone('b1');
  for (const protocol of ['0', '1', '2']) {
    const fetch = await git(folder, '-c', `protocol.version=${protocol}`, 'fetch', 'origin', hiddenCommit);
    expect(fetch.code).not.toBe(0);
  }
});

test('a rollback moves the pushed commits to a parked branch, and later pushes go to the new branch', async () => {
  const { project, startUpTo, advance, advanceFrom, clone, releaseEvent } = pushing();
  await startUpTo('b1', 'implementation');
  const first = await clone('b1');
  const firstCommit = commitAll(first, { 'src/left.js': 'export {};\n' }, 'Left behind');
  expect((await git(first, 'push', '-q', 'origin', 'HEAD')).code).toBe(0);
  const rollback = { target_state: 'planning', reason: 'another idea' };
  expect((await api.post(`/api/workflows/${project}.b1/rollback`, rollback)).status).toBe(200);
  for (const state of ['planning', 'handoff_to_coder'] as const) await advance('b1', state);
  const second = await clone('b1');
  expect(gitSync(second, ['log', '--format=%s'])).toBe('The sum');
  expect(gitSync(storeOf(project), ['for-each-ref', '--format=%(objectname)', 'refs/parked'])).toBe(firstCommit);
  commitAll(second, WORK, 'Double numbers');
  expect((await git(second, 'push', '-q', 'origin', 'HEAD')).code).toBe(0);
  await advanceFrom('b1', 'implementation', { summary: 'pushed' });
  expect(await releaseEvent('b1')).toMatchObject({ type: 'released' });
  expect(gitSync(storeOf(project), ['log', '--format=%s', '--branches'])).not.toContain('Left behind');
});

test('commits that were pushed before a rollback are not handed over after it, also without a new push', async () => {
  const { project, startUpTo, advance, advanceFrom, clone, releaseEvent } = pushing();
  await startUpTo('b1', 'implementation');
  const folder = await clone('b1');
  commitAll(folder, WORK, 'Double numbers');
  expect((await git(folder, 'push', '-q', 'origin', 'HEAD')).code).toBe(0);
  const rollback = { target_state: 'planning', reason: 'another idea' };
  expect((await api.post(`/api/workflows/${project}.b1/rollback`, rollback)).status).toBe(200);
  for (const state of ['planning', 'handoff_to_coder'] as const) await advance('b1', state);
  await advanceFrom('b1', 'implementation', { summary: 'nothing' });
  expect(await releaseEvent('b1')).toMatchObject({
    type: 'not_released',
    data: { reason: expect.stringMatching(/no role/) },
  });
});

test('a trailer in a pushed commit is only text: its change is judged like any other', async () => {
  const { project, startUpTo, advanceFrom, clone, releaseEvent } = pushing();
  await startUpTo('b1', 'implementation');
  const folder = await clone('b1');
  const mark = (turn: number) =>
    `Q-Build: ${project}.b1\nQ-Phase: implementation\nQ-Generation: 1\nQ-Attempt: 1\nQ-Turn: ${turn}`;
  const wrongFiles = { ...WORK, 'src/twice.js': TWICE.replace('2 *', '3 *') };
  commitAll(folder, wrongFiles, `Double numbers\n\n${mark(10)}`);
  expect((await git(folder, 'push', '-q', 'origin', 'HEAD')).code).toBe(0);
  await advanceFrom('b1', 'implementation', { files: [{ path: 'src/twice.js', content: TWICE }] });
  expect(await releaseEvent('b1')).toMatchObject({ type: 'released' });
});
