/** S15: the worker's git and ssh reach no address of this machine or its network, unless the settings name the full server name. */
import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { createFileDocuments } from '../../../src/adapters/artifacts/documents';
import { createGitReleases } from '../../../src/adapters/releases/git';
import { accessEnv } from '../../../src/adapters/workspace/access';
import type { GitAccess } from '../../../src/adapters/workspace/access';
import { createGitWorkspace } from '../../../src/adapters/workspace/git-workspace';
import { gitIn, makePlace, makeUpstream } from './git-fixture';

let place: ReturnType<typeof makePlace>;
let listener: Server;
/** The first bytes of each connection that the listener received. */
let receivedBytes: string[];
const port = () => (listener.address() as AddressInfo).port;
const withPort = (url: string) => url.replace('PORT', String(port()));

beforeEach(async () => {
  place = makePlace();
  receivedBytes = [];
  // The listener accepts connections on all IPv4 and IPv6 addresses of this machine.
  listener = createServer((socket) => {
    const at = receivedBytes.push('') - 1;
    socket.on('data', (chunk) => {
      receivedBytes[at] += chunk.toString('latin1');
      socket.destroy();
    });
    socket.on('error', () => undefined);
  }).listen(0, '::');
  await once(listener, 'listening');
});
afterEach(() => {
  listener.close();
  place.remove();
});

const build = { projectId: 'shop', buildId: 'b1' };
const prepareFrom = (url: string, access: GitAccess = {}) =>
  createGitWorkspace({ root: place.root, access }).prepare({ ...build, repository: { url: withPort(url) } });
/** Returns a program's output for any exit code. It must not block this process, in which the gate runs. */
const outputOf = (program: string, args: string[], env: Record<string, string> = {}) =>
  new Promise<string>((resolve) => {
    const options = { env: { PATH: '/usr/local/bin:/usr/bin:/bin', ...env }, timeout: 60_000 };
    execFile(program, args, options, (_, stdout) => resolve(stdout));
  });
const ownAddress = Object.values(networkInterfaces())
  .flat()
  .find((one) => one?.family === 'IPv4' && !one.internal)?.address;

const HOSTS = [
  ...['127.0.0.1', 'localhost', 'localhost.', '127.1', '2130706433', '0x7f.1', '017700000001', '0', '[::1]', '[::]'],
  ...['[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '127.0.0.2', hostname(), ownAddress ?? '127.0.0.3'],
];
test.each([
  ...HOSTS.map((host) => `https://${host}:PORT/x.git`),
  ...HOSTS.map((host) => `ssh://git@${host}:PORT/x.git`),
  ...['ssh://git@%6c%6fcalhost:PORT/x.git', 'git@[localhost:PORT]:x.git', 'git@localhost:x.git'],
  ...['https://169.254.169.254/x', 'https://[fd00:ec2::254]/x', 'https://[64:ff9b::7f00:1]:PORT/x'],
  ...['https://10.255.255.1/x', 'ssh://git@192.168.255.1/x', 'https://224.0.0.1/x', 'https://240.0.0.1/x'],
])('S15: git does not connect to %s', async (url) => {
  await expect(prepareFrom(url)).rejects.toMatchObject({
    type: 'Workspace.RepositoryUnreadable',
    message: expect.stringMatching(/leads to this machine or a private network.*GIT_HOSTS/) as unknown,
  });
  expect(receivedBytes).toEqual([]);
});

test.each(['git://127.0.0.1:PORT/x', 'http://127.0.0.1:PORT/x', 'ftp://127.0.0.1:PORT/x'])(
  'S15: %s is refused as the address of a repository, also for a server that the settings name',
  async (url) => {
    const hosts = [{ host: '127.0.0.1', port: port() }];
    await expect(prepareFrom(url, { hosts })).rejects.toThrow('is not a repository URL');
    expect(receivedBytes).toEqual([]);
  },
);

test('S15: a server that the settings name is reached by https and ssh, only on the named port', async () => {
  const hosts = [{ host: '127.0.0.1', port: port() }];
  await expect(prepareFrom('https://127.0.0.1:PORT/x', { hosts })).rejects.toThrow();
  expect(receivedBytes.some((bytes) => bytes.charCodeAt(0) === 0x16)).toBe(true);
  receivedBytes.length = 0;
  await expect(prepareFrom('ssh://git@127.0.0.1:PORT/x', { hosts })).rejects.toThrow();
  expect(receivedBytes.some((bytes) => bytes.startsWith('SSH-2.0'))).toBe(true);
  receivedBytes.length = 0;
  const otherHosts = [{ host: '127.0.0.1', port: port() + 1 }];
  await expect(prepareFrom('https://127.0.0.1:PORT/x', { hosts: otherHosts })).rejects.toThrow('GIT_HOSTS');
  await expect(prepareFrom('ssh://git@localhost:PORT/x', { hosts })).rejects.toThrow('GIT_HOSTS');
  expect(receivedBytes).toEqual([]);
});

test('R11: the failure of a named server that refuses the connection says so', async () => {
  const closedServer = createServer().listen(0, '127.0.0.1');
  await once(closedServer, 'listening');
  const at = { host: '127.0.0.1', port: (closedServer.address() as AddressInfo).port };
  closedServer.close();
  const refusal = prepareFrom(`https://ada:secret@127.0.0.1:${at.port}/x.git`, { hosts: [at] });
  await expect(refusal).rejects.toMatchObject({ type: 'Workspace.RepositoryUnreadable' });
  await expect(refusal).rejects.toThrow(/server does not answer \(tried 3 times\).*request-retry/);
  await expect(refusal).rejects.not.toThrow(/secret/);
});

test('S15: a server with a login in GIT_CREDENTIALS_FILE counts as named as soon as the file has it', async () => {
  const credentialsFile = join(place.folder, 'logins');
  await expect(prepareFrom('https://127.0.0.1:PORT/x', { credentialsFile })).rejects.toThrow('GIT_HOSTS');
  expect(receivedBytes).toEqual([]);
  writeFileSync(credentialsFile, `https://ada:word@127.0.0.1:${port()}\n`);
  await expect(prepareFrom('https://127.0.0.1:PORT/x', { credentialsFile })).rejects.toThrow();
  expect(receivedBytes).not.toEqual([]);
});

test("S15: the worker's proxy variables do not let git and ssh bypass the gate", async () => {
  const env = await accessEnv({ noProxy: '*' }, 'https:ssh');
  expect(env).toMatchObject({ NO_PROXY: '', no_proxy: '' });
  expect(env['GIT_SSH_COMMAND']).toMatch(/-oControlPath=none .*-oProxyCommand=/);
  for (const url of ['https://127.0.0.1:PORT/x', 'ssh://git@127.0.0.1:PORT/x'])
    await outputOf('git', ['ls-remote', withPort(url)], env);
  expect(receivedBytes).toEqual([]);
});

test('S15: the gate refuses clients without its password', async () => {
  const env = await accessEnv({ hosts: [{ host: '127.0.0.1', port: port() }] }, 'https:ssh');
  const gate = new URL(Object.values(env).find((value) => value.startsWith('http://worker:')) ?? '');
  const ask = (user: string) => {
    const args = ['-s', '-o', '/dev/null', '-w', '%{http_connect}', '-p', '-x', `http://${user}${gate.host}`];
    return outputOf('curl', [...args, withPort('http://127.0.0.1:PORT/')]);
  };
  expect([await ask(''), await ask('worker:other@')]).toEqual(['407', '407']);
  expect(receivedBytes).toEqual([]);
  expect(await ask(`worker:${gate.password}@`)).toBe('200');
});

describe('S15: a server of git that the settings name', () => {
  let server: ReturnType<typeof createTlsServer>;
  let access: GitAccess;
  let handler: RequestListener;
  const origin = () => `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  beforeEach(async () => {
    const [keyFile, certFile] = ['key', 'cert'].map((name) => join(place.folder, name)) as [string, string];
    const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    const args = ['req', '-x509', ...kind, '-keyout', keyFile, '-out', certFile, ...subject];
    execFileSync('openssl', args, { stdio: 'ignore' });
    const pair = { key: readFileSync(keyFile), cert: readFileSync(certFile) };
    server = createTlsServer(pair, (req, res) => handler(req, res)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const at = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
    access = { certificatesFile: certFile, hosts: [at] };
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });
  /** Serves a repository as files, which git reads by its dumb protocol. */
  function serveRepository(make: (folder: string) => void) {
    const upstream = makeUpstream(place.folder, make);
    gitIn(upstream, 'update-server-info');
    handler = express().use('/x.git', express.static(join(upstream, '.git'), { dotfiles: 'allow' }));
    return upstream;
  }

  test('is read through the gate', async () => {
    const upstream = serveRepository((folder) => writeFileSync(join(folder, 'a.txt'), 'one\n'));
    const { commit } = await prepareFrom(`${origin()}/x.git`, access);
    expect(commit).toBe(gitIn(upstream, 'rev-parse', 'HEAD'));
  });

  test.each(['https://127.0.0.1:PORT', 'https://localhost:PORT', 'https://[::1]:PORT', 'http://127.0.0.1:PORT'])(
    'is not followed if it redirects to %s',
    async (to) => {
      handler = (req, res) => res.writeHead(302, { location: `${withPort(to)}${req.url}` }).end();
      await expect(prepareFrom(`${origin()}/x.git`, access)).rejects.toThrow();
      expect(receivedBytes).toEqual([]);
    },
  );

  test.each(['https://127.0.0.1:PORT/lib', 'ssh://git@localhost:PORT/lib', 'git@localhost:lib'])(
    'cannot make the worker fetch a submodule from %s',
    async (url) => {
      serveRepository((folder) => {
        const modules = `[submodule "lib"]\n path = lib\n url = ${withPort(url)}\n`;
        writeFileSync(join(folder, '.gitmodules'), modules);
        gitIn(folder, 'update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},lib`);
        mkdirSync(join(folder, 'lib'));
      });
      await expect(prepareFrom(`${origin()}/x.git`, access)).rejects.toThrow(/submodule "lib".*GIT_HOSTS/);
      expect(receivedBytes).toEqual([]);
    },
  );

  test.each(['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '2130706433', hostname()])(
    'cannot make the worker use an LFS server at %s',
    async (host) => {
      serveRepository((folder) => {
        const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 3\n`;
        writeFileSync(join(folder, '.lfsconfig'), withPort(`[lfs]\n url = https://${host}:PORT/lfs\n`));
        writeFileSync(join(folder, '.gitattributes'), '*.png filter=lfs\n');
        writeFileSync(join(folder, 'a.png'), pointer);
      });
      await expect(prepareFrom(`${origin()}/x.git`, access)).rejects.toMatchObject({
        type: 'Environment.RepositoryUnfit',
      });
      expect(receivedBytes).toEqual([]);
    },
  );
});

test('S2: if RELEASE_HOSTS is set, a release by git is pushed only to these servers', async () => {
  const upstream = makeUpstream(place.folder, (folder) => writeFileSync(join(folder, 'a.txt'), 'one\n'));
  const { commit } = await place.workspace.prepare({ ...build, repository: { path: upstream } });
  const deploy = (access: GitAccess) =>
    createGitReleases({
      ...{ root: join(place.folder, 'releases'), documents: createFileDocuments(join(place.folder, 'documents')) },
      ...{ repositories: place.root, roots: [], access },
      settings: { target: 'git', remote: withPort('https://127.0.0.1:PORT/x') },
    }).deploy({ ...build, turn: 1, id: 'a', folder: upstream, commit });
  const namedHosts = [{ host: '127.0.0.1', port: port() }];
  const otherHosts = [{ host: 'other.example' }];
  for (const access of [{}, { onlyHosts: otherHosts }, { hosts: namedHosts, onlyHosts: otherHosts }])
    await expect(deploy(access)).rejects.toThrow();
  expect(receivedBytes).toEqual([]);
  await expect(deploy({ onlyHosts: namedHosts })).rejects.toThrow();
  expect(receivedBytes).not.toEqual([]);
});
