/**
 * S2: tests that tests, setup steps and release steps cannot reach this machine and its networks by any attempt in ways-out.ts.
 *
 * Real listeners take the place of API, Temporal and Web UI, on all addresses; others accept datagrams and Unix sockets. The same
 * attempts succeed outside of a sandbox, which shows that the listeners work and the attempts can succeed.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { hostname, networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openConnectProxy } from '../../../src/adapters/network/connect-proxy';
import { withReleaseNetwork } from '../../../src/adapters/releases/release-network';
import { createBubblewrap } from '../../../src/adapters/sandbox/bubblewrap';
import { createNoSandbox } from '../../../src/adapters/sandbox/none';
import type { Sandbox, SandboxRun } from '../../../src/ports/sandbox';
import { programOf, ATTEMPTS } from './ways-out';
import type { Places } from './ways-out';

const sandbox = createBubblewrap();
/** The listeners that were reached, and the forbidden addresses to which the worker connected. */
const contacts: string[] = [];
const servers: Server[] = [];
const openSockets = new Set<Socket>();
let places: Places;
let folder: string;
const udp = createSocket({ type: 'udp6', ipv6Only: false });

async function listen(name: string, at: { port: number; host: string } | { path: string }): Promise<number> {
  const server = createServer((socket) => {
    if (name !== 'allowed') contacts.push(name);
    openSockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () =>
      socket.end(`HTTP/1.0 200 OK\r\n\r\n${name === 'allowed' ? 'ALLOWED' : 'REACHED'} ${name}`),
    );
  });
  servers.push(server);
  server.listen(at);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'q-ways-'));
  const anyAddress = { port: 0, host: '::' };
  const [socketFile, abstractName] = [join(folder, 'listener'), `q-ways-${process.pid}`];
  await listen('socket file', { path: socketFile });
  await listen('abstract socket', { path: `\0${abstractName}` });
  udp.on('message', (_, from) => {
    contacts.push('datagram');
    udp.send('REACHED', from.port, from.address);
  });
  udp.bind(0, '::');
  await once(udp, 'listening');
  const ownAddress = Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === 'IPv4' && !one.internal)?.address;
  places = {
    ...{
      api: await listen('API', anyAddress),
      temporal: await listen('Temporal', anyAddress),
      webUi: await listen('Web UI', anyAddress),
    },
    allowed: await listen('allowed', { port: 0, host: '127.0.0.1' }),
    ...{
      udp: udp.address().port,
      ownAddress: ownAddress ?? '127.0.0.1',
      hostname: hostname(),
      socketFile,
      abstractName,
    },
    pid: process.pid,
  };
});
afterAll(() => {
  for (const socket of openSockets) socket.destroy();
  for (const server of servers) server.close();
  udp.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => (contacts.length = 0));

/** The worker's route if an allowed name leads to this machine. Every connection goes to the API's listener. */
const route = {
  upstream: { noProxyEntries: [] },
  resolve: (name: string) => Promise.resolve([name === '127.0.0.1' ? name : '127.0.0.1']),
  dial: ({ host, port }: { host: string; port: number }) => {
    if (host === '127.0.0.1' && port === places.allowed) return connect(port, host);
    contacts.push(`dialled ${host}:${port}`);
    return connect(places.api, '127.0.0.1');
  },
};
const allowList = () => [
  { host: '127.0.0.1', port: places.allowed },
  { host: 'registry.example', port: 443 },
  { host: '*.rebound.example' },
];

/** Runs all attempts in a step. Returns the text that each attempt has read. */
async function readIn(stepSandbox: Sandbox, options: Partial<SandboxRun> = {}, isProxied = false): Promise<string[]> {
  return stepSandbox.withScratch(async (scratch) => {
    const [tree, socket] = [join(scratch, 'tree'), join(scratch, 'proxy')];
    mkdirSync(tree);
    const program = programOf(ATTEMPTS, places);
    writeFileSync(join(tree, 'ways.cjs'), program);
    const { dial, resolve, upstream } = route;
    const proxy = isProxied
      ? await openConnectProxy({ dial, resolve, upstream, socket, allowedHosts: allowList(), setting: 'SETUP_HOSTS' })
      : undefined;
    try {
      const run = { folder: tree, command: ['node', 'ways.cjs'], timeoutMs: 200_000, ...options };
      const { output } = await stepSandbox.run({ ...run, ...(isProxied && { proxy: socket }) });
      const answer = /^ATTEMPTS(.*)$/m.exec(output)?.[1];
      if (answer === undefined) throw new Error(`the program did not come to its end: ${output.slice(-2_000)}`);
      return JSON.parse(answer) as string[];
    } finally {
      await proxy?.close();
    }
  });
}

const reachedAttempts = (readTexts: string[]): string[] =>
  ATTEMPTS.flatMap(({ name }, index) =>
    /REACHED|200 Connection|^wrote/.test(readTexts[index] ?? '') ? [`${name}: ${readTexts[index]}`] : [],
  );

test('S2: there are more than a hundred attempts, each with a unique name', () => {
  expect(ATTEMPTS.length).toBeGreaterThan(100);
  expect(new Set(ATTEMPTS.map(({ name }) => name)).size).toBe(ATTEMPTS.length);
});

test('S2: outside of a sandbox the attempts reach the listeners', async () => {
  const readTexts = await readIn(createNoSandbox());
  expect(new Set(contacts)).toEqual(
    new Set(['API', 'Temporal', 'Web UI', 'socket file', 'abstract socket', 'datagram']),
  );
  expect(reachedAttempts(readTexts).length).toBeGreaterThan(20);
});

test('S2: a test run, an experiment, a build or a smoke test reaches no listener', async () => {
  const readTexts = await readIn(sandbox);
  expect([reachedAttempts(readTexts), contacts]).toEqual([[], []]);
});

test('S2: a setup step reaches only the servers of its allow list', async () => {
  const readTexts = await readIn(sandbox, {}, true);
  expect([reachedAttempts(readTexts), contacts]).toEqual([[], []]);
  const allowedIndex = ATTEMPTS.findIndex(({ name }) => name === 'a second request behind an allowed one');
  expect(readTexts[allowedIndex]).toContain('ALLOWED');
  const refusedIndex = ATTEMPTS.findIndex(({ name }) => name === 'a tunnel to 127.0.0.1:API');
  expect(readTexts[refusedIndex]).toMatch(/^HTTP\/1\.1 403/);
});

test('S2: a release command with network reaches only the servers of its allow list', async () => {
  const { dial, resolve } = route;
  const stepSandbox = withReleaseNetwork({ sandbox, hosts: allowList(), env: {}, dial, resolve });
  const readTexts = await readIn(stepSandbox, { network: true });
  expect([reachedAttempts(readTexts), contacts]).toEqual([[], []]);
  expect(readTexts.join()).toContain('ALLOWED');
});

test('S2: a name is resolved once, so a second, different DNS answer has no effect', async () => {
  const answers = [['8.8.8.8'], ['127.0.0.1']];
  const dialledHosts: string[] = [];
  const reboundRoute = {
    resolve: () => Promise.resolve(answers.shift() ?? ['127.0.0.1']),
    dial: ({ host }: { host: string; port: number }) => {
      dialledHosts.push(host);
      return connect(places.allowed, '127.0.0.1');
    },
  };
  const stepSandbox = withReleaseNetwork({ sandbox, hosts: [{ host: '*.rebound.example' }], env: {}, ...reboundRoute });
  const program = `const s = require('node:net').connect(3128, '127.0.0.1', () => s.write('CONNECT a.rebound.example:443 HTTP/1.1\\r\\n\\r\\nGET / HTTP/1.0\\r\\n\\r\\n')); s.on('data', (d) => process.stdout.write(d)).on('close', () => process.exit());`;
  const outputs: string[] = [];
  for (const _ of ['first', 'second'])
    await stepSandbox.withScratch(async (scratch) => {
      const run = { folder: scratch, command: ['node', '-e', program], timeoutMs: 60_000, network: true as const };
      outputs.push((await stepSandbox.run(run)).output);
    });
  expect(outputs[0]).toContain('200 Connection');
  expect(outputs[1]).toContain('403 a.rebound.example:443 cannot be reached');
  expect(dialledHosts).toEqual(['8.8.8.8']);
});
