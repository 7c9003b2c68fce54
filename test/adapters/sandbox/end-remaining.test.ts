/**
 * Tests that processes which outlive bubblewrap are ended by the namespace that bubblewrap reported.
 *
 * The race itself needs a busy machine. A bubblewrap without `--die-with-parent` leaves the same processes each time.
 */
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { endRemaining } from '../../../src/adapters/sandbox/end-remaining';
import { findBubblewrap } from '../../../src/adapters/sandbox/find-bubblewrap';
import { until } from '../../fixture';

const BWRAP_FLAGS = [
  '--unshare-pid',
  '--unshare-user',
  '--ro-bind',
  '/',
  '/',
  '--proc',
  '/proc',
  '--dev',
  '/dev',
  '--json-status-fd',
  '3',
];

test.each([
  ['its commands', 'sleep 300 & sleep 300'],
  ['a command that left its group', 'setsid sleep 300 & sleep 300'],
])('%s end, although only bubblewrap was killed', async (_what, script) => {
  const { path } = await findBubblewrap();
  const child = spawn(path, [...BWRAP_FLAGS, 'sh', '-c', script], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  let status = '';
  child.stdio[3]?.on('data', (chunk: Buffer) => (status += chunk.toString()));
  await until(
    async () => commandsIn(status),
    (all) => all.filter((one) => one.startsWith('sleep')).length === 2,
  );
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  expect(commandsIn(status)).not.toEqual([]);
  await endRemaining(status);
  expect(commandsIn(status)).toEqual([]);
});

test('no process is killed if bubblewrap reported no namespace, or if the sandbox ended by itself', async () => {
  const [, ownNamespace = ''] = /\[(\d+)\]/.exec(namespaceOf('self')) ?? [];
  await endRemaining('');
  await endRemaining(`{ "child-pid": 1, "pid-namespace": ${ownNamespace} }\n{ "exit-code": 0 }\n`);
});

/** Returns the command lines of processes in the reported namespace. */
function commandsIn(status: string): string[] {
  const namespace = /"pid-namespace": (\d+)/.exec(status)?.[1];
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids
    .filter((pid) => namespace !== undefined && namespaceOf(pid) === `pid:[${namespace}]`)
    .map((pid) => readText(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim())
    .filter((line) => line !== '');
}

function namespaceOf(pid: string): string {
  return readOrEmpty(() => readlinkSync(`/proc/${pid}/ns/pid`));
}

function readText(path: string): string {
  return readOrEmpty(() => readFileSync(path, 'utf8'));
}

/** Reads a file of /proc; empty if the process has ended meanwhile. */
function readOrEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
