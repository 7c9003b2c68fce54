/**
 * Tests attempts of limited tokens to act outside their project, and of admins to damage a build by a redaction.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveRelease, resolveRepository } from '../../../src/api/repository';
import { projectFoldersIn } from '../../../src/programs/data-folders';
import { until } from '../../until';
import { serveProtectedApi } from './closed';
import type { ProtectedApi } from './closed';

let api: ProtectedApi & { adminToken: string };
beforeAll(async () => {
  api = await serveProtectedApi();
});
afterAll(() => api?.stop());

test('an admin of some projects only may not use the codec, because it cannot know the project of a payload', async () => {
  const limitedAdmin = await api.token('narrow-admin', { rights: ['admin'], projects: [api.newProject()] });
  const payloads = [{ metadata: { encoding: 'anNvbi9wbGFpbg==' }, data: 'e30=' }];
  for (const verb of ['decode', 'encode']) {
    expect(await api.sendAs(api.adminToken, `POST /codec/${verb}`, { payloads })).toMatchObject({ status: 200 });
    const refusal = await api.sendAs(limitedAdmin, `POST /codec/${verb}`, { payloads });
    expect(refusal).toMatchObject({ status: 403, body: { type: 'urn:q-orchestrator:problem:access-forbidden' } });
  }
});

test('if a root contains DATA_DIR, no form of a path leads to a repository of another project', async () => {
  const roots = mkdtempSync(join(tmpdir(), 'q-test-roots-'));
  const projectFolders = projectFoldersIn(join(roots, 'data'));
  const [foreignRepository = '', release = ''] = projectFolders.map((folder) => join(folder, 'theirs.git'));
  const ownRepository = join(roots, 'shop');
  for (const folder of [foreignRepository, release, ownRepository]) mkdirSync(folder, { recursive: true });
  symlinkSync(foreignRepository, join(roots, 'link'));
  const limits = { repositoryRoots: [roots], projectFolders };
  try {
    const message = 'must be a folder below one of the configured REPOSITORY_ROOTS';
    for (const path of [
      foreignRepository,
      `${foreignRepository}/`,
      join(roots, 'link'),
      `${ownRepository}/../data/repositories/theirs.git`,
      release,
    ]) {
      await expect(resolveRepository({ path }, limits)).rejects.toThrow(message);
      await expect(resolveRelease({ target: 'git', remote: path }, limits)).rejects.toThrow(message);
    }
    expect(await resolveRepository({ path: ownRepository }, limits)).toEqual({ path: ownRepository });
  } finally {
    rmSync(roots, { recursive: true, force: true });
  }
});

test.each([
  '":null',
  'revision',
  'cancelled',
  'planning',
  'external',
  '"state":"',
  'sha256',
  new Date().toISOString().slice(0, 8),
  '"events":[',
  'dark mode',
])('a finished build can still be read after %j is redacted from it', async (text) => {
  const project = api.newProject();
  const path = `/api/workflows/${project}`;
  const start = { user_id: 'ada', requirements: 'a dark mode', build_id: 'b1' };
  expect((await api.sendAs(api.adminToken, `POST ${path}/start`, start)).status).toBe(201);
  const step = {
    role: 'q_assistant',
    completed_state: 'discovery',
    phase_result: { summary: 'dark mode, revision 2' },
  };
  expect((await api.sendAs(api.adminToken, `POST ${path}.b1/advance`, step)).status).toBe(200);
  expect((await api.sendAs(api.adminToken, `POST ${path}.b1/cancel`, { reason: 'over' })).status).toBe(200);
  const statusBefore = (
    await until(
      () => api.sendAs(api.adminToken, `GET ${path}.b1/status`),
      ({ body }) => body.status === 'cancelled',
    )
  ).body;
  await until(
    () => api.stack.deps.documents.load('records', `${project}.b1`),
    (record) => record !== undefined,
  );
  const answer = await api.sendAs(api.adminToken, `POST ${path}.b1/redact`, { text, reason: 'a test' });
  expect(answer).toMatchObject({ status: 200 });
  const record = JSON.stringify(await api.stack.deps.documents.load('records', `${project}.b1`));
  expect(record).toContain('"state":"planning"');
  for (const name of ['status', 'history', 'events', 'record', 'evidence', 'approvals'])
    expect({ name, status: (await api.sendAs(api.adminToken, `GET ${path}.b1/${name}`)).status }).toEqual({
      name,
      status: 200,
    });
  const { current_state, status, revision, created_at } = statusBefore;
  const statusAfter = (await api.sendAs(api.adminToken, `GET ${path}.b1/status`)).body;
  expect(statusAfter).toMatchObject({ current_state, status, revision, created_at });
});
