/** Tests the ports of the embedded server: no web page can use any of them. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { findBinary } from '../../../src/adapters/temporal/binary';
import { startEmbedded } from '../../../src/adapters/temporal/embedded';
import type { EmbeddedServer } from '../../../src/adapters/temporal/embedded';
import { askRaw } from '../../api/raw';
import { listeningAddresses } from './listening';
import { until } from '../../until';

const cliPath = process.env.TEMPORAL_CLI_PATH || undefined;
/** The "bad ports" of https://fetch.spec.whatwg.org/#bad-port above 1023, to which no browser connects. */
const BAD_PORTS = [
  ...[
    1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
  ],
];

let dataDir: string;
let server: EmbeddedServer;
let connection: Connection;
let client: Client;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'q-closed-'));
  server = await startEmbedded({ dataDir, cliPath, log: () => undefined });
  connection = await Connection.connect({ address: server.address });
  client = new Client({ connection });
  await client.workflow.start('any', { workflowId: 'kept', taskQueue: 'nobody' });
});
afterAll(async () => {
  await connection?.close();
  await server?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const WORKFLOWS = '/api/v1/namespaces/default/workflows';
const ATTEMPTS: Array<[path: string, body: object]> = [
  [`${WORKFLOWS}/kept/terminate`, { reason: 'by a page' }],
  [`${WORKFLOWS}/kept/cancel`, {}],
  [`${WORKFLOWS}/kept/signal/pause`, {}],
  [`${WORKFLOWS}/planted`, { workflowType: { name: 'any' }, taskQueue: { name: 'nobody' } }],
];

test('S4: simple POST requests of a web page to each port of the server have no effect, by any host name', async () => {
  const ports = listeningAddresses(server.pid);
  expect(ports.length).toBeGreaterThan(3);
  const answers: Array<{ status: number; text: string }> = [];
  for (const { host, port } of ports) {
    for (const name of [host, 'localhost', 'evil.test', 'unused.invalid']) {
      for (const [path, body] of ATTEMPTS) {
        const headers = { host: `${name}:${port}`, origin: 'http://evil.test', 'content-type': 'text/plain' };
        const request = { method: 'POST', path, body: JSON.stringify(body), headers };
        // A port with only gRPC ends the connection.
        answers.push(await askRaw(`http://${host}:${port}`, request).catch(() => ({ status: 0, text: '' })));
      }
    }
  }
  // The HTTP API is one of the ports, and refuses.
  expect(answers.filter(({ text }) => text.includes('Host not allowed')).length).toBeGreaterThanOrEqual(16);
  expect(answers.filter(({ status }) => status >= 200 && status < 400)).toEqual([]);
  const { status, historyLength } = await client.workflow.getHandle('kept').describe();
  expect({ status: status.name, historyLength }).toEqual({ status: 'RUNNING', historyLength: 2 });
  const missing = client.workflow.getHandle('planted').describe();
  await expect(missing).rejects.toThrow(/not found/);
});

test('S4: HTTP servers listen only on the loopback and on ports to which no browser connects', async () => {
  const grpcPort = Number(server.address.split(':')[1]);
  const ports = listeningAddresses(server.pid);
  expect(ports.filter(({ host }) => !host.startsWith('127.'))).toEqual([]);
  const httpPorts: number[] = [];
  for (const { host, port } of ports) {
    const answer = await askRaw(`http://${host}:${port}`, { method: 'GET', path: '/' }).catch(() => undefined);
    if (answer !== undefined) httpPorts.push(port);
  }
  expect(httpPorts).toHaveLength(3);
  expect(httpPorts).not.toContain(grpcPort);
  expect(httpPorts.filter((port) => !BAD_PORTS.includes(port))).toEqual([]);
  // On Linux the Web UI has its own loopback address; other systems have only one.
  const ui = ports.filter(({ host }) => host !== '127.0.0.1');
  expect(ui).toHaveLength(process.platform === 'linux' ? 1 : 0);
});

test('S4: the temporal command works as before, and so does the Web UI', async () => {
  const { path } = await findBinary({ cliPath });
  const command = ['workflow', 'signal', '--workflow-id', 'kept', '--name', 'pause', '--address', server.address];
  await promisify(execFile)(path, command);
  const { historyLength } = await client.workflow.getHandle('kept').describe();
  expect(historyLength).toBe(3);
  // The Web UI dials the server when it starts, and waits for a second if the server was not up yet.
  const list = async () => (await fetch(`${server.uiUrl}${WORKFLOWS}`)).text();
  expect(await until(list, (text) => !text.includes('connection refused'))).toContain('kept');
});
