/**
 * Tests a step's plain HTTP requests through the worker's proxy: malformed requests and answers must not end the worker.
 *
 * An error that is thrown in an event handler is not caught: it would end the worker, and here the test.
 */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openConnectProxy } from '../../../src/adapters/network/connect-proxy';
import type { ConnectProxy } from '../../../src/adapters/network/connect-proxy';

const GOOD = 'HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nREACHED';
let server: Server;
let proxy: ConnectProxy;
let folder: string;
/** The next answer of the server, and the last request that it got. */
let reply = GOOD;
let lastRequest = '';

beforeAll(async () => {
  server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => (lastRequest += chunk.toString('latin1')));
    socket.once('data', () => socket.write(reply));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  folder = await mkdtemp(join(tmpdir(), 'q-plain-'));
  const allowed = [{ host: '127.0.0.1', port: serverPort() }];
  const socket = join(folder, 'socket');
  proxy = await openConnectProxy({
    socket,
    allowedHosts: allowed,
    setting: 'SETUP_HOSTS',
    upstream: { noProxyEntries: [] },
  });
});
afterAll(async () => {
  await proxy.close();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const serverPort = (): number => (server.address() as AddressInfo).port;

/** Sends a request with `Connection: close` and returns everything that the proxy sends until it closes the connection. */
async function send(method: string, head: string[], body = ''): Promise<string> {
  lastRequest = '';
  const client = connect(join(folder, 'socket'));
  const lines = [`${method} http://127.0.0.1:${serverPort()}/x HTTP/1.1`, 'Host: x', ...head];
  client.write(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1');
  let text = '';
  client.on('error', () => undefined).on('data', (chunk) => (text += chunk.toString('latin1')));
  await once(client, 'close');
  return text;
}
const CLOSE = 'Connection: close';

test.each<[string, string, string[], string]>([
  ['a trailer and no body', 'GET', ['Trailer: a', CLOSE], ''],
  ['a trailer and a body of known length', 'POST', ['Trailer: a', 'Content-Length: 1', CLOSE], 'a'],
  [
    'a trailer after chunks',
    'POST',
    ['Trailer: a', 'Transfer-Encoding: chunked', CLOSE],
    '1\r\na\r\n0\r\na: b\r\n\r\n',
  ],
  ['a content-length that Connection names', 'POST', ['Connection: close, content-length', 'Content-Length: 1'], 'a'],
  ['an upgrade', 'GET', ['Connection: close, upgrade', 'Upgrade: h2c'], ''],
])('a request with %s is forwarded', async (_what, method, head, body) => {
  reply = GOOD;
  expect(await send(method, head, body)).toMatch(/^HTTP\/1.1 200 [^]*REACHED$/);
  expect(lastRequest).not.toMatch(/^(trailer|upgrade):/im);
});

test.each([
  ['status 000', 'HTTP/1.1 000 x\r\nContent-Length: 2\r\n\r\nok', /^HTTP\/1.1 502 [^]*not HTTP/],
  ['status 099', 'HTTP/1.1 099 x\r\nContent-Length: 2\r\n\r\nok', /^HTTP\/1.1 502 [^]*not HTTP/],
  ['a trailer and a length', 'HTTP/1.1 200 OK\r\nTrailer: a\r\nContent-Length: 2\r\n\r\nok', /^HTTP\/1.1 200 [^]*ok$/],
  ['a switch of protocols', 'HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n', /^$/],
  ['something other than HTTP', 'SSH-2.0-x\r\n\r\n', /^$/],
])('a server that answers with %s ends only that request', async (_what, serverReply, expected) => {
  reply = serverReply;
  expect(await send('GET', [CLOSE])).toMatch(expected);
  reply = GOOD;
  expect(await send('GET', [CLOSE])).toContain('REACHED');
});

test('headers that Connection names, and headers for the proxy, are not forwarded', async () => {
  reply = GOOD;
  await send('GET', ['Connection: close, X-Hop', 'X-Hop: 1', 'Proxy-Authorization: Basic eDp5', 'X-End: 2']);
  expect(lastRequest).toContain('X-End: 2'.toLowerCase());
  expect(lastRequest).not.toMatch(/x-hop|proxy-authorization/i);
});
