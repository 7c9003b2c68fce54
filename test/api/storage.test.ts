/**
 * Tests a data folder that fails during a request: the problem names the remedy, without a path of this machine.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serveApi } from './served';
import type { Answer, Api } from './served';

let api: Api | undefined;
afterEach(() => api?.stop());

const startBody = { build_id: 'b1', user_id: 'u', requirements: 'Dark mode' };

function expectProblem({ status, headers, body }: Answer, expected: { status: number; type: string; detail: RegExp }) {
  const type = `urn:q-orchestrator:problem:${expected.type}`;
  expect({ status, body }).toMatchObject({ status: expected.status, body: { type, status: expected.status } });
  expect(headers.get('content-type')).toMatch('application/problem+json');
  expect(body.detail).toMatch(expected.detail);
  expect(JSON.stringify(body)).not.toContain(api?.stack.config.dataDir);
}

test.each([
  ['ENOSPC', 507, 'storage-full', /full; make room/],
  ['EROFS', 503, 'storage-refused', /EROFS\); give it to the user/],
  ['EACCES', 503, 'storage-refused', /EACCES\); give it to the user/],
])('%s gets %i %s, with Retry-After', async (code, status, type, detail) => {
  const error = Object.assign(new Error(`${code}: /some/where`), { code, syscall: 'open', path: '/some/where' });
  const artifacts = { put: () => Promise.reject(error), get: () => Promise.reject(error) };
  api = await serveApi({ worker: false, api: { artifacts } });
  const answer = await api.post(`/api/workflows/${api.newProject()}/start`, startBody);
  expectProblem(answer, { status, type, detail });
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
});

test('an artifact with changed content gets 503 storage-damaged at each address that reads it', async () => {
  api = await serveApi();
  const id = `${api.newProject()}.b1`;
  await api.post(`/api/workflows/${id.split('.')[0]}/start`, startBody);
  const root = join(api.stack.config.dataDir, 'artifacts');
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const { parentPath, name } of files) writeFileSync(join(parentPath, name), 'something else');
  const expected = { status: 503, type: 'storage-damaged', detail: /is damaged on disk.*Restore the file/ };
  expectProblem(await api.get(`/api/workflows/${id}/artifacts/sha256:${files[0]?.name}`), expected);
  expectProblem(await api.get(`/api/workflows/${id}/prompt`), expected);
});
