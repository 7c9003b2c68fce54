/** Tests that a URL chosen by a server or a repository cannot reach the worker's network, unless the settings name the server. */
import type { lookup } from 'node:dns';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PrivateAddress } from '../../../src/adapters/network/connect';
import { createPublicFetch } from '../../../src/adapters/network/public-fetch';
import { startTcpProxy } from './tcp-proxy';

let server: Server;
const onRequest = jest.fn();
const serverPort = () => (server.address() as AddressInfo).port;
beforeAll(async () => {
  server = createServer((_, res) => {
    onRequest();
    res.end('here');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => onRequest.mockClear());

/** A resolver that knows one name, which leads to this machine. */
const resolve = ((_host: string, _options: object, callback: (...given: unknown[]) => void) =>
  callback(null, [{ address: '127.0.0.1', family: 4 }])) as unknown as typeof lookup;

test.each(['near.example', '127.0.0.1', 'localhost'])(
  '%s is not connected to, since its address is private',
  async (host) => {
    const fetchPublic = createPublicFetch({
      env: {},
      privateHosts: [{ host: '*.example', port: serverPort() }],
      resolve,
    })([]);
    const error = await fetchPublic(`http://${host}:${serverPort()}/`).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ cause: expect.any(PrivateAddress) as unknown });
    expect(onRequest).not.toHaveBeenCalled();
  },
);

test('a server that the settings or the caller name in full may have a private address', async () => {
  const named = [{ host: '127.0.0.1', port: serverPort() }];
  for (const fetchPublic of [
    createPublicFetch({ env: {}, privateHosts: named, resolve })([]),
    createPublicFetch({ env: {}, privateHosts: [], resolve })(named),
  ])
    expect(await (await fetchPublic(`http://127.0.0.1:${serverPort()}/`)).text()).toBe('here');
});

test('if the worker must use a proxy, the proxy resolves the name', async () => {
  const proxy = await startTcpProxy(serverPort);
  const env = { HTTP_PROXY: `http://127.0.0.1:${proxy.port}` };
  const fetchPublic = createPublicFetch({ env, privateHosts: [], resolve })([]);
  expect(await (await fetchPublic('http://far.example/')).text()).toBe('here');
  expect(proxy.requests).toHaveLength(1);
  await proxy.stop();
});
