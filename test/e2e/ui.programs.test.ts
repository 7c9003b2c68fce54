/**
 * `npm run ui` as a proxy before the Web UI of another Temporal server, here that of the test run.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askRaw } from '../api/raw';
import { beginProgram } from './a-program';

test('S3: the proxy serves the Web UI under its own name only, ends on Ctrl-C, and names a missing setting', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'q-test-ui-'));
  const ui = createServer((req, res) => res.end(`the Web UI at ${req.url}`)).listen(0, '127.0.0.1');
  await new Promise((resolve) => ui.once('listening', resolve));
  const TEMPORAL_UI_UPSTREAM = `127.0.0.1:${(ui.address() as AddressInfo).port}`;
  try {
    const program = beginProgram({ name: 'ui', folder, env: { TEMPORAL_UI_UPSTREAM } });
    const [, url = ''] = await program.waitFor(/^ready (http\S+)/m);
    const get = (headers: Record<string, string>) => askRaw(url, { method: 'GET', path: '/namespaces', headers });
    expect(await get({})).toMatchObject({ status: 200, text: 'the Web UI at /namespaces' });
    expect(await get({ host: 'evil.test' })).toMatchObject({ status: 421 });
    expect(await get({ origin: 'http://evil.test' })).toMatchObject({ status: 403 });
    program.child.kill('SIGINT');
    expect(await program.exitCode).toBe(0);
    const programWithoutSetting = beginProgram({ name: 'ui', folder });
    expect(await programWithoutSetting.exitCode).toBe(1);
    expect(programWithoutSetting.output()).toBe(
      'TEMPORAL_UI_UPSTREAM is not set: it must be <host>:<port> of the Web UI\n',
    );
  } finally {
    ui.closeAllConnections();
    ui.close();
    rmSync(folder, { recursive: true, force: true });
  }
}, 300_000);
