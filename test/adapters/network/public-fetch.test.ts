/** Tests that a URL chosen by a server or a repository cannot reach the worker's network, unless the settings name the server. */
import type { lookup } from 'node:dns';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PrivateAddress } from '../../../src/adapters/network/connect';
import { createPublicFetch } from '../../../src/adapters/network/public-fetch';
import { startTcpProxy } from './tcp-proxy';

let server: Server;
const asked = jest.fn();
const portOf = () => (server.address() as AddressInfo).port;
beforeAll(async () => {
  server = createServer((_, res) => {
    asked();
    res.end('here');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => asked.mockClear());

/** A resolver that knows one name, which leads to this machine. */
const resolve = ((_host: string, _options: object, done: (...given: unknown[]) => void) =>
  done(null, [{ address: '127.0.0.1', family: 4 }])) as unknown as typeof lookup;

test.each(['near.example', '127.0.0.1', 'localhost'])(
  '%s is not connected to, since its address is private',
  async (host) => {
    const reach = createPublicFetch({ env: {}, privateHosts: [{ host: '*.example', port: portOf() }], resolve })([]);
    const failed = await reach(`http://${host}:${portOf()}/`).catch((error: unknown) => error);
    expect(failed).toMatchObject({ cause: expect.any(PrivateAddress) as unknown });
    expect(asked).not.toHaveBeenCalled();
  },
);

test('a server that the settings or the caller name in full may have a private address', async () => {
  const named = [{ host: '127.0.0.1', port: portOf() }];
  for (const reach of [
    createPublicFetch({ env: {}, privateHosts: named, resolve })([]),
    createPublicFetch({ env: {}, privateHosts: [], resolve })(named),
  ])
    expect(await (await reach(`http://127.0.0.1:${portOf()}/`)).text()).toBe('here');
});

test('if the worker must use a proxy, the proxy resolves the name', async () => {
  const proxy = await startTcpProxy(portOf);
  const env = { HTTP_PROXY: `http://127.0.0.1:${proxy.port}` };
  const reach = createPublicFetch({ env, privateHosts: [], resolve })([]);
  expect(await (await reach('http://far.example/')).text()).toBe('here');
  expect(proxy.asked).toHaveLength(1);
  await proxy.stop();
});
