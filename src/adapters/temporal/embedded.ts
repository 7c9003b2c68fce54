/**
 * Runs an embedded Temporal server with a database file in the data folder, for machines without a configured server.
 *
 * A data folder has at most one server: a second program uses the server that the first one started. The last program that
 * uses the server stops it. If all its users were killed, the next program takes the running server over.
 */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findBinary } from './binary';
import { tryLock, withLock } from '../machine/lock';
import { findFreeHiddenPort, findFreePort, chooseHiddenLoopback, LOOPBACK, tryPort } from './ports';
import { isRunning, ownMark, type ProcessMark } from '../machine/process-mark';
import { PortTaken, launchServer, stopProcess, watchProcess } from './server-process';
import { namespaceAnswers } from './server-ready';
import { otherUsers, readRecord, readRecordSync, writeRecord } from './server-record';
import type { ServerPorts } from './server-flags';
import type { ServerRecord, ServerUser } from './server-record';
import { openUiFront, takeUiFront } from './ui-front';
import type { UiFront } from './ui-front';
import type { HostName } from '../../domain/web-callers';

export interface EmbeddedOptions {
  dataDir: string;
  /** The `temporal` executable; without it, the worker looks for one. */
  cliPath?: string | undefined;
  /** The cache for fetched executables; by default `~/.cache/q-orchestrator`. */
  cacheDir?: string | undefined;
  /** The port to use. By default the first free one of: that of the last start, the usual one, any other. */
  port?: number | undefined;
  uiPort?: number | undefined;
  /** The address of the codec server that decrypts payloads for the Web UI. */
  codecEndpoint?: string | undefined;
  /** Host names of the Web UI, in addition to those of the loopback. */
  allowedHosts?: readonly HostName[] | undefined;
  /** The ports to prefer; by default 7233 and 8233. */
  usualPorts?: { port: number; uiPort: number };
  log: (line: string) => void;
  /** Ends the start; nothing of it stays running. */
  signal?: AbortSignal | undefined;
  /** Called once if the server ends without `stop()`. */
  onExit?: (reason: string) => void;
}

export interface EmbeddedServer {
  address: string;
  uiUrl: string;
  /** The origin of the executable as a text; `running` if another program had already started the server. */
  source: string;
  pid: number;
  /** Stops the server if no other program uses it: by SIGTERM, after some seconds by SIGKILL. */
  stop(): Promise<void>;
}

const MAX_LAUNCHES = 5;
/** A program sees within 500 ms that its server has ended, and then closes the Web UI's address; this is three times as long. */
const ADDRESS_WAIT_MS = 1_500;
/** The default ports of the `temporal` command. */
const USUAL_PORTS = { port: 7233, uiPort: 8233 };

export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  // The lock covers the search and the start, so that two programs that start at the same moment share one server.
  const { signal } = options;
  return withLock({ file: lockFile(dataDir), waitMs: 360_000, signal }, async () => {
    const earlier = await readRecord(dataDir);
    return (
      (earlier && (await useRunningServer(options, dataDir, earlier))) ??
      (await startNewServer(options, dataDir, earlier))
    );
  });
}

async function useRunningServer(
  options: EmbeddedOptions,
  dataDir: string,
  record: ServerRecord,
): Promise<EmbeddedServer | undefined> {
  const { server } = record;
  if (!server || !isRunning(server)) return undefined;
  if (!(await namespaceAnswers(record.port))) {
    // The server does not answer, but has the database open: it must end before a second server opens the same file.
    await stopProcess(server);
    return undefined;
  }
  const user = newUser();
  await writeRecord(dataDir, { ...record, users: [...otherUsers(record, user.token), user] });
  options.log(`temporal: using the server that already runs on ${LOOPBACK}:${record.port}`);
  const { ui: target, uiPort } = record;
  const front = target && (await takeUiFront({ port: uiPort, target, allowedHosts: options.allowedHosts ?? [] }));
  return toServer({ options, dataDir, record, server, user, front, source: 'running' });
}

async function startNewServer(
  options: EmbeddedOptions,
  dataDir: string,
  earlier: ServerRecord | undefined,
): Promise<EmbeddedServer> {
  const binary = await findBinary(options);
  // This lock is kept until the server listens: otherwise two programs of other data folders could both choose the usual port.
  const usualPorts = options.usualPorts ?? USUAL_PORTS;
  const file = join(tmpdir(), `q-orchestrator-port-${usualPorts.port}.${process.getuid?.() ?? ''}.lock`);
  const unlock = await tryLock({ file });
  let front: UiFront | undefined;
  try {
    const usual = unlock && usualPorts;
    front = await chooseFront(options, earlier, usual?.uiPort);
    const { ports, server } = await launchOnPorts(
      { command: binary.path, dataDir, signal: options.signal, codecEndpoint: options.codecEndpoint },
      async () => ({
        port: await choosePort(options.port, [earlier?.port, usual?.port]),
        ...(await hiddenPorts()),
      }),
    );
    front.forwardTo(ports.ui);
    const user = newUser();
    const record = { port: ports.port, uiPort: front.port, ui: ports.ui, server, users: [user] };
    await writeRecord(dataDir, record);
    options.log(`temporal: started on ${LOOPBACK}:${ports.port}, executable from ${binary.source}`);
    return toServer({ options, dataDir, record, server, user, front, source: binary.source });
  } catch (error) {
    await front?.close();
    throw error;
  } finally {
    await unlock?.();
  }
}

/** Launches the server. If another program takes a chosen port before the server listens on it, ports are chosen again. */
async function launchOnPorts(
  input: Omit<Parameters<typeof launchServer>[0], 'ports'>,
  choose: () => Promise<ServerPorts>,
): Promise<{ ports: ServerPorts; server: ProcessMark }> {
  for (let launches = 1; ; launches += 1) {
    const ports = await choose();
    try {
      return { ports, server: await launchServer({ ...input, ports }) };
    } catch (error) {
      if (!(error instanceof PortTaken) || launches === MAX_LAUNCHES) throw error;
    }
  }
}

async function choosePort(
  wantedPort: number | undefined,
  preferred: ReadonlyArray<number | undefined>,
): Promise<number> {
  if (wantedPort !== undefined && wantedPort !== 0) {
    const port = await tryPort(wantedPort);
    if (port === undefined) throw new Error(`port ${wantedPort} for Temporal is taken`);
    return port;
  }
  for (const candidate of preferred) {
    const port = candidate === undefined ? undefined : await tryPort(candidate);
    if (port !== undefined) return port;
  }
  return findFreePort();
}

async function hiddenPorts(): Promise<Omit<ServerPorts, 'port'>> {
  const host = await chooseHiddenLoopback();
  const httpPort = await findFreeHiddenPort();
  const metricsPort = await findFreeHiddenPort([httpPort]);
  return { httpPort, metricsPort, ui: { host, port: await findFreeHiddenPort([httpPort, metricsPort], host) } };
}

/** Opens the address of the Web UI that people use. */
async function chooseFront(
  { uiPort: wantedPort = 0, allowedHosts = [] }: EmbeddedOptions,
  earlier: ServerRecord | undefined,
  usual: number | undefined,
): Promise<UiFront> {
  // If the earlier server died, the program that serves its address is about to close it: this port is tried for some time.
  const earlierPort = earlier?.server && earlier.uiPort;
  for (const port of wantedPort !== 0 ? [wantedPort] : [earlierPort, earlier?.uiPort, usual, 0]) {
    if (port === undefined) continue;
    const deadline = Date.now() + (port === earlierPort ? ADDRESS_WAIT_MS : 0);
    do {
      const front = await openUiFront({ port, allowedHosts });
      front?.unref();
      if (front !== undefined) return front;
    } while (Date.now() < deadline && (await delay(50, true)));
  }
  throw new Error(
    wantedPort !== 0 ? `port ${wantedPort} for the Temporal Web UI is taken` : `no free port on ${LOOPBACK}`,
  );
}

function newUser(): ServerUser {
  return { ...ownMark(), token: randomUUID() };
}

function toServer(input: {
  options: EmbeddedOptions;
  dataDir: string;
  record: ServerRecord;
  server: ProcessMark;
  user: ServerUser;
  /** Absent if the Web UI itself listens at the address that people use. */
  front: Pick<UiFront, 'close'> | undefined;
  source: string;
}): EmbeddedServer {
  const { server, user, dataDir, front } = input;
  const { port, uiPort } = input.record;
  // If the lock exists, another program is about to use the server, and stops it if that fails.
  const isLastUser = () =>
    !existsSync(lockFile(dataDir)) && otherUsers(readRecordSync(dataDir), user.token).length === 0;
  const unwatch = watchProcess({
    ...{ server, isLastUser },
    onExit(reason) {
      // It frees the address for the next start.
      void front?.close();
      input.options.onExit?.(reason);
    },
  });
  return {
    address: `${LOOPBACK}:${port}`,
    uiUrl: `http://${LOOPBACK}:${uiPort}`,
    source: input.source,
    pid: server.pid,
    stop: async () => {
      unwatch();
      await front?.close();
      await withLock({ file: lockFile(dataDir), waitMs: 360_000 }, () => leaveServer(dataDir, server, user));
    },
  };
}

async function leaveServer(dataDir: string, server: ProcessMark, user: ServerUser): Promise<void> {
  const record = await readRecord(dataDir);
  const users = otherUsers(record, user.token);
  const isSameServer = record?.server?.pid === server.pid && record.server.started === server.started;
  if (users.length > 0 || (record?.server !== undefined && !isSameServer)) {
    if (record !== undefined) await writeRecord(dataDir, { ...record, users });
    return;
  }
  await stopProcess(server);
  if (record !== undefined) await writeRecord(dataDir, { port: record.port, uiPort: record.uiPort });
}

function lockFile(dataDir: string): string {
  return join(dataDir, 'temporal.lock');
}
