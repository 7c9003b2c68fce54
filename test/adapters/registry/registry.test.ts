/** Tests the lookup of packages over HTTP: known packages, absent packages, and faulty answers of registries. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileDocuments } from '../../../src/adapters/artifacts/documents';
import { createRegistry } from '../../../src/adapters/registry/create-registry';
import { json, npmPackage, startRegistry } from './mock-registry';

const OLD = '2020-01-01T00:00:00.000Z';
let server: Awaited<ReturnType<typeof startRegistry>>;
let folder: string;
let now: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'q-registry-'));
  now = Date.parse('2026-11-21T09:00:00.000Z');
  server = await startRegistry({});
});
afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const registry = (url = server.url) =>
  createRegistry({
    npmUrl: `${url}/`,
    pypiUrl: `${url}/simple`,
    documents: createFileDocuments(folder),
    limits: { timeoutMs: 300, maxBytes: 20_000, tries: 2, retryAfterMs: 1 },
    now: () => now,
  });

test('an npm package is reduced to dates, integrity and deprecation', async () => {
  server.answers['/@acme%2fthing'] = json({
    time: { created: OLD, modified: OLD, '1.0.0': OLD, '1.1.0': '2026-11-20T00:00:00.000Z' },
    versions: {
      '1.0.0': { dist: { integrity: 'sha512-a' }, deprecated: 'use another' },
      '1.1.0': { dist: { integrity: 'sha512-b' }, deprecated: '' },
    },
  });
  expect(await registry().lookUp('npm', '@acme/thing')).toEqual({
    state: 'known',
    package: {
      firstPublishedAt: OLD,
      versions: {
        '1.0.0': { publishedAt: OLD, deprecated: true, integrity: ['sha512-a'] },
        '1.1.0': { publishedAt: '2026-11-20T00:00:00.000Z', deprecated: false, integrity: ['sha512-b'] },
      },
    },
  });
});

test('if a mirror has no creation date, the date of the oldest version counts', async () => {
  const { versions } = npmPackage('1.0.0', OLD);
  server.answers['/thing'] = json({ versions, time: { '1.0.0': OLD } });
  expect(await registry().lookUp('npm', 'thing')).toMatchObject({ package: { firstPublishedAt: OLD } });
});

test('a Python package is read from the JSON index: the first upload dates a version, and a version is withdrawn if all its files are', async () => {
  const file = (filename: string, changes: object = {}) => ({
    filename,
    hashes: { sha256: 'a'.repeat(64) },
    'upload-time': OLD,
    yanked: false,
    ...changes,
  });
  const files = [
    file('my_thing-1.0.tar.gz', { 'upload-time': '2021-01-01T00:00:00Z' }),
    file('my_thing-1.0-py3-none-any.whl', { yanked: 'broken' }),
    file('my-thing-2.0.tar.gz', { yanked: true }),
    file('other-9.0.tar.gz'),
  ];
  server.answers['/simple/my-thing/'] = json({ files }, 'application/vnd.pypi.simple.v1+json');
  const digest = `sha256:${'a'.repeat(64)}`;
  expect(await registry().lookUp('pypi', 'My_Thing')).toEqual({
    state: 'known',
    package: {
      firstPublishedAt: OLD,
      versions: {
        '1.0': { publishedAt: OLD, deprecated: false, integrity: [digest, digest] },
        '2.0': { publishedAt: OLD, deprecated: true, integrity: [digest] },
      },
    },
  });
});

test('an index that has only HTML gives versions and hashes, but no dates', async () => {
  const page = `<!DOCTYPE html><a href="x/thing-1.0.tar.gz#sha256=${'b'.repeat(64)}">thing-1.0.tar.gz</a>`;
  server.answers['/simple/thing/'] = (response) => response.writeHead(200, { 'content-type': 'text/html' }).end(page);
  expect(await registry().lookUp('pypi', 'thing')).toEqual({
    state: 'known',
    package: {
      firstPublishedAt: null,
      versions: { '1.0': { publishedAt: null, deprecated: false, integrity: [`sha256:${'b'.repeat(64)}`] } },
    },
  });
});

test.each(['npm', 'pypi'] as const)('%s: a package that does not exist is absent', async (ecosystem) => {
  expect(await registry().lookUp(ecosystem, 'never-was')).toEqual({ state: 'absent' });
});

test.each(['../../etc/passwd', 'a b', 'a?b=c', '@a/b/c', '', 'x'.repeat(300)])(
  'the invalid name %j is absent, and no request is sent',
  async (name) => {
    expect(await registry().lookUp('npm', name)).toEqual({ state: 'absent' });
    expect(server.requestedPaths).toEqual([]);
  },
);

test.each<[string, (url: string) => void, RegExp]>([
  ['answers 500', () => (server.answers['/thing'] = (response) => response.writeHead(500).end()), /answered 500/],
  ['answers 401', () => (server.answers['/thing'] = (response) => response.writeHead(401).end()), /answered 401/],
  ['is silent', () => (server.answers['/thing'] = () => undefined), /did not answer within 300 ms/],
  [
    'floods',
    () => (server.answers['/thing'] = (response) => response.end('x'.repeat(50_000))),
    /more than 20000 bytes/,
  ],
  ['answers with a page', () => (server.answers['/thing'] = (response) => response.end('<html>')), /no package/],
  ['answers with a list', () => (server.answers['/thing'] = json([1])), /no package/],
  [
    'breaks off',
    () =>
      (server.answers['/thing'] = (response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{');
        response.destroy();
      }),
    /could not be reached/,
  ],
])('a registry that %s leaves the package unknown, with the reason', async (_name, arrange, why) => {
  arrange(server.url);
  const answer = await registry().lookUp('npm', 'thing');
  expect(answer).toEqual({ state: 'unknown', why: expect.stringMatching(why) });
});

test('the answer says that a registry cannot be reached, without its address', async () => {
  const { url } = server;
  await server.stop();
  const answer = await registry(url).lookUp('npm', 'thing');
  expect(answer).toEqual({ state: 'unknown', why: 'the registry could not be reached' });
});

test('a request that gets a 503 is tried again', async () => {
  server.answers['/thing'] = (response, attempt) =>
    attempt === 1 ? response.writeHead(503).end() : json(npmPackage('1.0.0', OLD))(response, attempt);
  expect(await registry().lookUp('npm', 'thing')).toMatchObject({ state: 'known' });
});

test('a package that was found is cached for an hour, one that was not is requested again', async () => {
  server.answers['/thing'] = json(npmPackage('1.0.0', OLD));
  await registry().lookUp('npm', 'thing');
  await registry().lookUp('npm', 'thing');
  expect(server.requestedPaths).toEqual(['/thing']);
  now += 3_600_000;
  await registry().lookUp('npm', 'thing');
  expect(server.requestedPaths).toHaveLength(2);
  await registry().lookUp('npm', 'absent');
  await registry().lookUp('npm', 'absent');
  expect(server.requestedPaths).toHaveLength(4);
});
