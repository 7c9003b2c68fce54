/** How long the result of an install step serves: for the same tools, and after a failure not for long. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBubblewrap } from '../../../src/adapters/sandbox/bubblewrap';
import { createPlace } from './place';

test('a derived step that failed while the registry was away is tried again some minutes later', async () => {
  let isDown = true;
  let asked = 0;
  const tarball = packed();
  const registry = createServer((request, response) => {
    asked += 1;
    if (isDown) response.writeHead(503).end();
    else if (request.url?.endsWith('.tgz') === true) response.end(tarball);
    else {
      const dist = { tarball: `http://${request.headers.host ?? ''}/x.tgz` };
      const versions = { '1.0.0': { name: 'x', version: '1.0.0', dist } };
      response.end(JSON.stringify({ name: 'x', 'dist-tags': { latest: '1.0.0' }, versions }));
    }
  });
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
  const { port } = registry.address() as AddressInfo;
  const place = createPlace({ hosts: [{ host: '127.0.0.1', port }], timeoutMs: 60_000 });
  const now = jest.spyOn(Date, 'now');
  try {
    const at = await place.commit({
      '.npmrc': `registry=http://127.0.0.1:${port}/\nfetch-retries=0\n`,
      'package.json': JSON.stringify({ name: 'a', version: '1.0.0', dependencies: { x: '1.0.0' } }),
    });
    const look = () => place.say(at, ['ls', 'node_modules/x'], { wish: { setup: ['true'] } });
    expect(await look()).toMatch(/No such file/);
    expect(asked).toBeGreaterThan(0);
    isDown = false;
    const before = asked;
    expect(await look()).toMatch(/No such file/);
    expect(asked).toBe(before);
    const atMs = Date.now() + 10 * 60_000;
    now.mockImplementation(() => atMs);
    expect(await look()).toBe('package.json\n');
  } finally {
    now.mockRestore();
    place.stop();
    await new Promise((resolve) => registry.close(resolve));
  }
});

test('what was installed for one version of the interpreter serves no other version', async () => {
  const programs = mkdtempSync(join(tmpdir(), 'q-programs-'));
  chmodSync(programs, 0o755);
  const env = { ...(process.env as Record<string, string>), PATH: `${programs}:${process.env['PATH'] ?? ''}` };
  const worker = { env, home: homedir() };
  const place = createPlace({ worker, timeoutMs: 60_000 }, createBubblewrap({ worker }));
  const version = (text: string) =>
    writeFileSync(
      join(programs, 'python3'),
      `#!/bin/sh\n[ "$*" = --version ] && echo ${text} && exit\n[ "$1 $2" = "-m venv" ] || exit 1\n` +
        `mkdir -p /venv/bin && echo ${text} > /venv/made-by && printf '#!/bin/sh\\n' > /venv/bin/python && chmod +x /venv/bin/python\n`,
      { mode: 0o755 },
    );
  version('Python-1');
  const at = await place.commit({ 'requirements.txt': 'x\n' });
  try {
    expect(await place.say(at, ['cat', '/venv/made-by'])).toBe('Python-1\n');
    version('Python-22');
    expect(await place.say(at, ['cat', '/venv/made-by'])).toBe('Python-22\n');
  } finally {
    place.stop();
    rmSync(programs, { recursive: true });
  }
});

/** The archive of a package with a manifest and nothing else. */
function packed(): Buffer {
  const place = createPlace();
  try {
    const folder = join(place.folder, 'package');
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), '{"name":"x","version":"1.0.0"}');
    return execFileSync('tar', ['-czf', '-', 'package'], { cwd: place.folder });
  } finally {
    place.stop();
  }
}
