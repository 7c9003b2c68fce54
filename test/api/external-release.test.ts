/**
 * R19: tests that work of external roles is committed, measured, judged and released without a model, or that the build gives the
 * reason why not.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { STATES, ownerOf } from '../../src/domain/states';
import type { State } from '../../src/domain/states';
import { dataFolders } from '../../src/programs/data-folders';
import { until } from '../until';
import { serveApi } from './served';
import type { Api } from './served';

const place = mkdtempSync(join(tmpdir(), 'q-outside-'));
let api: Api;
beforeAll(async () => {
  api = await serveApi({ api: { repositoryRoots: [place] } });
});
afterAll(async () => {
  await api.stop();
  rmSync(place, { recursive: true, force: true });
});

const SUM = 'export const add = (a, b) => a + b;\n';
const SUM_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { add } from '../src/sum.js';

test('adds', () => assert.equal(add(1, 2), 3));
`;
const TWICE = 'export const twice = (a) => 2 * a;\n';
const TWICE_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { twice } from '../src/twice.js';

test('doubles', () => assert.equal(twice(2), 4));
`;

function makeRepository(name: string): string {
  const folder = join(place, name);
  const files = {
    'package.json': JSON.stringify({ name, type: 'module', scripts: { test: 'node --test' } }),
    'src/sum.js': SUM,
    'test/sum.test.js': SUM_TEST,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', '-C', folder, ...args]);
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-q', '-m', 'The sum');
  return folder;
}

/** Starts a build and advances it ten times, to its end. */
async function advanceToEnd(build: string, results: Partial<Record<State, object>>, repository?: { path: string }) {
  const project = api.newProject();
  const id = `${project}.${build}`;
  const start = { build_id: build, user_id: 'ada', requirements: 'double a number', ...(repository && { repository }) };
  expect((await api.post(`/api/workflows/${project}/start`, start)).status).toBe(201);
  for (const state of STATES.slice(0, 10)) {
    const body = { role: ownerOf(state), completed_state: state, phase_result: results[state] ?? { notes: 'done' } };
    expect(await api.post(`/api/workflows/${id}/advance`, body)).toMatchObject({ status: 200 });
  }
  const { body } = await until(
    () => api.get(`/api/workflows/${id}/events`),
    ({ body: { events } }) => events.some(({ type }: { type: string }) => /^(not_)?released$/.test(type)),
    120_000,
  );
  // The memo that status is read from is written after the event.
  const status = await until(
    () => api.get(`/api/workflows/${id}/status`),
    ({ body: { next_expectations: next } }) => next.task.startsWith('Nothing'),
  );
  return { project, id, last: body.events.at(-1), status: status.body };
}

test('R19: files that an external Code Writer hands over are committed, measured, judged and released', async () => {
  const files = [
    { path: 'src/twice.js', content: TWICE },
    { path: 'test/twice.test.js', content: TWICE_TEST },
  ];
  const result = await advanceToEnd(
    'b1',
    { implementation: { summary: 'twice', files } },
    { path: makeRepository('one') },
  );
  expect(result.last).toMatchObject({ type: 'released', actor: 'orchestrator', data: { release: 1 } });
  expect(result.status).toMatchObject({ status: 'complete', release: { number: 1 }, release_state: 'live' });
  const { releases } = dataFolders(api.stack.config.dataDir);
  expect(readFileSync(join(releases, result.project, 'current', 'src/twice.js'), 'utf8')).toBe(TWICE);
  const record = (await api.get(`/api/workflows/${result.id}/record`)).body;
  expect(JSON.stringify(record)).toContain('released');
});

test('R19: a build whose tests fail is complete, and its change is not released', async () => {
  const files = [
    { path: 'src/twice.js', content: TWICE.replace('2 *', '3 *') },
    { path: 'test/twice.test.js', content: TWICE_TEST },
  ];
  const result = await advanceToEnd(
    'b1',
    { implementation: { summary: 'twice', files } },
    { path: makeRepository('two') },
  );
  expect(result.last).toMatchObject({
    type: 'not_released',
    data: { reason: expect.stringMatching(/1 of 2 tests failed/) },
  });
  expect(result.status).toMatchObject({ status: 'complete', release: null, release_state: null });
});

test.each([
  ['no file was handed over', {}, /no role handed over a file/],
  [
    'the Release Manager says no',
    { implementation: { files: [{ path: 'a.txt', content: 'a' }] }, deployment: { go: false } },
    /said no/,
  ],
  ['no test command is known', { implementation: { files: [{ path: 'a.txt', content: 'a' }] } }, /commands\.test/],
])(
  'R19: if %s, the build is complete and gives that reason',
  async (_case, results, reason) => {
    const { last, status } = await advanceToEnd('b1', results);
    expect(last).toMatchObject({ type: 'not_released', data: { reason: expect.stringMatching(reason) } });
    expect(status).toMatchObject({ status: 'complete', release: null });
  },
  60_000,
);
