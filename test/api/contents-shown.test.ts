/**
 * Tests the contents of a build that the API shows: the files in the prompt of its role, and artifacts of the build.
 */
import type { Workspace } from '../../src/ports/workspace';
import { beginBuild } from '../../src/domain/build/state';
import type { BuildState } from '../../src/domain/build/state';
import { ALL_EXTERNAL, serveApi } from './served';
import type { Api } from './served';

const fakeWorkspace: Pick<Workspace, 'list' | 'diff' | 'contents' | 'contentChanges'> = {
  contents: () => Promise.resolve(new Map()),
  list: async ({ commit }) => {
    if (commit === 'gone') throw new Error('no such commit');
    return [{ path: `as-of-${commit}.js`, bytes: 1 }];
  },
  contentChanges: () => Promise.resolve([]),
  diff: async (_repo, from, to) => `+ from ${from} to ${to}`,
};

let api: Api;
beforeAll(async () => {
  api = await serveApi({ worker: false, api: { workspace: fakeWorkspace } });
});
afterAll(() => api.stop());

test.each([
  [{ base: 'aaa', commit: 'bbb' }, ['as-of-bbb.js', '+ from aaa to bbb']],
  [{ base: 'aaa', commit: 'aaa' }, ['as-of-aaa.js']],
  [{ base: null, commit: null }, []],
  [{ base: 'aaa', commit: 'gone' }, []],
])('the prompt of a build at %j shows %j of its tree', async (at, expectedTexts) => {
  const id = await storeRecord({ state: 'testing', ...at });
  const { status, body } = await api.get(`/api/workflows/${id}/prompt`);
  expect(status).toBe(200);
  for (const text of expectedTexts) expect(body.context).toContain(text);
  expect(body.context.includes('data name="files"')).toBe(expectedTexts.length > 0);
  expect(body.context.includes('data name="diff"')).toBe(expectedTexts.length > 1);
});

test('an artifact is shown for a build that names it, directly or through another artifact, and for no other build', async () => {
  const { artifacts } = api.stack.deps;
  const { digest: transcript } = await artifacts.put('what was said');
  const { digest: output, bytes } = await artifacts.put(JSON.stringify({ transcript }));
  const storedOutput = {
    digest: output,
    bytes,
    source: 'model' as const,
    by: 'code_writer',
    at: '2026-01-01T00:00:00.000Z',
  };
  const namingBuild = await storeRecord({ outputs: { implementation: storedOutput } });
  const otherBuild = await storeRecord({});
  for (const digest of [output, transcript]) {
    expect(await api.get(`/api/workflows/${namingBuild}/artifacts/${digest}`)).toMatchObject({ status: 200 });
    const answer = await api.get(`/api/workflows/${otherBuild}/artifacts/${digest}`);
    expect(answer).toMatchObject({ status: 404, body: { type: 'urn:q-orchestrator:problem:artifact-missing' } });
  }
});

/** Stores the record of a new build with these changes of its state, and returns the id of the build. */
async function storeRecord(changes: object): Promise<string> {
  const { artifacts, documents } = api.stack.deps;
  const projectId = api.newProject();
  const stored = { user_id: 'ada', project_id: projectId, build_id: 'b1', requirements: `of ${projectId}` };
  const { digest: request } = await artifacts.put(JSON.stringify(stored));
  const start = { projectId, buildId: 'b1', userId: 'ada', title: 'Dark mode', request, roles: ALL_EXTERNAL };
  const build = beginBuild({ ...start, retriesPerPhase: 3, createdAt: '2026-01-01T00:00:00.000Z' });
  await documents.keepFirst('records', `${projectId}.b1`, { ...build, ...changes } as BuildState);
  return `${projectId}.b1`;
}
