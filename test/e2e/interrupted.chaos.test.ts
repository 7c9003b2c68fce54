/**
 * Tests Ctrl-C while a program starts, at each point where it may wait: exit code 130 within seconds, and no process or file is left.
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
/** A server that accepts connections and never answers. */
let silentServer: Server;
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
  silentServer = createServer((socket) => sockets.push(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
  await once(silentServer, 'listening');
});
afterEach(() => {
  child?.kill('SIGKILL');
  sockets.forEach((socket) => socket.destroy());
  silentServer.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each(['start', 'demo/main'])('Ctrl-C ends %s during the download of the Temporal server', async (program) => {
  begin(program, { HTTPS_PROXY: silentUrl(), https_proxy: silentUrl() });
  await until(
    async () => sockets.length,
    (count) => count > 0,
    120_000,
  );
  await expectEnd();
});

test('Ctrl-C ends start during the fetch of the package with the server, half of which is on disk', async () => {
  // The SDK's own download fails at once. This python3 never ends, and starts another program.
  writeFileSync(join(folder, 'bin/python3'), fakePython(), { mode: 0o755 });
  begin('start', { HTTPS_PROXY: 'http://127.0.0.1:1', https_proxy: 'http://127.0.0.1:1' });
  await until(async () => existsSync(join(folder, 'begun')), Boolean);
  await expectEnd();
});

test('Ctrl-C ends start while the server starts', async () => {
  const cli = join(folder, 'bin/temporal-cli');
  const script = `#!/bin/sh\n[ "$1" = --version ] && echo temporal version 1 && exit\n: > ${folder}/begun\nexec sleep 600\n`;
  writeFileSync(cli, script, { mode: 0o755 });
  begin('start', { TEMPORAL_CLI_PATH: cli });
  await until(async () => existsSync(join(folder, 'begun')), Boolean);
  await expectEnd();
});

// What start does here, worker and demo/main do by the same function.
test('Ctrl-C ends start while a configured server does not answer', async () => {
  begin('start', { TEMPORAL_ADDRESS: silentUrl().replace('http://', '') });
  await until(
    async () => sockets.length,
    (count) => count > 0,
    120_000,
  );
  await expectEnd();
});

test('Ctrl-C ends a worker while the sandbox tests itself', async () => {
  begin('worker', { TEMPORAL_ADDRESS: process.env.TEST_TEMPORAL_ADDRESS ?? '', TMPDIR: folder });
  await until(async () => readdirSync(folder).some((name) => name.startsWith('q-scratch-')), Boolean);
  await expectEnd();
  expect(readdirSync(folder).filter((name) => name.startsWith('q-'))).toEqual([]);
});

function begin(program: string, env: Record<string, string>): void {
  const fixedEnv = { HOME: folder, XDG_CACHE_HOME: join(folder, 'cache'), PORT: '0', LOG_LEVEL: 'silent' };
  // The program gets no other variable of this process, such as the address of a server or a proxy.
  child = spawn(process.execPath, ['--require', require.resolve('tsx/cjs'), join(ROOT, `src/programs/${program}.ts`)], {
    ...{ cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
    env: { PATH: join(folder, 'bin'), ...fixedEnv, ...env },
  });
}

async function expectEnd(): Promise<void> {
  const startedAt = Date.now();
  let output = '';
  child?.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const closing = once(child as ChildProcess, 'close');
  child?.kill('SIGINT');
  const [exitCode] = (await closing) as [number | null];
  const otherOutput = output.replace('stopped before it was ready\n', '').replace(/^bubblewrap: \S+, from PATH\n/, '');
  expect({ exitCode, output: otherOutput }).toEqual({ exitCode: 130, output: '' });
  expect(Date.now() - startedAt).toBeLessThan(SOON_MS);
  expect(runningProcesses()).toEqual([]);
  const cache = join(folder, 'cache/q-orchestrator/temporal-1.9.1');
  expect(existsSync(cache) ? readdirSync(cache) : []).toEqual([]);
  expect(existsSync(join(folder, '.q-orchestrator/temporal.lock'))).toBe(false);
}

/** A python3 that writes half of an executable to the place of pip's, and starts a program that sleeps. */
function fakePython(): string {
  const write = 'for last; do :; done; echo half > "${last%/*}/temporal"';
  return `#!/bin/sh\n${write}\n: > ${folder}/begun\nsleep 600 & wait\n`;
}

test('npm starts the programs directly, without a program between them that would kill them if they are slow to end', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  for (const name of ['start', 'api', 'worker', 'demo'])
    expect(scripts[name]).toMatch(/^node --require tsx\/cjs src\//);
});

function silentUrl(): string {
  return `http://127.0.0.1:${(silentServer.address() as AddressInfo).port}`;
}

function pathOf(program: string): string {
  return execFileSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim();
}

/** Returns the processes that have this test's folder in their environment, as all have that the program started. */
function runningProcesses(): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, 'utf8').includes(folder);
    } catch {
      return false;
    }
  });
}
