/**
 * Launches the process of the embedded server, watches it, and stops it.
 *
 * The server has a process group of its own, so that Ctrl-C does not reach it: it must outlive the program's own shutdown. It is
 * identified by its process mark and not by a child handle, since a program may take over the server of a killed one.
 */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { homeFolder } from '../machine/home';
import { isRunning, markOf, type ProcessMark } from '../machine/process-mark';
import { serverFlags } from './server-flags';
import type { ServerPorts } from './server-flags';
import { waitUntilReady } from './server-ready';

/** The server is usually ready after 0.3 s; a database with many builds or a busy machine takes longer. */
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 8_000;

/** The server could not start because another program uses one of its ports. */
export class PortTaken extends Error {}

/** Launches the server. Throws PortTaken if a program has taken a port since it was chosen, and an Error for other causes. */
export async function launchServer(input: {
  command: string;
  dataDir: string;
  ports: ServerPorts;
  codecEndpoint?: string | undefined;
  signal?: AbortSignal | undefined;
}): Promise<ProcessMark> {
  const logFile = join(input.dataDir, 'temporal.log');
  // The output goes to a file: a pipe would break when this program is killed, and end the server.
  const output = openSync(logFile, 'w', 0o600);
  const args = ['-c', PRIVATE_SCRIPT, 'sh', input.command, ...serverFlags(input)];
  const child = spawn('/bin/sh', args, {
    ...{ detached: true, env: environmentOf(input.dataDir) },
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  let hasEnded = false;
  child.once('error', () => (hasEnded = true));
  child.once('exit', () => (hasEnded = true));
  const server = child.pid === undefined ? undefined : markOf(child.pid);
  const killWithProgram = () => child.kill('SIGKILL');
  process.once('exit', killWithProgram);
  const shouldStop = () => hasEnded || input.signal?.aborted === true;
  const isReady = server && (await waitUntilReady({ port: input.ports.port, timeoutMs: START_TIMEOUT_MS, shouldStop }));
  process.removeListener('exit', killWithProgram);
  // The answer may have come from another program on the same port, so the process is checked, too.
  if (isReady && isRunning(server)) {
    child.unref();
    return server;
  }
  if (server) await stopProcess(server);
  input.signal?.throwIfAborted();
  const lastOutput = lastLine(logFile);
  const ErrorClass = lastOutput.includes('address already in use') ? PortTaken : Error;
  throw new ErrorClass(`the Temporal server did not start: ${lastOutput.slice(0, 300)}`);
}

/** Makes the database readable for its owner only. */
const PRIVATE_SCRIPT = 'umask 077 && exec "$@"';

/** Returns the server's environment, without the worker's proxy, keys and tokens: the server does not need them, and outlives it. */
function environmentOf(dataDir: string): Record<string, string> {
  const user = hasUserName() ? userInfo().username : `uid-${process.getuid?.()}`;
  const home = hasUserName() ? homeFolder() : undefined;
  return { PATH: '/usr/local/bin:/usr/bin:/bin', USER: user, HOME: home ?? dataDir, TMPDIR: tmpdir() };
}

/** True if /etc/passwd has the user: for another one, the server only starts if the environment gives a name. */
function hasUserName(): boolean {
  try {
    return userInfo().username !== '';
  } catch {
    return false;
  }
}

/** Stops the process by SIGTERM, and by SIGKILL if it does not end. */
export async function stopProcess(server: ProcessMark): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!isRunning(server)) return;
    process.kill(server.pid, signal);
    const deadline = Date.now() + STOP_TIMEOUT_MS;
    while (isRunning(server) && Date.now() < deadline) await delay(10);
  }
}

/** Calls `onExit` once if the server ends by itself. If this program exits early, it also ends a server that no other program uses. */
export function watchProcess(input: {
  server: ProcessMark;
  isLastUser: () => boolean;
  onExit: ((reason: string) => void) | undefined;
}): () => void {
  const { server, isLastUser, onExit } = input;
  const killWithProgram = () => {
    if (isLastUser() && isRunning(server)) process.kill(server.pid, 'SIGTERM');
  };
  const timer = setInterval(() => {
    if (isRunning(server)) return;
    unwatch();
    onExit?.(`the Temporal server (pid ${server.pid}) ended unexpectedly`);
  }, 500);
  timer.unref();
  process.once('exit', killWithProgram);
  const unwatch = () => {
    clearInterval(timer);
    process.removeListener('exit', killWithProgram);
  };
  return unwatch;
}

function lastLine(file: string): string {
  return readFileSync(file, 'utf8').trim().split('\n').at(-1) || 'it printed nothing';
}
