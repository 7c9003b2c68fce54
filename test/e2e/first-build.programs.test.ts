/**
 * The first build after `docker compose up` without settings: the model of .env.example, the README's first request, no
 * repository.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serveApi } from '../api/served';
import type { Api } from '../api/served';
import { readConfig } from '../../src/programs/config';
import { roleDefaults } from '../../src/programs/wiring';
import { until } from '../fixture';
import { verifies } from '../requirements/verifies';

const ROOT = join(__dirname, '../..');
const MODEL = /^MODEL=(.+)$/m.exec(readFileSync(join(ROOT, '.env.example'), 'utf8'))?.[1] ?? '';
const BODY = /start -H "\$JSON" -d '(.+)'$/m.exec(readFileSync(join(ROOT, 'README.md'), 'utf8'))?.[1] ?? '';

let api: Api;
beforeAll(async () => {
  const env = { MODEL };
  api = await serveApi({ env, api: { roleDefaults: roleDefaults(readConfig(env)) } });
});
afterAll(() => api?.stop());

verifies('9.3');
test('a sentence becomes a tested release without a key, a repository or a command', async () => {
  const path = `/api/workflows/${api.newProject()}`;
  expect(await api.post(`${path}/start`, BODY)).toMatchObject({ status: 201 });
  const status = async () => (await api.get(`${path}.dark-mode/status`)).body;
  const finalStatus = await until(status, (body) => ['complete', 'error', 'waiting'].includes(body.status));
  // The notes of the handoffs explain a failure of this test.
  const { handoffs } = (await api.get(`${path}.dark-mode/history`)).body;
  const notes = handoffs.map(({ notes }: { notes: string }) => notes);
  expect({ ...finalStatus, notes }).toMatchObject({ status: 'complete', progress: 100 });
  const releaseFolder = join(api.stack.config.dataDir, 'releases', path.split('/').at(-1) ?? '', 'current');
  expect(readFileSync(join(releaseFolder, 'index.html'), 'utf8')).toContain('theme-toggle');
  // The page is complete although the repository began empty.
  const report = execFileSync(process.execPath, ['--test', '--test-reporter=tap'], {
    cwd: releaseFolder,
    encoding: 'utf8',
  });
  expect(report).toMatch(/^# pass 16$/m);
});
