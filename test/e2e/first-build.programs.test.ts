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
  const ended = await until(status, (body) => ['complete', 'error', 'waiting'].includes(body.status));
  // What it stopped at is worth reading where it did.
  const { handoffs } = (await api.get(`${path}.dark-mode/history`)).body;
  const notes = handoffs.map(({ notes }: { notes: string }) => notes);
  expect({ ...ended, notes }).toMatchObject({ status: 'complete', progress: 100 });
  const live = join(api.stack.config.dataDir, 'releases', path.split('/').at(-1) ?? '', 'current');
  expect(readFileSync(join(live, 'index.html'), 'utf8')).toContain('theme-toggle');
  // All of the page, though the repository began empty: what the gates found missing was written.
  const report = execFileSync(process.execPath, ['--test', '--test-reporter=tap'], { cwd: live, encoding: 'utf8' });
  expect(report).toMatch(/^# pass 16$/m);
});
