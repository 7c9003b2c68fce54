/**
 * The embedded server as a process: launched apart from our process group, watched, and ended.
 *
 * Apart, so that Ctrl-C reaches us and not the server, which must outlive our own orderly shutdown.
 * Handled by its mark rather than by a child handle, since a server may be taken over from a killed start.
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

/** Measured: ready after 0.3 s; a database with many builds or a busy machine takes longer. */
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 8_000;

/** The server found one of its ports taken. */
export class PortTaken extends Error {}

/** Throws PortTaken where a program has taken a port since it was chosen, and another error where the server ends otherwise. */
export async function launchServer(input: {
  command: string;
  dataDir: string;
  ports: ServerPorts;
  codecEndpoint?: string | undefined;
  signal?: AbortSignal | undefined;
}): Promise<ProcessMark> {
  const logFile = join(input.dataDir, 'temporal.log');
  // To a file, not a pipe: a pipe breaks when we are killed, and takes the server with it.
  const output = openSync(logFile, 'w', 0o600);
  const args = ['-c', PRIVATE, 'sh', input.command, ...serverFlags(input)];
  const child = spawn('/bin/sh', args, {
    ...{ detached: true, env: environmentOf(input.dataDir) },
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  let ended = false;
  child.once('error', () => (ended = true));
  child.once('exit', () => (ended = true));
  const server = child.pid === undefined ? undefined : markOf(child.pid);
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const gaveUp = () => ended || input.signal?.aborted === true;
  const ready = server && (await waitUntilReady({ port: input.ports.port, timeoutMs: START_TIMEOUT_MS, gaveUp }));
  process.removeListener('exit', endWithUs);
  // Another program on the same port may have answered in its place.
  if (ready && isRunning(server)) {
    child.unref();
    return server;
  }
  if (server) await stopProcess(server);
  input.signal?.throwIfAborted();
  const said = lastLine(logFile);
  const Reason = said.includes('address already in use') ? PortTaken : Error;
  throw new Reason(`the Temporal server did not start: ${said.slice(0, 300)}`);
}

/** Its database is nobody else's to read. */
const PRIVATE = 'umask 077 && exec "$@"';

/** All that it is told: it needs no proxy, and it outlives the program whose keys and tokens these are. */
function environmentOf(dataDir: string): Record<string, string> {
  const user = isNamed() ? userInfo().username : `uid-${process.getuid?.()}`;
  const home = isNamed() ? homeFolder() : undefined;
  return { PATH: '/usr/local/bin:/usr/bin:/bin', USER: user, HOME: home ?? dataDir, TMPDIR: tmpdir() };
}

/** The server does not start for a user that /etc/passwd does not have, unless the environment says who it is. */
function isNamed(): boolean {
  try {
    return userInfo().username !== '';
  } catch {
    return false;
  }
}

/** Asks first (SIGTERM), then forces (SIGKILL). */
export async function stopProcess(server: ProcessMark): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!isRunning(server)) return;
    process.kill(server.pid, signal);
    const deadline = Date.now() + STOP_TIMEOUT_MS;
    while (isRunning(server) && Date.now() < deadline) await delay(10);
  }
}

/** Calls `onExit` once if the server ends by itself; where our process ends early it takes along a server that no other uses. */
export function watchProcess(input: {
  server: ProcessMark;
  isLastUser: () => boolean;
  onExit: ((reason: string) => void) | undefined;
}): () => void {
  const { server, isLastUser, onExit } = input;
  const endWithUs = () => {
    if (isLastUser() && isRunning(server)) process.kill(server.pid, 'SIGTERM');
  };
  const timer = setInterval(() => {
    if (isRunning(server)) return;
    unwatch();
    onExit?.(`the Temporal server (pid ${server.pid}) ended unexpectedly`);
  }, 500);
  timer.unref();
  process.once('exit', endWithUs);
  const unwatch = () => {
    clearInterval(timer);
    process.removeListener('exit', endWithUs);
  };
  return unwatch;
}

function lastLine(file: string): string {
  return readFileSync(file, 'utf8').trim().split('\n').at(-1) || 'it said nothing';
}
