/** Tests the embedded server with the real executable, real processes and a real database file. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { startEmbedded, type EmbeddedOptions, type EmbeddedServer } from '../../../src/adapters/temporal/embedded';
import { createServer } from 'node:net';
import { findBinary } from '../../../src/adapters/temporal/binary';
import { isRunning, markOf } from '../../../src/adapters/machine/process-mark';
import { findFreePort } from '../../../src/adapters/temporal/ports';
import { readRecord, writeRecord } from '../../../src/adapters/temporal/server-record';
import { namespaceAnswers } from '../../../src/adapters/temporal/server-ready';
import { SEARCH_ATTRIBUTES } from '../../../src/workflows/attributes';
import { until } from '../../until';
import { verifies } from '../../requirements/verifies';

let dataDir: string;
let lines: string[];
const runningServers: EmbeddedServer[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'q-embedded-'));
  lines = [];
});

afterEach(async () => {
  for (const server of runningServers.splice(0)) await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function start(options: Partial<EmbeddedOptions> = {}): Promise<EmbeddedServer> {
  const cliPath = process.env.TEMPORAL_CLI_PATH || undefined;
  const server = await startEmbedded({ dataDir, cliPath, log: (line) => lines.push(line), ...options });
  runningServers.push(server);
  return server;
}

async function withClient<T>(address: string, use: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await use(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

const startWorkflow = (address: string) =>
  withClient(address, (client) => client.workflow.start('any', { workflowId: 'kept', taskQueue: 'nobody' }));

const statusOf = (address: string) =>
  withClient(address, async (client) => (await client.workflow.getHandle('kept').describe()).status.name);

test('a started server accepts work, has the search attributes, and logs the origin of its executable', async () => {
  const server = await start();
  await startWorkflow(server.address);
  await withClient(server.address, async ({ connection }) => {
    const attributes = await (connection as Connection).operatorService.listSearchAttributes({ namespace: 'default' });
    expect(Object.keys(attributes.customAttributes ?? {})).toEqual(
      expect.arrayContaining(Object.keys(SEARCH_ATTRIBUTES)),
    );
  });
  expect((await fetch(server.uiUrl)).status).toBe(200);
  expect(lines).toEqual([`temporal: started on ${server.address}, executable from ${server.source}`]);
});

verifies('8.10');
test('after SIGKILL a new server uses the same file and address, and has the started workflow', async () => {
  const first = await start();
  await startWorkflow(first.address);
  const mark = markOf(first.pid)!;
  process.kill(first.pid, 'SIGKILL');
  while (isRunning(mark)) await new Promise((resolve) => setImmediate(resolve));
  const second = await start();
  expect(second.pid).not.toBe(first.pid);
  expect(second.address).toBe(first.address);
  expect(second.uiUrl).toBe(first.uiUrl);
  expect(await statusOf(second.address)).toBe('RUNNING');
});

verifies('8.10');
test('an orderly stop ends the process, and the next start has the workflow', async () => {
  const first = await start();
  await startWorkflow(first.address);
  const mark = markOf(first.pid)!;
  await first.stop();
  expect(isRunning(mark)).toBe(false);
  expect(await statusOf((await start()).address)).toBe('RUNNING');
});

test('a second program uses the running server and does not stop it', async () => {
  const first = await start();
  const second = await start();
  expect(second).toMatchObject({ pid: first.pid, address: first.address, source: 'running' });
  await second.stop();
  expect(isRunning(markOf(first.pid)!)).toBe(true);
});

test('if another program takes a port just before the server listens, another port is chosen', async () => {
  const { path } = await findBinary({ cliPath: process.env.TEMPORAL_CLI_PATH || undefined });
  const cliPath = join(dataDir, 'taken-at-first');
  // At the first start this program listens on the port of the Web UI, so that the real server finds it in use.
  const portTaker = `
    const [real, ...args] = process.argv.slice(2);
    require('node:net').createServer().listen(Number(args[args.indexOf('--ui-port') + 1]), args[args.indexOf('--ui-ip') + 1], () => {
      process.exit(require('node:child_process').spawnSync(real, args, { stdio: 'inherit' }).status ?? 1);
    });`;
  await writeFile(`${cliPath}.cjs`, portTaker);
  const lines = [
    '#!/bin/sh',
    `if [ -e '${cliPath}.held' ] || [ "$1" = --version ]; then exec '${path}' "$@"; fi`,
    `: > '${cliPath}.held'`,
    `exec '${process.execPath}' '${cliPath}.cjs' '${path}' "$@"`,
  ];
  await writeFile(cliPath, `${lines.join('\n')}\n`, { mode: 0o755 });
  const server = await start({ cliPath });
  expect((await fetch(server.uiUrl)).status).toBe(200);
  expect(await readFile(`${cliPath}.held`, 'utf8')).toBe('');
});

test('two programs that start at the same moment share one server', async () => {
  const [one, other] = await Promise.all([start(), start()]);
  expect(one.pid).toBe(other.pid);
});

test('a record whose process id now belongs to another process is ignored', async () => {
  const first = await start();
  await first.stop();
  const record = {
    port: await findFreePort(),
    uiPort: await findFreePort(),
    server: { pid: process.pid, started: 'long ago' },
  };
  await writeRecord(dataDir, record);
  const second = await start();
  expect(second.source).not.toBe('running');
  expect(second.pid).not.toBe(process.pid);
});

test('O2: the server runs while any program uses it, and ends with the last one', async () => {
  const first = await start();
  const second = await start();
  const third = await start();
  const mark = markOf(first.pid)!;
  await first.stop();
  await third.stop();
  expect(await namespaceAnswers(Number(second.address.split(':')[1]))).toBe(true);
  await second.stop();
  expect(isRunning(mark)).toBe(false);
});

test.each([
  ['ends in the middle', 'process.exit(3)'],
  ['is killed', 'process.kill(process.pid, "SIGKILL")'],
])('O2: a program that %s stops the server only if no other program uses it', async (_, end) => {
  const module = require.resolve('../../../src/adapters/temporal/embedded');
  const program = `require(${JSON.stringify(module)}).startEmbedded({ dataDir: ${JSON.stringify(dataDir)}, log() {},
    cliPath: process.env.TEMPORAL_CLI_PATH || undefined }).then(() => { ${end}; });`;
  const runOther = () => spawnSync(process.execPath, ['--require', require.resolve('tsx/cjs'), '-e', program]);
  const ownServer = await start();
  const mark = markOf(ownServer.pid)!;
  runOther();
  expect(isRunning(mark)).toBe(true);
  await ownServer.stop();
  expect(isRunning(mark)).toBe(false);
  // As the only program it stops its server, unless it was killed.
  runOther();
  const { server } = (await readRecord(dataDir))!;
  const isKilled = end.includes('SIGKILL');
  await until(
    async () => isRunning(server!),
    (running) => running === isKilled,
  );
  if (isKilled) await (await start()).stop();
  expect(isRunning(server!)).toBe(false);
});

test('the next program takes over the server of a killed one, and stops it', async () => {
  const first = await start();
  const record = (await readRecord(dataDir))!;
  await writeRecord(dataDir, {
    ...record,
    users: [{ pid: process.pid, started: 'before the crash', token: 'its' }],
  });
  const second = await start();
  expect(second.pid).toBe(first.pid);
  const mark = markOf(first.pid)!;
  await second.stop();
  expect(isRunning(mark)).toBe(false);
});

test('a server that dies by itself is reported once', async () => {
  let onExit!: (reason: string) => void;
  const exitReason = new Promise<string>((resolve) => (onExit = resolve));
  const server = await start({ onExit });
  process.kill(server.pid, 'SIGKILL');
  expect(await exitReason).toBe(`the Temporal server (pid ${server.pid}) ended unexpectedly`);
});

test('free usual ports are used; of two concurrent starts one gets other ports, and so does a later start', async () => {
  const usualPorts = { port: await findFreePort(), uiPort: await findFreePort() };
  const dataDirs = await Promise.all([0, 1, 2].map(() => mkdtemp(join(tmpdir(), 'q-embedded-'))));
  const [lateDir = '', ...firstDirs] = dataDirs;
  const servers = await Promise.all(firstDirs.map((folder) => start({ dataDir: folder, usualPorts })));
  servers.push(await start({ dataDir: lateDir, usualPorts }));
  const addresses = servers.map(({ address }) => address);
  expect(addresses.filter((address) => address === `127.0.0.1:${usualPorts.port}`)).toHaveLength(1);
  expect(servers.map(({ uiUrl }) => uiUrl)).toContain(`http://127.0.0.1:${usualPorts.uiPort}`);
  expect(new Set(addresses).size).toBe(3);
  for (const { pid } of servers) expect(markOf(pid)).toBeDefined();
  for (const server of runningServers.splice(0)) await server.stop();
  await Promise.all(dataDirs.map((folder) => rm(folder, { recursive: true, force: true })));
});

test('a configured port that is in use is an error of one line', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => holder.once('listening', resolve));
  const { port } = holder.address() as { port: number };
  await expect(start({ port })).rejects.toThrow(`port ${port} for Temporal is taken`);
  holder.close();
});

test('the database is in write-ahead mode', async () => {
  await start();
  const header = await readFile(join(dataDir, 'temporal.db'));
  // Bytes 18 and 19 of an SQLite file are its write and read version: 2 means write-ahead.
  expect([...header.subarray(18, 20)]).toEqual([2, 2]);
});

test('S17: the server does not get the environment of the program that starts it, and only this user can read its files', async () => {
  const plantedVariables = {
    ANTHROPIC_API_KEY: 'planted-model-key',
    TEMPORAL_API_KEY: 'planted-token',
    SOMETHING_ELSE: 'planted',
  };
  Object.assign(process.env, plantedVariables);
  try {
    const { pid, address } = await start();
    await startWorkflow(address);
    const environment = (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0').filter((one) => one !== '');
    expect(environment.map((one) => one.split('=')[0]).sort()).toEqual(['HOME', 'PATH', 'PWD', 'TMPDIR', 'USER']);
    expect(environment.join('\n')).not.toContain('planted');
  } finally {
    for (const name of Object.keys(plantedVariables)) delete process.env[name];
  }
  const names = (await readdir(dataDir)).filter((name) => name.startsWith('temporal'));
  expect(names).toEqual(expect.arrayContaining(['temporal.db', 'temporal.db-wal', 'temporal.log']));
  for (const name of names)
    expect({ name, open: (await stat(join(dataDir, name))).mode & 0o077 }).toEqual({ name, open: 0 });
});
