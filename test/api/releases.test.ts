/**
 * Tests the list of releases, and that an earlier release can be restored, with a smoke test and an entry in the list (R21).
 */
import { mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beginBuild } from '../../src/domain/build/state';
import type { BuildState } from '../../src/domain/build/state';
import { ALL_EXTERNAL, serveApi } from './served';
import type { Api } from './served';
import { writeStartRequest } from '../../src/requests/start-request';
import { verifies } from '../requirements/verifies';

let api: Api;
let folder: string;
beforeAll(async () => {
  api = await serveApi();
  folder = mkdtempSync(join(tmpdir(), 'q-releases-'));
});
afterAll(async () => {
  await api?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const SMOKE = { http: { path: '/index.html', status: 200, contains: 'page' } };

/** Deploys a release, and stores the record of its complete build as a worker does. */
async function makeRelease(projectId: string, buildId: string, page = 'page'): Promise<number> {
  const { deps } = api.stack;
  const from = join(folder, `${projectId}-${buildId}`);
  mkdirSync(from);
  writeFileSync(join(from, 'index.html'), `<h1>${page} ${buildId}</h1>\n`);
  const target = deps.releaseTarget({ target: 'directory' });
  const commit = Buffer.from(buildId.padEnd(20, '-')).toString('hex');
  const release = await target.deploy({ projectId, buildId, turn: 1, id: `${buildId}.g1.a1.t1`, folder: from, commit });
  const ids = { user_id: 'ada', project_id: projectId, build_id: buildId };
  const request = { ...ids, requirements: 'x', release: { smoke: SMOKE } };
  const { digest } = await deps.artifacts.put(writeStartRequest(request));
  const start = { projectId, buildId, userId: 'ada', title: 'x', request: digest, roles: ALL_EXTERNAL };
  const newBuild = beginBuild({ ...start, retriesPerPhase: 3, createdAt: new Date().toISOString() });
  const live = { ...release, version: `1.0.${release.number}`, smoke: 'GET /index.html answered 200' };
  const completeBuild = {
    ...newBuild,
    state: 'complete',
    completedAt: newBuild.createdAt,
    release: live,
  } as BuildState;
  await deps.documents.replace('records', `${projectId}.${buildId}`, completeBuild);
  return release.number;
}
const currentLink = (projectId: string) =>
  readlinkSync(join(api.stack.config.dataDir, 'releases', projectId, 'current'));
const restore = (projectId: string, number: number | string, headers = {}) =>
  api.post(`/api/projects/${projectId}/releases/${number}/restore`, { reason: 'the new one is slow' }, headers);
const KEY = { 'idempotency-key': 'k9' };
const list = async (projectId: string) => (await api.get(`/api/projects/${projectId}/releases`)).body;

verifies('9.16');
test('R21: an earlier release is made live again, then the newest one, and both restores are listed', async () => {
  const project = api.newProject();
  for (const build of ['a', 'b', 'c']) await makeRelease(project, build);
  expect(currentLink(project)).toBe('releases/3');
  expect(await list(project)).toMatchObject({
    live: 3,
    releases: [
      { number: 3, live: true, restorable: false, workflow_id: `${project}.c`, version: '1.0.3' },
      { number: 2, live: false, restorable: true },
      { number: 1, live: false, restorable: true },
    ],
    restores: [],
  });
  const restoreAnswer = await restore(project, 1, { 'x-actor': 'grace', 'idempotency-key': 'k1' });
  const smoke = 'GET /index.html answered 200';
  expect(restoreAnswer).toMatchObject({
    status: 200,
    body: { status: 'live', number: 1, says: 'release 1 is live now', smoke },
  });
  expect(currentLink(project)).toBe('releases/1');
  expect((await restore(project, 1, { 'x-actor': 'grace', 'idempotency-key': 'k1' })).body).toEqual(restoreAnswer.body);
  expect(await restore(project, 3)).toMatchObject({ status: 200, body: { status: 'live' } });
  expect(currentLink(project)).toBe('releases/3');
  const { live, restores } = await list(project);
  expect(live).toBe(3);
  expect(restores).toMatchObject([
    { number: 3, actor: 'anonymous', status: 'live' },
    { number: 1, actor: 'grace', reason: 'the new one is slow', status: 'live', smoke },
  ]);
  // The next release gets the next number.
  expect(await makeRelease(project, 'd')).toBe(4);
});

test('R21: if a restored release fails its smoke test, the release that was live stays live', async () => {
  const project = api.newProject();
  await makeRelease(project, 'a', 'nothing');
  await makeRelease(project, 'b');
  const answer = await restore(project, 1);
  expect(answer).toMatchObject({ status: 200, body: { status: 'failed' } });
  expect(answer.body.says).toMatch(/^release 1 failed its smoke test: .*; release 2 is live now$/);
  expect(currentLink(project)).toBe('releases/2');
  expect(await list(project)).toMatchObject({ live: 2, restores: [{ number: 1, status: 'failed' }] });
});

test('R21: a release that cannot be made live again is refused, with the reason', async () => {
  const project = api.newProject();
  expect(await api.get(`/api/projects/${project}/releases`)).toMatchObject({ status: 404 });
  await makeRelease(project, 'a');
  expect(await restore(project, 7)).toMatchObject({
    status: 404,
    body: { detail: `project ${project} has no release 7` },
  });
  expect(await restore(project, 1)).toMatchObject({ status: 409, body: { detail: 'release 1 is live already' } });
  expect(await restore(project, 'x')).toMatchObject({ status: 400, body: { field: 'number' } });
  const answerWithoutReason = await api.post(`/api/projects/${project}/releases/1/restore`, {});
  expect(answerWithoutReason).toMatchObject({ status: 400, body: { field: 'reason' } });
});

test('R21: an Idempotency-Key of one restore is refused for another release or reason', async () => {
  const project = api.newProject();
  for (const build of ['a', 'b', 'c']) await makeRelease(project, build);
  const first = await restore(project, 1, KEY);
  expect(first).toMatchObject({ status: 200, body: { status: 'live' } });
  // Release 3 is live again: release 2 must not go live on the verdict of the first restore.
  expect(await restore(project, 3)).toMatchObject({ status: 200, body: { status: 'live' } });
  const { restores } = await list(project);
  const type = 'urn:q-orchestrator:problem:command-key-reused';
  expect(await restore(project, 2, KEY)).toMatchObject({
    status: 422,
    body: { type, detail: expect.stringContaining('restore release 1 for the reason "the new one is slow"') },
  });
  const other = await api.post(`/api/projects/${project}/releases/1/restore`, { reason: 'another' }, KEY);
  expect(other).toMatchObject({ status: 422, body: { type } });
  expect(currentLink(project)).toBe('releases/3');
  expect((await list(project)).restores).toEqual(restores);
  expect((await restore(project, 1, KEY)).body).toEqual(first.body);
});
