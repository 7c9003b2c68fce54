/**
 * Attempts of limited tokens to act outside their project, and of admins to break something by an order.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveRelease, resolveRepository } from '../../../src/api/repository';
import { projectFoldersIn } from '../../../src/programs/data-folders';
import { until } from '../../until';
import { serveClosed } from './closed';
import type { Closed } from './closed';

let api: Closed & { first: string };
beforeAll(async () => {
  api = await serveClosed();
});
afterAll(() => api?.stop());

test('the codec, which cannot tell of which project a payload is, is not for an admin of some projects', async () => {
  const narrow = await api.token('narrow-admin', { rights: ['admin'], projects: [api.newProject()] });
  const payloads = [{ metadata: { encoding: 'anNvbi9wbGFpbg==' }, data: 'e30=' }];
  for (const verb of ['decode', 'encode']) {
    expect(await api.as(api.first, `POST /codec/${verb}`, { payloads })).toMatchObject({ status: 200 });
    const refused = await api.as(narrow, `POST /codec/${verb}`, { payloads });
    expect(refused).toMatchObject({ status: 403, body: { type: 'urn:q-orchestrator:problem:access-forbidden' } });
  }
});

test('a root around DATA_DIR opens no repository of another project, by no form of its path', async () => {
  const roots = mkdtempSync(join(tmpdir(), 'q-test-roots-'));
  const projectFolders = projectFoldersIn(join(roots, 'data'));
  const [theirs = '', release = ''] = projectFolders.map((folder) => join(folder, 'theirs.git'));
  const near = join(roots, 'shop');
  for (const folder of [theirs, release, near]) mkdirSync(folder, { recursive: true });
  symlinkSync(theirs, join(roots, 'link'));
  const reach = { repositoryRoots: [roots], projectFolders };
  try {
    const words = 'must be a folder below one of the configured REPOSITORY_ROOTS';
    for (const path of [
      theirs,
      `${theirs}/`,
      join(roots, 'link'),
      `${near}/../data/repositories/theirs.git`,
      release,
    ]) {
      await expect(resolveRepository({ path }, reach)).rejects.toThrow(words);
      await expect(resolveRelease({ target: 'git', remote: path }, reach)).rejects.toThrow(words);
    }
    expect(await resolveRepository({ path: near }, reach)).toEqual({ path: near });
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
])('taking %j out of a finished build leaves a build that can be read', async (text) => {
  const project = api.newProject();
  const path = `/api/workflows/${project}`;
  const start = { user_id: 'ada', requirements: 'a dark mode', build_id: 'b1' };
  expect((await api.as(api.first, `POST ${path}/start`, start)).status).toBe(201);
  const step = {
    role: 'q_assistant',
    completed_state: 'discovery',
    phase_result: { summary: 'dark mode, revision 2' },
  };
  expect((await api.as(api.first, `POST ${path}.b1/advance`, step)).status).toBe(200);
  expect((await api.as(api.first, `POST ${path}.b1/cancel`, { reason: 'over' })).status).toBe(200);
  const before = (
    await until(
      () => api.as(api.first, `GET ${path}.b1/status`),
      ({ body }) => body.status === 'cancelled',
    )
  ).body;
  await until(
    () => api.stack.deps.documents.load('records', `${project}.b1`),
    (record) => record !== undefined,
  );
  const answer = await api.as(api.first, `POST ${path}.b1/redact`, { text, reason: 'a test' });
  expect(answer).toMatchObject({ status: 200 });
  const kept = JSON.stringify(await api.stack.deps.documents.load('records', `${project}.b1`));
  expect(kept).toContain('"state":"planning"');
  for (const name of ['status', 'history', 'events', 'record', 'evidence', 'approvals'])
    expect({ name, status: (await api.as(api.first, `GET ${path}.b1/${name}`)).status }).toEqual({ name, status: 200 });
  const { current_state, status, revision, created_at } = before;
  const after = (await api.as(api.first, `GET ${path}.b1/status`)).body;
  expect(after).toMatchObject({ current_state, status, revision, created_at });
});
