/**
 * Tests the disk limit of a project: a start above it is refused with the remedy; open builds continue.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../src/programs/config';
import { dataFolders } from '../../src/programs/data-folders';
import { createProjectDisk } from '../../src/programs/project-disk';
import { serveApi } from './served';
import type { Api } from './served';

let api: Api;
afterEach(() => api.stop());

test('O6: a start above PROJECT_DISK_MB gets 507 with the used space, the limit and the remedy; other projects and open builds continue', async () => {
  expect(createProjectDisk(readConfig({}))).toBeUndefined();
  let checkDisk = createProjectDisk(readConfig({ PROJECT_DISK_MB: '1' }));
  api = await serveApi({ api: { projectDisk: (projectId) => checkDisk!(projectId) } });
  const { dataDir } = api.stack.config;
  checkDisk = createProjectDisk({ dataDir, disk: readConfig({ PROJECT_DISK_MB: '1' }).disk }, 0);
  const [project, otherProject] = [api.newProject(), api.newProject()];
  const start = (projectId: string, build_id: string) =>
    api.post(`/api/workflows/${projectId}/start`, { build_id, user_id: 'ada', requirements: 'Dark mode' });
  expect((await start(project, 'first')).status).toBe(201);

  const folder = join(dataFolders(dataDir).releases, project);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'big'), randomBytes(2 * 1024 ** 2));
  const refusal = await start(project, 'second');
  expect(refusal).toMatchObject({
    status: 507,
    body: { type: 'urn:q-orchestrator:problem:project-disk-full', project_id: project, limit_bytes: 1024 ** 2 },
  });
  expect(refusal.body.used_bytes).toBeGreaterThan(2 * 1024 ** 2);
  expect(refusal.body.detail).toMatch(/takes 2\.\d MB on disk, and PROJECT_DISK_MB allows 1\.0 MB: .*qo reclaim/);
  expect((await start(project, 'first')).status).toBe(200);
  expect((await start(otherProject, 'second')).status).toBe(201);
  expect((await api.get(`/api/workflows/${project}.second/status`)).status).toBe(404);

  rmSync(folder, { recursive: true });
  expect((await start(project, 'second')).status).toBe(201);
});
