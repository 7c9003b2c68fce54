/**
 * Ctrl-C while a program starts, at each point where it may wait: exit code 130, soon, and nothing is left.
 */
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBubblewrap } from '../../src/adapters/sandbox/find-bubblewrap';
import { until } from '../fixture';

const ROOT = join(__dirname, '../..');
const SOON_MS = 5_000;
/** Takes connections and never says a word. */
let silent: Server;
let sockets: Socket[];
let folder: string;
let child: ChildProcess | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'q-test-interrupted-'));
  mkdirSync(join(folder, 'bin'));
  for (const name of ['sh', 'git', 'sleep', 'cp', 'mkdir']) symlinkSync(pathOf(name), join(folder, 'bin', name));
  symlinkSync((await findBubblewrap()).path, join(folder, 'bin/bwrap'));
  // A worker that runs as root starts bubblewrap as another user.
  chmodSync(folder, 0o755);
  sockets = [];
  silent = createServer((socket) => sockets.push(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
  await once(silent, 'listening');
});
afterEach(() => {
  child?.kill('SIGKILL');
  sockets.forEach((socket) => socket.destroy());
  silent.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each(['start', 'demo/main'])('%s, during the download of the Temporal server', async (program) => {
  begin(program, { HTTPS_PROXY: silentUrl(), https_proxy: silentUrl() });
  await until(
    async () => sockets.length,
    (count) => count > 0,
    120_000,
  );
  await expectAnEnd();
});

test('during the fetch of the package with the server, half of which is on disk', async () => {
  // The SDK's own download fails at once; python3 is one that never comes to an end, and starts another program.
  writeFileSync(join(folder, 'bin/python3'), fakePython(), { mode: 0o755 });
  begin('start', { HTTPS_PROXY: 'http://127.0.0.1:1', https_proxy: 'http://127.0.0.1:1' });
  await until(async () => existsSync(join(folder, 'begun')), Boolean);
  await expectAnEnd();
});

test('while the server comes up', async () => {
  const cli = join(folder, 'bin/temporal-cli');
  const script = `#!/bin/sh\n[ "$1" = --version ] && echo temporal version 1 && exit\n: > ${folder}/begun\nexec sleep 600\n`;
  writeFileSync(cli, script, { mode: 0o755 });
  begin('start', { TEMPORAL_CLI_PATH: cli });
  await until(async () => existsSync(join(folder, 'begun')), Boolean);
  await expectAnEnd();
});

// What start does here, worker and demo/main do by the same function.
test('while a configured server does not answer', async () => {
  begin('start', { TEMPORAL_ADDRESS: silentUrl().replace('http://', '') });
  await until(
    async () => sockets.length,
    (count) => count > 0,
    120_000,
  );
  await expectAnEnd();
});

test('while the sandbox tests itself', async () => {
  begin('worker', { TEMPORAL_ADDRESS: process.env.TEST_TEMPORAL_ADDRESS ?? '', TMPDIR: folder });
  await until(async () => readdirSync(folder).some((name) => name.startsWith('q-scratch-')), Boolean);
  await expectAnEnd();
  expect(readdirSync(folder).filter((name) => name.startsWith('q-'))).toEqual([]);
});

function begin(program: string, env: Record<string, string>): void {
  const known = { HOME: folder, XDG_CACHE_HOME: join(folder, 'cache'), PORT: '0', LOG_LEVEL: 'silent' };
  // Nothing of this process's environment: neither a Temporal nor a proxy of the machine's.
  child = spawn(process.execPath, ['--require', require.resolve('tsx/cjs'), join(ROOT, `src/programs/${program}.ts`)], {
    ...{ cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
    env: { PATH: join(folder, 'bin'), ...known, ...env },
  });
}

async function expectAnEnd(): Promise<void> {
  const startedAt = Date.now();
  let said = '';
  child?.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child as ChildProcess, 'close');
  child?.kill('SIGINT');
  const [exitCode] = (await ended) as [number | null];
  const more = said.replace('stopped before it was ready\n', '').replace(/^bubblewrap: \S+, from PATH\n/, '');
  expect({ exitCode, said: more }).toEqual({ exitCode: 130, said: '' });
  expect(Date.now() - startedAt).toBeLessThan(SOON_MS);
  expect(leftRunning()).toEqual([]);
  const cache = join(folder, 'cache/q-orchestrator/temporal-1.9.1');
  expect(existsSync(cache) ? readdirSync(cache) : []).toEqual([]);
  expect(existsSync(join(folder, '.q-orchestrator/temporal.lock'))).toBe(false);
}

/** Writes half of an executable where pip would, and sleeps in a program of its own. */
function fakePython(): string {
  const write = 'for last; do :; done; echo half > "${last%/*}/temporal"';
  return `#!/bin/sh\n${write}\n: > ${folder}/begun\nsleep 600 & wait\n`;
}

test('the programs are started without another one above them, which would kill them where they are slow to answer', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  for (const name of ['start', 'api', 'worker', 'demo'])
    expect(scripts[name]).toMatch(/^node --require tsx\/cjs src\//);
});

function silentUrl(): string {
  return `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
}

function pathOf(program: string): string {
  return execFileSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim();
}

/** Processes with this test's folder in their environment: all that the program started. */
function leftRunning(): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, 'utf8').includes(folder);
    } catch {
      return false;
    }
  });
}
