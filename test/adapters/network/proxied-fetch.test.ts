/** O4: tests that requests to registries and model calls go through the proxy that the worker must use. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileDocuments } from '../../../src/adapters/artifacts/documents';
import { watchCall } from '../../../src/adapters/models/watch';
import { createFetch } from '../../../src/adapters/network/proxied-fetch';
import { createRegistry } from '../../../src/adapters/registry/create-registry';
import { json, startRegistry } from '../registry/mock-registry';
import { startTcpProxy } from './tcp-proxy';

let folder: string;
let server: Awaited<ReturnType<typeof startRegistry>>;
let proxy: Awaited<ReturnType<typeof startTcpProxy>>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'q-proxied-'));
  server = await startRegistry({ '/a': json({ versions: {}, time: { created: '2020-01-01T00:00:00.000Z' } }) });
  proxy = await startTcpProxy(() => Number(new URL(server.url).port));
});
afterAll(async () => {
  await proxy.stop();
  await server.stop();
  rmSync(folder, { recursive: true });
});
beforeEach(() => (proxy.requests.length = 0));

const env = () => ({ HTTP_PROXY: `http://ada:word@127.0.0.1:${proxy.port}`, NO_PROXY: 'near.example' });

test('O4: a request to a registry goes through the proxy, with the password of the proxy', async () => {
  const documents = createFileDocuments(join(folder, 'documents'));
  const limits = { fetch: createFetch(env()) };
  const registry = createRegistry({ npmUrl: 'http://far.example', pypiUrl: 'http://far.example', documents, limits });
  expect(await registry.lookUp('npm', 'a')).toMatchObject({ state: 'known' });
  expect(proxy.requests).toEqual([`far.example:80 Basic ${Buffer.from('ada:word').toString('base64')}`]);
});

test('O4: a model call goes through the proxy, and its bytes are still counted', async () => {
  const limits = { timeoutMs: 5_000, idleTimeoutMs: 5_000, maxBytes: 1_000, fetch: createFetch(env()) };
  const watch = watchCall({ model: 'm', caller: new AbortController().signal, limits });
  const response = await watch.fetch('http://model.example/a', { signal: watch.signal });
  expect(await response.json()).toMatchObject({ versions: {} });
  watch.stop();
  expect(proxy.requests).toHaveLength(1);
});

test('O4: this machine and the names in NO_PROXY are reached directly, and all servers if no proxy is set', async () => {
  await createFetch(env())(`${server.url}/a`);
  await expect(createFetch(env())('http://near.example/a', { signal: AbortSignal.timeout(300) })).rejects.toThrow();
  await createFetch({})(`${server.url}/a`);
  expect(proxy.requests).toEqual([]);
});
