/** Tests programs that are started through the host process, also while the host process dies. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProgram } from '../../../src/adapters/machine/processes/start';
import type { ProgramSpec } from '../../../src/adapters/machine/processes/start';
import { until } from '../../fixture';

function run(script: string, more: Partial<ProgramSpec> = {}) {
  let output = '';
  const collect = (chunk: Buffer): void => void (output += chunk.toString('utf8'));
  const outputs = { 1: collect, 2: collect };
  const program = startProgram({ file: '/bin/sh', args: ['-c', script], env: {}, outputs, ...more });
  return { ...program, output: () => output };
}

/** Returns the pids of this process's host processes. */
function hostPids(): number[] {
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isHost(name));
  return children.map(Number);
}

/** Returns an empty list if the process has ended. */
function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function writtenBytes(pid: number): number {
  return Number(/^wchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]);
}

function isHost(pid: string): boolean {
  try {
    const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(parent) === process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('host.cjs');
  } catch {
    return false;
  }
}

async function waitForEnd(pid: number): Promise<void> {
  // The process is gone, or a zombie that its new parent has not collected yet.
  const isRunning = async () => /^State:\s+[^ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  await until(
    () => isRunning().catch(() => false),
    (running) => !running,
  );
}

test('a program reads its input, writes to each descriptor, and its exit code is returned', async () => {
  let thirdOutput = '';
  const outputs = { 1: () => undefined, 3: (chunk: Buffer) => void (thirdOutput += chunk.toString('utf8')) };
  const program = run('cat <&4 >&3; exit 7', { inputs: { 4: 'given' }, outputs });
  expect(await program.closed).toBe(7);
  expect(thirdOutput).toBe('given');
});

test('the whole output of a program has arrived when it is closed, however large it is', async () => {
  const program = run('head -c 5000000 /dev/zero | tr "\\0" x');
  expect(await program.closed).toBe(0);
  expect(program.output()).toHaveLength(5_000_000);
});

test('a program that writes faster than its output is read waits, and its output is buffered in no process', async () => {
  let readBytes = 0;
  const outputs = { 1: (chunk: Buffer) => void (readBytes += chunk.length) };
  const program = startProgram({ file: '/usr/bin/yes', args: ['x'.repeat(4_000)], env: {}, outputs });
  await until(
    async () => readBytes,
    (bytes) => bytes > 0,
  );
  // 0 until the host has started the program; its output is read after that.
  const pid = await until(async () => hostPids().flatMap(childrenOf)[0] ?? 0, Boolean);
  // Blocks this thread until the program cannot write any more.
  for (let before = -1, since = Date.now(); Date.now() - since < 300;) {
    const now = writtenBytes(pid);
    if (now - readBytes > 50_000_000) break;
    if (now !== before) [before, since] = [now, Date.now()];
  }
  expect(writtenBytes(pid) - readBytes).toBeLessThan(5_000_000);
  program.kill();
  expect(await program.closed).toBeNull();
});

test('a program gets the given environment and no other variable', async () => {
  const program = run('env', { env: { ONLY: 'this' } });
  await program.closed;
  expect(
    program
      .output()
      .split('\n')
      .filter((line) => !line.startsWith('PWD=')),
  ).toEqual(['ONLY=this', '']);
});

test('a missing program fails with an error that names it', async () => {
  await expect(run('', { file: '/nowhere/program' }).closed).rejects.toThrow('/nowhere/program');
});

test('a program that is killed before it has started ends, with its whole process group', async () => {
  const program = run('sleep 600 & wait');
  program.kill();
  expect(await program.closed).toBeNull();
});

test('if the host process dies its programs fail at once, and another host process starts the next program', async () => {
  const program = run('echo $$; exec sleep 600');
  const pid = await until(
    async () => Number(program.output()),
    (pid) => pid > 0,
  );
  for (const pid of hostPids()) process.kill(pid, 'SIGKILL');
  await expect(program.closed).rejects.toThrow('the process that starts others has ended');
  await waitForEnd(pid);
  const next = run('echo again');
  expect(await next.closed).toBe(0);
  expect(next.output()).toBe('again\n');
});

/** Starts a process that starts `script` as the worker does. Returns that process and the pids that the script prints. */
async function startOwner(script: string, outlives: boolean) {
  const start = `require(${JSON.stringify(join(__dirname, '../../../src/adapters/machine/processes/start.ts'))}).startProgram({
    file: '/bin/sh', args: ['-c', ${JSON.stringify(script)}], env: {}, outlivesWorker: ${outlives},
    outputs: { 1: (chunk) => process.stdout.write(chunk) } });`;
  const owner = spawn(process.execPath, ['--require', 'tsx/cjs', '-e', start]);
  const [output] = (await once(owner.stdout, 'data')) as [Buffer];
  return { owner, pids: output.toString('utf8').trim().split(' ').map(Number) };
}

test('a program ends if the process that started it is killed', async () => {
  const { owner, pids } = await startOwner('sleep 600 & echo $$ $!; wait', false);
  owner.kill('SIGKILL');
  for (const pid of pids) await waitForEnd(pid);
});

test('a program with `outlivesWorker` finishes although the process that started it is killed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'q-host-'));
  const { owner } = await startOwner(
    `echo $$; until [ -e ${folder}/go ]; do sleep 0.01; done; touch ${folder}/done`,
    true,
  );
  const { pid } = owner;
  if (pid === undefined) throw new Error('the owner has not been started');
  const [host] = childrenOf(pid);
  if (host === undefined) throw new Error('the owner has no host');
  owner.kill('SIGKILL');
  await waitForEnd(host);
  writeFileSync(join(folder, 'go'), '');
  await until(
    async () => existsSync(join(folder, 'done')),
    (isDone) => isDone,
  );
  rmSync(folder, { recursive: true });
});
