/** The embedded server, with the real executable, real processes and a real database file. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { startEmbedded, type EmbeddedOptions, type EmbeddedServer } from '../../../src/adapters/temporal/embedded';
import { createServer } from 'node:net';
import { findBinary } from '../../../src/adapters/temporal/binary';
import { isRunning, markOf } from '../../../src/adapters/machine/process-mark';
import { freePort } from '../../../src/adapters/temporal/ports';
import { readRecord, writeRecord } from '../../../src/adapters/temporal/server-record';
import { namespaceAnswers } from '../../../src/adapters/temporal/server-ready';
import { SEARCH_ATTRIBUTES } from '../../../src/workflows/attributes';
import { until } from '../../until';
import { verifies } from '../../requirements/verifies';

let dataDir: string;
let lines: string[];
const started: EmbeddedServer[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'q-embedded-'));
  lines = [];
});

afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function start(options: Partial<EmbeddedOptions> = {}): Promise<EmbeddedServer> {
  const cliPath = process.env.TEMPORAL_CLI_PATH || undefined;
  const server = await startEmbedded({ dataDir, cliPath, log: (line) => lines.push(line), ...options });
  started.push(server);
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

test('a start takes work at once, knows the search attributes and says in one line where its executable is from', async () => {
  const server = await start();
  await startWorkflow(server.address);
  await withClient(server.address, async ({ connection }) => {
    const found = await (connection as Connection).operatorService.listSearchAttributes({ namespace: 'default' });
    expect(Object.keys(found.customAttributes ?? {})).toEqual(expect.arrayContaining(Object.keys(SEARCH_ATTRIBUTES)));
  });
  expect((await fetch(server.uiUrl)).status).toBe(200);
  expect(lines).toEqual([`temporal: started on ${server.address}, executable from ${server.source}`]);
});

verifies('8.10');
test('a server killed with -9 continues on the same file and the same address, and keeps a started workflow', async () => {
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

test('a second start uses the server that runs already and does not stop it', async () => {
  const first = await start();
  const second = await start();
  expect(second).toMatchObject({ pid: first.pid, address: first.address, source: 'running' });
  await second.stop();
  expect(isRunning(markOf(first.pid)!)).toBe(true);
});

test('a port that another program takes just before the server listens is given up for another one', async () => {
  const { path } = await findBinary({ cliPath: process.env.TEMPORAL_CLI_PATH || undefined });
  const cliPath = join(dataDir, 'taken-at-first');
  // At the first start this program holds the port of the Web UI's server, and so the real server finds it taken.
  const holding = `
    const [real, ...args] = process.argv.slice(2);
    require('node:net').createServer().listen(Number(args[args.indexOf('--ui-port') + 1]), args[args.indexOf('--ui-ip') + 1], () => {
      process.exit(require('node:child_process').spawnSync(real, args, { stdio: 'inherit' }).status ?? 1);
    });`;
  await writeFile(`${cliPath}.cjs`, holding);
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

test('two starts at the same moment end up with one server', async () => {
  const [one, other] = await Promise.all([start(), start()]);
  expect(one.pid).toBe(other.pid);
});

test('a record whose process number now means another process is not believed', async () => {
  const first = await start();
  await first.stop();
  const record = {
    port: await freePort(),
    uiPort: await freePort(),
    server: { pid: process.pid, started: 'long ago' },
  };
  await writeRecord(dataDir, record);
  const second = await start();
  expect(second.source).not.toBe('running');
  expect(second.pid).not.toBe(process.pid);
});

test('O2: the server stays while a program uses it, whichever started it, and ends with the last', async () => {
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
])('O2: a program that %s takes the server along only where no other uses it', async (_, end) => {
  const module = require.resolve('../../../src/adapters/temporal/embedded');
  const program = `require(${JSON.stringify(module)}).startEmbedded({ dataDir: ${JSON.stringify(dataDir)}, log() {},
    cliPath: process.env.TEMPORAL_CLI_PATH || undefined }).then(() => { ${end}; });`;
  const runOther = () => spawnSync(process.execPath, ['--require', require.resolve('tsx/cjs'), '-e', program]);
  const ours = await start();
  const mark = markOf(ours.pid)!;
  runOther();
  expect(isRunning(mark)).toBe(true);
  await ours.stop();
  expect(isRunning(mark)).toBe(false);
  // Alone it leaves nothing behind, unless it could not even do that.
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

test('a server whose starter was killed is taken over and stopped by the next start', async () => {
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
  let report!: (reason: string) => void;
  const reported = new Promise<string>((resolve) => (report = resolve));
  const server = await start({ onExit: report });
  process.kill(server.pid, 'SIGKILL');
  expect(await reported).toBe(`the Temporal server (pid ${server.pid}) ended unexpectedly`);
});

test('the usual ports are taken where they are free; of two starts at once the other falls back, and so does a later one', async () => {
  const usualPorts = { port: await freePort(), uiPort: await freePort() };
  const others = await Promise.all([0, 1, 2].map(() => mkdtemp(join(tmpdir(), 'q-embedded-'))));
  const [late = '', ...both] = others;
  const servers = await Promise.all(both.map((folder) => start({ dataDir: folder, usualPorts })));
  servers.push(await start({ dataDir: late, usualPorts }));
  const addresses = servers.map(({ address }) => address);
  expect(addresses.filter((address) => address === `127.0.0.1:${usualPorts.port}`)).toHaveLength(1);
  expect(servers.map(({ uiUrl }) => uiUrl)).toContain(`http://127.0.0.1:${usualPorts.uiPort}`);
  expect(new Set(addresses).size).toBe(3);
  for (const { pid } of servers) expect(markOf(pid)).toBeDefined();
  for (const server of started.splice(0)) await server.stop();
  await Promise.all(others.map((folder) => rm(folder, { recursive: true, force: true })));
});

test('a port that was asked for and is taken is one clear line', async () => {
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

test('S17: the server knows nothing of the environment of its starter, and its files are for this user alone', async () => {
  const planted = {
    ANTHROPIC_API_KEY: 'planted-model-key',
    TEMPORAL_API_KEY: 'planted-token',
    SOMETHING_ELSE: 'planted',
  };
  Object.assign(process.env, planted);
  try {
    const { pid, address } = await start();
    await startWorkflow(address);
    const told = (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0').filter((one) => one !== '');
    expect(told.map((one) => one.split('=')[0]).sort()).toEqual(['HOME', 'PATH', 'PWD', 'TMPDIR', 'USER']);
    expect(told.join('\n')).not.toContain('planted');
  } finally {
    for (const name of Object.keys(planted)) delete process.env[name];
  }
  const names = (await readdir(dataDir)).filter((name) => name.startsWith('temporal'));
  expect(names).toEqual(expect.arrayContaining(['temporal.db', 'temporal.db-wal', 'temporal.log']));
  for (const name of names)
    expect({ name, open: (await stat(join(dataDir, name))).mode & 0o077 }).toEqual({ name, open: 0 });
});
