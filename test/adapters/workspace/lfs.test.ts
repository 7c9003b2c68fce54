/** Tests LFS files of a repository that is named by an address: fetched from a real server with the batch API, or refused (R14). */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import type { lookup } from 'node:dns';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createPublicFetch } from '../../../src/adapters/network/public-fetch';
import type { FetchOptions } from '../../../src/adapters/workspace/fetch';
import { keepLfsObjects } from '../../../src/adapters/workspace/lfs-objects';
import { createRepositories } from '../../../src/adapters/workspace/repository';
import { makePlace, makeUpstream } from './git-fixture';

const LOGO = Buffer.from('a picture, many bytes of it');
const oidOf = (content: Buffer) => createHash('sha256').update(content).digest('hex');
const pointerTo = (content: Buffer) =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${oidOf(content)}\nsize ${content.length}\n`;
const CREDENTIALS = `Basic ${Buffer.from('ada:secret').toString('base64')}`;
const build = { projectId: 'shop', buildId: 'b1' };

interface ReceivedRequest {
  url: string;
  authorization: string | undefined;
  body: string;
}
/** The answers of the server; a test replaces some of them. */
interface ServerBehaviour {
  batch: (oid: string, origin: string) => { status?: number; body: object };
  content: () => Buffer;
  requiredAuthorization: string | undefined;
  /** The target of the redirect, if the server redirects. */
  redirectOf: (url: string) => { status: number; location: string } | undefined;
}

let place: ReturnType<typeof makePlace>;
let server: Server;
let requests: ReceivedRequest[];
let behaviour: ServerBehaviour;
const originOf = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeEach(async () => {
  place = makePlace();
  requests = [];
  behaviour = {
    batch: (oid, origin) => downloadAt(`/o/${oid}?sig=x`)(oid, origin),
    content: () => LOGO,
    requiredAuthorization: undefined,
    redirectOf: () => undefined,
  };
  server = createServer((req, res) => {
    void bodyOf(req).then((body) => {
      const { authorization } = req.headers;
      requests.push({ url: req.url ?? '', authorization, body });
      const redirect = behaviour.redirectOf(req.url ?? '');
      if (redirect !== undefined) return res.writeHead(redirect.status, { location: redirect.location }).end();
      if (behaviour.requiredAuthorization !== undefined && authorization !== behaviour.requiredAuthorization)
        return res.writeHead(401).end();
      if (req.method !== 'POST') return res.end(behaviour.content());
      const [{ oid }] = (JSON.parse(body) as { objects: [{ oid: string }] }).objects;
      const { status = 200, body: answer } = behaviour.batch(oid, originOf());
      return res.writeHead(status, { 'content-type': 'application/vnd.git-lfs+json' }).end(JSON.stringify(answer));
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  place.remove();
});

async function bodyOf(req: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of req) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

/** Prepares a base with pointers, then fetches its LFS files as if the repository came from the server. */
async function keepLfsFiles(options: Partial<FetchOptions> = {}, moreFiles: Record<string, string> = {}) {
  const path = makeUpstream(place.folder, (folder) => {
    const files = {
      '.gitattributes': '*.png filter=lfs diff=lfs merge=lfs -text\n',
      'logo.png': pointerTo(LOGO),
      ...moreFiles,
    };
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  });
  const at = { ...build, ...(await place.workspace.prepare({ ...build, repository: { path } })) };
  const git = await createRepositories(place.root).open('shop');
  const source = { gitFolder: null, place: `${originOf()}/shop` };
  const fetchOptions = { access: localAccess(), maxBytes: 1024 ** 3, fetchTimeoutMs: 30_000, ...options };
  await keepLfsObjects(git, { commit: at.commit, source }, fetchOptions);
  return { at, folder: git.folder };
}

/** Settings that allow a server on this machine. */
const localAccess = (): FetchOptions['access'] => ({
  hosts: [{ host: '127.0.0.1', port: Number(new URL(originOf()).port) }],
});

/** Makes a batch answer with this address and these headers for an object. */
function downloadAt(path: string, header: Record<string, string> = {}): ServerBehaviour['batch'] {
  return (oid, origin) => ({
    body: { objects: [{ oid, actions: { download: { href: new URL(path, origin).href, header } } }] },
  });
}

/** Makes settings with a user and a password for the server. */
function accessOf(user: string): FetchOptions['access'] {
  const credentialsFile = join(place.folder, 'credentials');
  writeFileSync(credentialsFile, `${originOf().replace('//', `//${user}@`)}\n`);
  return { credentialsFile };
}

test('R14: an LFS file of a remote repository is fetched, and a checkout has its content', async () => {
  const { at, folder } = await keepLfsFiles({}, { 'example.txt': pointerTo(Buffer.from('of no LFS file')) });
  expect(requests.map(({ url }) => url)).toEqual(['/shop.git/info/lfs/objects/batch', `/o/${oidOf(LOGO)}?sig=x`]);
  expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({
    operation: 'download',
    objects: [{ oid: oidOf(LOGO), size: LOGO.length }],
  });
  const out = mkdtempSync(join(place.folder, 'out-'));
  await place.workspace.checkout(at, out);
  expect(readFileSync(join(out, 'logo.png'))).toEqual(LOGO);
  expect(readFileSync(join(out, 'example.txt'), 'utf8')).toMatch(/^version /);
  expect(readdirSync(folder).filter((name) => name.startsWith('attributes'))).toEqual([]);
});

test('R14: the LFS server gets the credentials of the settings for its host', async () => {
  behaviour.requiredAuthorization = CREDENTIALS;
  await keepLfsFiles({ access: accessOf('ada:secret') });
  expect(requests.map(({ authorization }) => authorization)).toEqual([CREDENTIALS, CREDENTIALS]);
});

test('R14: a server that sends credentials for its own host, as GitLab and Gitea do, gets only these', async () => {
  behaviour.requiredAuthorization = CREDENTIALS;
  const header = {
    Authorization: CREDENTIALS,
    Host: 'other',
    'Transfer-Encoding': 'chunked',
    'Content-Length': '3',
    'a b': 'c',
  };
  behaviour.batch = downloadAt('/o/1', header);
  await keepLfsFiles({ access: accessOf('ada:secret') });
  expect(requests.map(({ authorization }) => authorization)).toEqual([CREDENTIALS, CREDENTIALS]);
});

test('R14: credentials that the server sends for an object replace those of the settings', async () => {
  behaviour.batch = downloadAt('/o/1', { AUTHORIZATION: 'Bearer x' });
  await keepLfsFiles({ access: accessOf('ada:secret') });
  expect(requests.map(({ authorization }) => authorization)).toEqual([CREDENTIALS, 'Bearer x']);
});

test('R14: a redirect on the same host is followed with the credentials', async () => {
  behaviour.requiredAuthorization = CREDENTIALS;
  behaviour.redirectOf = (url) => (url.startsWith('/o/') ? { status: 302, location: '/moved' } : undefined);
  await keepLfsFiles({ access: accessOf('ada:secret') });
  expect(requests.slice(2)).toEqual([{ url: '/moved', authorization: CREDENTIALS, body: '' }]);
});

test('R14: a redirect to another public server is followed without credentials', async () => {
  behaviour.batch = downloadAt('/o/1', { Authorization: CREDENTIALS });
  behaviour.redirectOf = (url) =>
    url.startsWith('/o/') ? { status: 307, location: 'https://o.example/there' } : undefined;
  const publicFetch = () => (url: unknown, init?: RequestInit) =>
    fetch(String(url).replace('https://o.example', originOf()), init);
  await keepLfsFiles({ access: accessOf('ada:secret'), publicFetch });
  expect(requests.slice(2)).toEqual([{ url: '/there', authorization: undefined, body: '' }]);
});

test.each([
  ['for an object', 302, '/o/'],
  ['for the batch request', 307, '/shop.git/'],
])('R14: a redirect to another port of this machine is not followed %s', async (_what, status, from) => {
  const onRequest = jest.fn();
  const otherServer = createServer((_, res) => {
    onRequest();
    res.end(LOGO);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => otherServer.once('listening', resolve));
  const location = `http://127.0.0.1:${(otherServer.address() as AddressInfo).port}/latest/meta-data`;
  behaviour.redirectOf = (url) => (url.startsWith(from) ? { status, location } : undefined);
  await expect(keepLfsFiles()).rejects.toThrow(/latest\/meta-data", to which the worker does not follow it/);
  expect(onRequest).not.toHaveBeenCalled();
  await new Promise((resolve) => otherServer.close(resolve));
});

test('R14: a server whose name resolves to a private address is refused', async () => {
  behaviour.batch = downloadAt('https://o.example/there');
  const resolve = ((_host: string, _options: object, callback: (...values: unknown[]) => void) =>
    callback(null, [{ address: '127.0.0.1', family: 4 }])) as unknown as typeof lookup;
  const refusal = keepLfsFiles({ publicFetch: createPublicFetch({ env: {}, privateHosts: [], resolve }) });
  await expect(refusal).rejects.toThrow(
    /"https:\/\/o\.example\/there" cannot be reached \(o\.example leads to this machine or a private network/,
  );
});

test.each<[string, Partial<ServerBehaviour>, RegExp]>([
  [
    'redirects in a circle',
    { redirectOf: (url) => (url.startsWith('/o/') ? { status: 302, location: url } : undefined) },
    /answered 302 with .*, to which the worker does not follow it/,
  ],
  [
    'wants credentials',
    { requiredAuthorization: CREDENTIALS },
    /info\/lfs\/objects\/batch" answered 401\. .*GIT_CREDENTIALS_FILE/,
  ],
  [
    'does not have the object',
    { batch: (oid) => ({ body: { objects: [{ oid, error: { code: 404, message: 'Object does not exist' } }] } }) },
    /answered 404 \(Object does not exist\)\. Push it there/,
  ],
  ['does not list the object', { batch: () => ({ body: { objects: [] } }) }, /names no address for it/],
  ['answers without the LFS protocol', { batch: () => ({ body: { hello: 1 } }) }, /answered what is no batch answer/],
  ['sends other bytes', { content: () => Buffer.alloc(LOGO.length) }, /are not the content that the pointer names/],
  ['sends too little', { content: () => LOGO.subarray(1) }, /sent 26 bytes that are not the content/],
  ['sends too much', { content: () => Buffer.concat([LOGO, LOGO]) }, /sent more bytes than its pointer says/],
  [
    "names an address in the worker's network",
    { batch: downloadAt('https://10.0.0.1/x') },
    /names "https:\/\/10\.0\.0\.1\/x", which is not read from here/,
  ],
])(
  'R14: an LFS server that %s stops the build before a model call, and the failure says so',
  async (_what, deviation, message) => {
    behaviour = { ...behaviour, ...deviation };
    const refusal = keepLfsFiles();
    await expect(refusal).rejects.toMatchObject({ type: 'Environment.RepositoryUnfit' });
    await expect(refusal).rejects.toThrow(/git LFS file "logo\.png" \(sha256 [0-9a-f]{12}, 27 bytes\) cannot be had/);
    await expect(refusal).rejects.toThrow(message);
    await expect(refusal).rejects.not.toThrow(/sig=x/);
  },
);

test('R14: LFS files above the limit of a project are refused before they are fetched', async () => {
  const maxBytes = 400_000;
  const huge = pointerTo(LOGO).replace(/size .*/, 'size 500000');
  const refusal = keepLfsFiles({ maxBytes }, { 'huge.png': huge.replace(oidOf(LOGO), 'f'.repeat(64)) });
  await expect(refusal).rejects.toMatchObject({ type: 'Workspace.TooLarge' });
  await expect(refusal).rejects.toThrow(/2 git LFS files of the repository have 500027 bytes/);
  expect(requests).toEqual([]);
});
