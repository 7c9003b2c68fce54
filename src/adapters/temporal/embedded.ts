/**
 * A Temporal server of our own, on a database file in the data folder, for machines where none is configured.
 *
 * One server a data folder: a second start finds the first one's server and uses it. The last program that uses a
 * server stops it, whichever started it; one whose users were all killed is taken over by the next start.
 */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findBinary } from './binary';
import { tryLock, withLock } from '../machine/lock';
import { freeHiddenPort, freePort, hiddenLoopback, LOOPBACK, tryPort } from './ports';
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
  /** An executable to use instead of looking for one. */
  cliPath?: string | undefined;
  /** Where fetched executables are kept; `~/.cache/q-orchestrator` if not given. */
  cacheDir?: string | undefined;
  /** A port that must be used. If not given: the one of the last start, else the usual one, where free; else any free one. */
  port?: number | undefined;
  uiPort?: number | undefined;
  /** Where the Web UI has payloads decrypted. */
  codecEndpoint?: string | undefined;
  /** Names that lead to the Web UI beside those of the loopback. */
  allowedHosts?: readonly HostName[] | undefined;
  /** 7233 and 8233 if not given. */
  usualPorts?: { port: number; uiPort: number };
  log: (line: string) => void;
  /** Breaks the start off: nothing of it is left running. */
  signal?: AbortSignal | undefined;
  /** Called once if the server ends without `stop()`. */
  onExit?: (reason: string) => void;
}

export interface EmbeddedServer {
  address: string;
  uiUrl: string;
  /** Where the executable came from, in words; `running` where an earlier start's server is used. */
  source: string;
  pid: number;
  /** Ends the server if no other program uses it: in order first, by force after some seconds. */
  stop(): Promise<void>;
}

const LAUNCHES_LIMIT = 5;
/** Twice the time in which a program sees that its server has ended, and some. */
const LET_GO_MS = 1_500;
/** Where the `temporal` command and its users look without being told. */
const USUAL_PORTS = { port: 7233, uiPort: 8233 };

export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  // Held while looking and starting, so that two starts at the same moment end up with one server.
  const { signal } = options;
  return withLock({ file: lockFile(dataDir), waitMs: 360_000, signal }, async () => {
    const earlier = await readRecord(dataDir);
    return (earlier && (await useRunning(options, dataDir, earlier))) ?? (await startNew(options, dataDir, earlier));
  });
}

async function useRunning(
  options: EmbeddedOptions,
  dataDir: string,
  record: ServerRecord,
): Promise<EmbeddedServer | undefined> {
  const { server } = record;
  if (!server || !isRunning(server)) return undefined;
  if (!(await namespaceAnswers(record.port))) {
    // It holds the database and does not answer: a second server on the same file would make that worse.
    await stopProcess(server);
    return undefined;
  }
  const user = newUser();
  await writeRecord(dataDir, { ...record, users: [...otherUsers(record, user.token), user] });
  options.log(`temporal: using the server that already runs on ${LOOPBACK}:${record.port}`);
  const { ui: target, uiPort: uiAt } = record;
  const front = target && (await takeUiFront({ port: uiAt, target, allowedHosts: options.allowedHosts ?? [] }));
  return present({ options, dataDir, record, server, user, front, source: 'running' });
}

async function startNew(
  options: EmbeddedOptions,
  dataDir: string,
  earlier: ServerRecord | undefined,
): Promise<EmbeddedServer> {
  const binary = await findBinary(options);
  // Held until the server listens: of two starts that both see a usual port free, one would meet the other's server there.
  const usualPorts = options.usualPorts ?? USUAL_PORTS;
  const file = join(tmpdir(), `q-orchestrator-port-${usualPorts.port}.${process.getuid?.() ?? ''}.lock`);
  const leave = await tryLock({ file });
  let front: UiFront | undefined;
  try {
    const usual = leave && usualPorts;
    front = await chooseFront(options, earlier, usual?.uiPort);
    const { ports, server } = await launchOnPorts(
      { command: binary.path, dataDir, signal: options.signal, codecEndpoint: options.codecEndpoint },
      async () => ({
        port: await choosePort(options.port, [earlier?.port, usual?.port]),
        ...(await hiddenPorts()),
      }),
    );
    front.lead(ports.ui);
    const user = newUser();
    const record = { port: ports.port, uiPort: front.port, ui: ports.ui, server, users: [user] };
    await writeRecord(dataDir, record);
    options.log(`temporal: started on ${LOOPBACK}:${ports.port}, executable from ${binary.source}`);
    return present({ options, dataDir, record, server, user, front, source: binary.source });
  } catch (error) {
    await front?.close();
    throw error;
  } finally {
    await leave?.();
  }
}

/** Another program can take a port after it was found free and before the server listens there; then the choice is made again. */
async function launchOnPorts(
  input: Omit<Parameters<typeof launchServer>[0], 'ports'>,
  choose: () => Promise<ServerPorts>,
): Promise<{ ports: ServerPorts; server: ProcessMark }> {
  for (let launches = 1; ; launches += 1) {
    const ports = await choose();
    try {
      return { ports, server: await launchServer({ ...input, ports }) };
    } catch (error) {
      if (!(error instanceof PortTaken) || launches === LAUNCHES_LIMIT) throw error;
    }
  }
}

async function choosePort(asked: number | undefined, liked: ReadonlyArray<number | undefined>): Promise<number> {
  if (asked !== undefined && asked !== 0) {
    const port = await tryPort(asked);
    if (port === undefined) throw new Error(`port ${asked} for Temporal is taken`);
    return port;
  }
  for (const one of liked) {
    const port = one === undefined ? undefined : await tryPort(one);
    if (port !== undefined) return port;
  }
  return freePort();
}

async function hiddenPorts(): Promise<Omit<ServerPorts, 'port'>> {
  const host = await hiddenLoopback();
  const httpPort = await freeHiddenPort();
  const metricsPort = await freeHiddenPort([httpPort]);
  return { httpPort, metricsPort, ui: { host, port: await freeHiddenPort([httpPort, metricsPort], host) } };
}

/** The known address of the Web UI, held from now on. */
async function chooseFront(
  { uiPort: asked = 0, allowedHosts = [] }: EmbeddedOptions,
  earlier: ServerRecord | undefined,
  usual: number | undefined,
): Promise<UiFront> {
  // Of a server that died: the program that serves its address is about to let go of it.
  const before = earlier?.server && earlier.uiPort;
  for (const port of asked !== 0 ? [asked] : [before, earlier?.uiPort, usual, 0]) {
    if (port === undefined) continue;
    const deadline = Date.now() + (port === before ? LET_GO_MS : 0);
    do {
      const front = await openUiFront({ port, allowedHosts });
      front?.unref();
      if (front !== undefined) return front;
    } while (Date.now() < deadline && (await delay(50, true)));
  }
  throw new Error(asked !== 0 ? `port ${asked} for the Temporal Web UI is taken` : `no free port on ${LOOPBACK}`);
}

function newUser(): ServerUser {
  return { ...ownMark(), token: randomUUID() };
}

function present(input: {
  options: EmbeddedOptions;
  dataDir: string;
  record: ServerRecord;
  server: ProcessMark;
  user: ServerUser;
  /** Absent where the Web UI listens at its known address itself. */
  front: Pick<UiFront, 'close'> | undefined;
  source: string;
}): EmbeddedServer {
  const { server, user, dataDir, front } = input;
  const { port, uiPort } = input.record;
  // Where the lock is held a program is about to use the server, and stops it if that comes to nothing.
  const isLastUser = () =>
    !existsSync(lockFile(dataDir)) && otherUsers(readRecordSync(dataDir), user.token).length === 0;
  const unwatch = watchProcess({
    ...{ server, isLastUser },
    onExit(reason) {
      // The next start is to find the address free.
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
      await withLock({ file: lockFile(dataDir), waitMs: 360_000 }, () => leave(dataDir, server, user));
    },
  };
}

async function leave(dataDir: string, server: ProcessMark, user: ServerUser): Promise<void> {
  const record = await readRecord(dataDir);
  const users = otherUsers(record, user.token);
  const isStillOurs = record?.server?.pid === server.pid && record.server.started === server.started;
  if (users.length > 0 || (record?.server !== undefined && !isStillOurs)) {
    if (record !== undefined) await writeRecord(dataDir, { ...record, users });
    return;
  }
  await stopProcess(server);
  if (record !== undefined) await writeRecord(dataDir, { port: record.port, uiPort: record.uiPort });
}

function lockFile(dataDir: string): string {
  return join(dataDir, 'temporal.lock');
}
