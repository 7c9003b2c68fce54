/** Tests smoke tests of a release with a real server and a real sandbox. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHealthWatch } from '../../../src/adapters/releases/health';
import { smokeTest } from '../../../src/adapters/releases/smoke';
import { createBubblewrap } from '../../../src/adapters/sandbox/bubblewrap';

const sandbox = createBubblewrap();
let folder: string;
beforeEach(() => {
  const place = mkdtempSync(join(tmpdir(), 'q-smoke-'));
  folder = join(place, 'release');
  mkdirSync(join(folder, 'docs'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), '<h1>Dark mode</h1>');
  writeFileSync(join(folder, '.env'), 'secret');
  writeFileSync(join(place, 'beside.txt'), 'beside');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

test('a page with the expected status and text passes', async () => {
  const http = { path: '/', status: 200, contains: 'Dark mode' };
  expect(await smokeTest({ folder, http, sandbox })).toEqual({ ok: true, detail: 'GET / answered 200' });
});

test.each([
  [{ path: '/', status: 200, contains: 'Light mode' }, 'without "Light mode"'],
  [{ path: '/nosuch', status: 200 }, 'answered 404, not 200'],
  [{ path: '/.env', status: 200 }, 'answered 404'],
  [{ path: '/%2e%2e/beside.txt', status: 200 }, 'answered 40'],
  [{ path: '/..%2fbeside.txt', status: 200 }, 'answered 40'],
  [{ path: 'index.html', status: 200 }, 'must start with "/"'],
])('%j fails and says why', async (http, why) => {
  const result = await smokeTest({ folder, http, sandbox });
  expect(result.ok).toBe(false);
  expect(result.detail).toContain(why);
});

test('a command runs on a copy, and both checks must pass', async () => {
  const http = { path: '/', status: 200 };
  const passing = ['sh', '-c', 'grep -q Dark index.html && touch made'];
  expect((await smokeTest({ folder, http, command: passing, sandbox })).ok).toBe(true);
  expect(readdirSync(folder)).not.toContain('made');
  const failing = await smokeTest({ folder, http, command: ['sh', '-c', 'echo broken; exit 3'], sandbox });
  expect(failing).toEqual({ ok: false, detail: 'GET / answered 200; sh -c echo broken; exit 3 ended with 3: broken' });
});

test('a command that hangs fails, a cancelled one throws', async () => {
  const command = ['sleep', '20'];
  expect((await smokeTest({ folder, command, sandbox, timeoutMs: 200 })).detail).toContain('ran out of time');
  const abort = new AbortController();
  setTimeout(() => abort.abort(new Error('cancelled')), 50);
  await expect(smokeTest({ folder, command, sandbox, signal: abort.signal })).rejects.toThrow('cancelled');
});

test('a missing release folder fails the smoke test and throws no exception', async () => {
  expect((await smokeTest({ folder: '/nowhere', command: ['true'], sandbox })).ok).toBe(false);
});

describe('a smoke test that also passes on an empty folder', () => {
  const watch = createHealthWatch(sandbox);
  const streak = { times: 1, interval_ms: 0 };
  const detailOf = async (command: string[], productionAccess?: { network: boolean }) => {
    const health = await watch({ folder, smoke: { command }, streak, sandboxOptions: productionAccess });
    expect(health.ok).toBe(true);
    return health.detail;
  };

  test('has a note in its result, and the release still goes live', async () => {
    expect(await detailOf(['sh', '-c', 'ls'])).toMatch(/ended with 0; the command passes in an empty folder, too/);
  });

  test('a command that needs the release gets no note, nor does one that may test a running service', async () => {
    expect(await detailOf(['grep', '-q', 'Dark', 'index.html'])).toMatch(/ended with 0$/);
    expect(await detailOf(['true'], { network: true })).toBe('true ended with 0');
  });
});

test('without a smoke test, the detail says so', async () => {
  expect((await smokeTest({ folder, sandbox })).detail).toContain('none was run');
});
