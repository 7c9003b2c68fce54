/** Tests the network of a setup step: it reaches only the allowed servers, through the worker's proxy. */
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { hostsOfUrls, permissionOf, readHost } from '../../../src/adapters/network/allow-list';
import { openConnectProxy } from '../../../src/adapters/network/connect-proxy';
import type { ConnectProxyOptions } from '../../../src/adapters/network/connect-proxy';
import { proxyFor, readProxySettings } from '../../../src/adapters/network/proxy-settings';
import { createBubblewrap } from '../../../src/adapters/sandbox/bubblewrap';
import { startTcpProxy } from './tcp-proxy';

const sandbox = createBubblewrap();
let server: Server;
let port: number;
beforeAll(async () => {
  server = createServer((_request, response) => response.end('REACHED'));
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => server.close());

/** Runs a script in a sandbox whose only network is a proxy with these options. */
async function runStep(script: string, options: Omit<ConnectProxyOptions, 'socket' | 'setting'>) {
  return sandbox.withScratch(async (scratch) => {
    const [folder, socket] = [join(scratch, 'tree'), join(scratch, 'proxy')];
    await mkdir(folder);
    const proxy = await openConnectProxy({ ...options, socket, setting: 'SETUP_HOSTS' });
    try {
      const { output } = await sandbox.run({ folder, proxy: socket, command: ['sh', '-c', script], timeoutMs: 20_000 });
      return { output, refused: proxy.refusedServers() };
    } finally {
      await proxy.close();
    }
  });
}

/** A script that sends requests through the proxy: one in absolute form and one by a tunnel, or only the latter for a port of TLS. */
const requestScript = (host: string, at = port, by: 'both' | 'tunnel' = 'both') => {
  const plain = `http.get({ host: '127.0.0.1', port: 3128, path: 'http://${host}:${at}/' }, (r) => r.on('data', (d) => console.log('plain', r.statusCode, String(d).trim())));`;
  const tunnel = `http.request({ host: '127.0.0.1', port: 3128, method: 'CONNECT', path: '${host}:${at}' }).on('connect', (r, s) => {
    console.log('tunnel', r.statusCode); s.end('GET / HTTP/1.0\\r\\n\\r\\n'); s.on('data', (d) => console.log(/REACHED/.test(d) ? 'through' : '')); }).end();`;
  return `node -e "const http = require('node:http'); ${by === 'both' ? plain : ''} ${tunnel}"`.replaceAll('\n', ' ');
};

test('an allowed server is reached by name and port, also if its address is private', async () => {
  const { output, refused } = await runStep(requestScript('127.0.0.1'), {
    allowedHosts: [{ host: '127.0.0.1', port }],
    upstream: { noProxyEntries: [] },
  });
  expect(output).toContain('plain 200 REACHED');
  expect(output).toContain('tunnel 200');
  expect(output).toContain('through');
  expect(refused).toEqual([]);
});

test('a step cannot reach the loopback and the addresses of this machine, or other hosts, with or without the proxy', async () => {
  const ownAddress =
    Object.values(networkInterfaces())
      .flat()
      .find((one) => one?.family === 'IPv4' && !one.internal)?.address ?? '127.0.0.2';
  const direct = (host: string, at: number) =>
    `node -e "require('node:net').connect(${at}, '${host}').on('connect', () => console.log('DIRECT')).on('error', (e) => console.log(e.code))"`;
  const script = [
    requestScript('127.0.0.1'),
    requestScript(ownAddress),
    requestScript('example.com', 443),
    direct('127.0.0.1', port),
    direct(ownAddress, port),
  ].join('; ');
  const { output, refused } = await runStep(script, {
    allowedHosts: [{ host: 'registry.example' }],
    upstream: { noProxyEntries: [] },
  });
  expect(output).not.toMatch(/REACHED|through|DIRECT/);
  expect(output).toContain('is not allowed during set-up (SETUP_HOSTS)');
  expect(refused).toEqual([`127.0.0.1:${port}`, `${ownAddress}:${port}`, 'example.com:443'].sort());
});

test('an entry with a wildcard leads to no private address', async () => {
  const { output } = await runStep(requestScript('a.localhost'), {
    allowedHosts: [{ host: '*.localhost', port }],
    upstream: { noProxyEntries: [] },
  });
  expect(output).toMatch(/tunnel 403/);
  expect(output).not.toContain('through');
});

test('O4: setup goes through the proxy that the worker must use, with its password, but not for the names in NO_PROXY', async () => {
  const upstream = await startTcpProxy(() => port);
  const url = `http://ada:s%20cret@127.0.0.1:${upstream.port}`;
  const allowed = [
    { host: 'registry.example', port: 443 },
    { host: '127.0.0.1', port },
  ];
  const settings = readProxySettings({ HTTPS_PROXY: url, NO_PROXY: '127.0.0.1' });
  const proxiedRun = await runStep(requestScript('registry.example', 443, 'tunnel'), {
    allowedHosts: allowed,
    upstream: settings,
  });
  expect(proxiedRun.output).toContain('through');
  const directRun = await runStep(requestScript('127.0.0.1'), { allowedHosts: allowed, upstream: settings });
  expect(directRun.output).toContain('through');
  await upstream.stop();
  expect(
    upstream.requests.every(
      (line) => line === `registry.example:443 Basic ${Buffer.from('ada:s cret').toString('base64')}`,
    ),
  ).toBe(true);
  expect(upstream.requests.length).toBeGreaterThan(0);
});

test.each([
  ['registry.example', 443, 'exact'],
  ['REGISTRY.example.', 80, 'exact'],
  ['registry.example', 22, undefined],
  ['a.cdn.example', 443, 'wildcard'],
  ['cdn.example', 443, undefined],
  ['cdn.example.evil', 443, undefined],
  ['local', 4873, 'exact'],
  ['local', 443, undefined],
])('%s:%i is allowed: %s', (host, at, expected) => {
  const allowed = ['registry.example', '*.cdn.example', 'local:4873'].map((text) => readHost(text) ?? { host: '' });
  expect(permissionOf(allowed, host, at)).toBe(expected);
});

test('servers are read from settings of package managers, with the default port of their scheme', () => {
  expect(
    hostsOfUrls('index-url = https://u:p@a.example/simple\nhttp://b.example:8080/x,sparse+https://c.example/'),
  ).toEqual([
    { host: 'a.example', port: 443 },
    { host: 'b.example', port: 8080 },
    { host: 'c.example', port: 443 },
  ]);
  expect(['a b', '', 'http://x', 'x:y', '*'].map(readHost)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test.each([
  ['a.example', 443, true],
  ['x.skip.example', 443, false],
  ['skip.example', 443, false],
  ['noskip.example', 443, true],
  ['only.example', 443, true],
  ['only.example', 8443, false],
])('%s:%i goes through the proxy: %j', (host, at, expected) => {
  const settings = readProxySettings({ https_proxy: 'proxy:3128', NO_PROXY: '.skip.example, only.example:8443' });
  expect(proxyFor(settings, { host, port: at }) !== undefined).toBe(expected);
});
