/**
 * The result at `complete` is a branch in the user's repository, which `status`, the events and the record name (R20).
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveApi } from '../api/served';
import type { Api } from '../api/served';
import { readConfig } from '../../src/programs/config';
import { roleDefaults } from '../../src/programs/wiring';
import { DARK_MODE_SCRIPT, until } from '../fixture';
import { TEST_COMMAND, fakeModel } from '../workflows/fake-models';
import { makePage } from '../workflows/tested-page';
import { gitIn, makeProject } from './a-project';
import { verifies } from '../requirements/verifies';

let api: Api;
/** An API with fake models, for a build whose code does not matter. */
let apiWithFakeModel: Api;
let repository: string;
beforeAll(async () => {
  repository = makeProject();
  const env = { MODEL: `scripted:${DARK_MODE_SCRIPT}` };
  apiWithFakeModel = await serveApi({
    deps: { modelFor: () => fakeModel(() => ({}), []) },
    api: { roleDefaults: roleDefaults(readConfig(env)), repositoryRoots: [tmpdir()] },
  });
  api = await serveApi({
    env,
    api: { roleDefaults: roleDefaults(readConfig(env)), repositoryRoots: [join(repository, '..')] },
  });
});
afterAll(async () => {
  await api?.stop();
  await apiWithFakeModel?.stop();
  rmSync(repository, { recursive: true, force: true });
});

async function runToEnd(targetApi: Api, buildId: string, members: object) {
  const project = targetApi.newProject();
  const body = {
    ...{ build_id: buildId, user_id: 'ada', requirements: 'Build me a dark mode feature' },
    ...members,
  };
  const workflow = `${project}.${buildId}`;
  expect(await targetApi.post(`/api/workflows/${project}/start`, body)).toMatchObject({ status: 201 });
  const status = async () => (await targetApi.get(`/api/workflows/${workflow}/status`)).body;
  const endStatus = await until(status, ({ status: now }) => ['complete', 'error'].includes(now));
  const { events } = (await targetApi.get(`/api/workflows/${workflow}/events`)).body;
  return { workflow, endStatus, event: events.at(-1) };
}

verifies('9.7');
test('R20: a complete build is a branch in the repository, which is otherwise unchanged', async () => {
  writeFileSync(join(repository, 'notes.txt'), 'not committed\n');
  const head = gitIn(repository, 'rev-parse', 'HEAD');
  const { workflow, endStatus, event } = await runToEnd(api, 'dark', { repository: { path: repository } });
  const branch = `builds/${workflow}`;
  const commit = gitIn(repository, 'rev-parse', branch);
  expect(endStatus).toMatchObject({ status: 'complete', result: { branch, commit, reason: null } });
  expect(event).toMatchObject({ type: 'result_written', data: { branch, commit, place: repository } });
  expect(gitIn(repository, 'merge-base', branch, 'main')).toBe(head);
  expect(gitIn(repository, 'show', `${branch}:index.html`)).toContain('theme-toggle');
  expect(gitIn(repository, 'status', '--porcelain')).toBe('?? notes.txt');
  expect(gitIn(repository, 'branch', '--show-current')).toBe('main');
  expect(readFileSync(join(repository, 'index.html'), 'utf8')).not.toContain('theme-toggle');
  const record = (await api.get(`/api/workflows/${workflow}/record`)).body;
  expect(JSON.stringify(record.entries)).toContain('result_written');
});

verifies('9.7');
test('R20: an existing branch that the request names is not moved, and the build is still complete', async () => {
  const place = makePage(apiWithFakeModel.stack.config.dataDir, 'repository', { 'index.html': '<p>page</p>\n' });
  gitIn(place, 'branch', 'mine');
  const request = { repository: { path: place }, commands: { test: TEST_COMMAND }, result: { branch: 'mine' } };
  const { endStatus, event } = await runToEnd(apiWithFakeModel, 'named', request);
  const reason = expect.stringContaining('an existing branch is never moved');
  expect(endStatus).toMatchObject({ status: 'complete', result: { branch: 'mine', reason } });
  expect(event.type).toBe('result_not_written');
  expect(gitIn(place, 'rev-parse', 'mine')).toBe(gitIn(place, 'rev-parse', 'main'));
});

test.each([
  [{ result: 'x' }, 'result'],
  [{ result: { branch: 'a..b' } }, 'result'],
  [{ result: { push: 'yes' } }, 'result'],
])('R20: %j is refused, and the refusal names the field', async (members, field) => {
  const body = { user_id: 'ada', requirements: 'x', ...members };
  const answer = await api.post(`/api/workflows/${api.newProject()}/start`, body);
  expect(answer).toMatchObject({ status: 400 });
  expect(JSON.stringify(answer.body)).toContain(field);
});
