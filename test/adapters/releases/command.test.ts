/** Tests releases by the project's own commands, in the real sandbox, with a production folder on this machine. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReleaseSettings } from '../../../src/ports/release-target';
import { createFileDocuments } from '../../../src/adapters/artifacts/documents';
import type { AllowedHost } from '../../../src/adapters/network/allow-list';
import { createCommandReleases } from '../../../src/adapters/releases/command';
import { withReleaseNetwork } from '../../../src/adapters/releases/release-network';
import { createBubblewrap } from '../../../src/adapters/sandbox/bubblewrap';

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'q-command-releases-'));
  // The user of the sandbox must be able to enter the production folder.
  chmodSync(place, 0o755);
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const sandbox = createBubblewrap();
const DEPLOY = ['sh', 'deploy.sh'];
const ROLLBACK = ['sh', 'rollback.sh'];
const SCRIPTS = {
  'deploy.sh': `set -e
env | grep ^Q_ | sort > "$Q_PRODUCTION/env"
echo "deploy $Q_RELEASE_NUMBER after [$Q_PREVIOUS_RELEASE]" >> "$Q_PRODUCTION/log"
cp page "$Q_PRODUCTION/page"
test ! -e broken`,
  'rollback.sh': `set -e
echo "rollback $Q_RELEASE_NUMBER to [$Q_PREVIOUS_RELEASE]" >> "$Q_PRODUCTION/log"
if [ -z "$Q_PREVIOUS_RELEASE" ]; then rm -f "$Q_PRODUCTION/page"; else cp page "$Q_PRODUCTION/page"; fi`,
};
const target = (settings: Partial<ReleaseSettings<'command'>> = {}, checkpoint?: (name: string) => void) =>
  createCommandReleases({
    ...{ root: join(place, 'releases'), documents: createFileDocuments(join(place, 'documents')), sandbox, checkpoint },
    settings: { target: 'command', deploy: DEPLOY, rollback: ROLLBACK, ...settings },
  });
function makeOrder(name: string, files: Record<string, string> = {}) {
  const folder = join(place, `built-${name}`);
  mkdirSync(folder, { recursive: true });
  for (const [path, text] of Object.entries({ ...SCRIPTS, page: name, ...files }))
    writeFileSync(join(folder, path), text);
  const commit = name.charCodeAt(0).toString(16).padStart(40, '0');
  return { projectId: 'shop', buildId: `build-${name}`, turn: 5, id: name, folder, commit };
}
const readProduction = (file: string) => readFileSync(join(place, 'releases/shop/production', file), 'utf8').trim();
const restore = (id: string, settings: Partial<ReleaseSettings<'command'>> = {}) =>
  target(settings).restore({ projectId: 'shop', id });

test('deploy runs on the checkout and gets the release in variables; rollback runs on the release to restore', async () => {
  await target().deploy(makeOrder('a'));
  expect(readProduction('env').split('\n')).toEqual([
    `Q_COMMIT=${'61'.padStart(40, '0')}`,
    'Q_PREVIOUS_RELEASE=',
    'Q_PRODUCTION=/production',
    'Q_RELEASE_ID=a',
    'Q_RELEASE_NUMBER=1',
  ]);
  await target().deploy(makeOrder('b'));
  expect(readProduction('page')).toBe('b');
  expect((await target().live('shop'))?.says).toBe('release 2');
  for (let n = 0; n < 2; n += 1) await restore('b');
  expect(readProduction('page')).toBe('a');
  await restore('a');
  expect(existsSync(join(place, 'releases/shop/production/page'))).toBe(false);
  expect(await target().live('shop')).toBeNull();
  expect(readProduction('log').split('\n')).toEqual([
    'deploy 1 after []',
    'deploy 2 after [1]',
    'rollback 2 to [1]',
    'rollback 1 to []',
  ]);
});

test('the error names a deploy command that fails halfway, and the rollback runs although the release was never complete', async () => {
  await target().deploy(makeOrder('a'));
  await expect(target().deploy(makeOrder('b', { broken: '' }))).rejects.toMatchObject({
    type: 'Release.DeployFailed',
    message: 'sh deploy.sh ended with 1',
  });
  expect((await target().live('shop'))?.says).toContain('which may be incomplete');
  await restore('b');
  expect(readProduction('page')).toBe('a');
  expect((await target().live('shop'))?.says).toBe('release 1');
});

test('the rollback of a release after an interrupted one restores the last complete release', async () => {
  await target().deploy(makeOrder('a'));
  await expect(target().deploy(makeOrder('b', { broken: '' }))).rejects.toThrow();
  await target().deploy(makeOrder('c'));
  await restore('c');
  expect(readProduction('page')).toBe('a');
  expect(readProduction('log').split('\n').at(-1)).toBe('rollback 3 to [1]');
});

test.each(['forward-begun', 'forward-ended'])('a deploy that died at %s is run again completely', async (at) => {
  await target().deploy(makeOrder('a'));
  const dyingTarget = target({}, (name) => {
    if (name === at) throw new Error('killed');
  });
  await expect(dyingTarget.deploy(makeOrder('b'))).rejects.toThrow('killed');
  expect(await target().deploy(makeOrder('b'))).toMatchObject({ number: 2, previous: 1 });
  expect(readProduction('page')).toBe('b');
  expect(readProduction('log').split('\n').at(-1)).toBe('deploy 2 after [1]');
  await restore('b');
  expect(readProduction('page')).toBe('a');
});

/** Scripts whose deploy writes a tag and then may fail, so that it has done half of its work. */
const TAGGING_SCRIPTS = {
  'deploy.sh': `set -e
mkdir -p "$Q_PRODUCTION/tags"
echo "$Q_RELEASE_ID" > "$Q_PRODUCTION/tags/v$Q_RELEASE_NUMBER"
cp page "$Q_PRODUCTION/page"
test ! -e broken`,
  'rollback.sh': `set -e
rm -f "$Q_PRODUCTION/tags/v$Q_RELEASE_NUMBER"
if [ -z "$Q_PREVIOUS_RELEASE" ]; then rm -f "$Q_PRODUCTION/page"; else cp page "$Q_PRODUCTION/page"; fi`,
};
const tags = () => readdirSync(join(place, 'releases/shop/production/tags')).sort();

test('O14: a retry undoes a half-finished deploy, although another release went live meanwhile', async () => {
  await target().deploy(makeOrder('a', TAGGING_SCRIPTS));
  await expect(target().deploy(makeOrder('b', { ...TAGGING_SCRIPTS, broken: '' }))).rejects.toThrow();
  await target().deploy(makeOrder('c', TAGGING_SCRIPTS));
  expect(tags()).toEqual(['v1', 'v2', 'v3']);
  for (let n = 0; n < 2; n += 1) await restore('b');
  expect(tags()).toEqual(['v1', 'v3']);
  expect(readProduction('page')).toBe('c');
  expect((await target().live('shop'))?.says).toBe('release 3');
  await restore('c');
  expect(tags()).toEqual(['v1']);
  expect(readProduction('page')).toBe('a');
});

test('O14: undoing the build undoes its half-finished deploy, although another release went live meanwhile', async () => {
  await target().deploy(makeOrder('a', TAGGING_SCRIPTS));
  await expect(target().deploy(makeOrder('b', { ...TAGGING_SCRIPTS, broken: '' }))).rejects.toThrow();
  await target().deploy(makeOrder('c', TAGGING_SCRIPTS));
  for (let n = 0; n < 2; n += 1) await target().revoke({ projectId: 'shop', buildId: 'build-b', turn: 6 });
  expect(tags()).toEqual(['v1', 'v3']);
  expect((await target().live('shop'))?.says).toBe('release 3');
});

test('O14: an interrupted rollback is run again', async () => {
  await target().deploy(makeOrder('a', TAGGING_SCRIPTS));
  await expect(target().deploy(makeOrder('b', { ...TAGGING_SCRIPTS, broken: '' }))).rejects.toThrow();
  await target().deploy(makeOrder('c', TAGGING_SCRIPTS));
  const dyingTarget = target({}, (name) => {
    if (name === 'back-begun') throw new Error('killed');
  });
  await expect(dyingTarget.restore({ projectId: 'shop', id: 'b' })).rejects.toThrow('killed');
  await restore('b');
  expect(tags()).toEqual(['v1', 'v3']);
  expect((await target().live('shop'))?.says).toBe('release 3');
});

test('the error names a rollback command that fails, and the next try runs it again', async () => {
  await target().deploy(makeOrder('a'));
  await target().deploy(makeOrder('b'));
  const failing = { rollback: ['sh', '-c', 'echo no way; exit 4'] };
  await expect(restore('b', failing)).rejects.toMatchObject({
    type: 'Release.RestoreFailed',
    message: 'sh -c echo no way; exit 4 ended with 4: no way',
  });
  expect(readProduction('page')).toBe('b');
  await restore('b');
  expect(readProduction('page')).toBe('a');
});

test('each command has its time limit', async () => {
  const slow = { deploy: ['sleep', '30'], timeouts_ms: { deploy: 300 } };
  await expect(target(slow).deploy(makeOrder('a'))).rejects.toThrow('sleep 30 ran out of time');
});

describe('S2: the network of release commands', () => {
  let server: Server;
  const requestedPaths: string[] = [];
  const port = () => (server.address() as AddressInfo).port;
  beforeAll(async () => {
    server = createServer((request, response) => {
      requestedPaths.push(request.url ?? '');
      response.end('REACHED');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => void server.close());
  beforeEach(() => (requestedPaths.length = 0));

  /** Returns a deploy script that requests the server through the proxy of its environment, and stores the network interfaces. */
  const requestScript = () => {
    const program = `const http = require('node:http'); const proxy = process.env.http_proxy;
      const at = 'http://127.0.0.1:${port()}/live';
      const request = proxy ? http.get({ host: '127.0.0.1', port: 3128, path: at }) : http.get(at);
      request.on('response', (r) => r.resume().on('end', () => process.exit(r.statusCode === 200 ? 0 : 9)));
      request.on('error', () => process.exit(8));`;
    return ['sh', '-c', 'cat /proc/net/dev > "$Q_PRODUCTION/net"; node -e "$0"', program];
  };
  const deployWith = (network: true | string[] | undefined, hosts: AllowedHost[]) =>
    createCommandReleases({
      ...{ root: join(place, 'releases'), documents: createFileDocuments(join(place, 'documents')) },
      sandbox: withReleaseNetwork({ sandbox, hosts, env: {} }),
      settings: { target: 'command', deploy: requestScript(), rollback: ROLLBACK, network },
    }).deploy(makeOrder('a'));

  test('a server that the operator allows is reached, and the interfaces of the machine are not visible', async () => {
    await deployWith(true, [{ host: '127.0.0.1', port: port() }]);
    expect(requestedPaths).toEqual(['/live']);
    expect(
      readProduction('net')
        .split('\n')
        .filter((line) => line.includes(':')),
    ).toHaveLength(1);
  });

  test.each<[string, true | string[] | undefined, boolean]>([
    ['a build that asks for no network', undefined, true],
    ['a server that no setting names', true, false],
    ['a build that allows only another server', ['other.example'], true],
    ['a build that allows a server that the operator does not allow', ['127.0.0.1'], false],
  ])('%s reaches no server', async (_case, network, isAllowed) => {
    const hosts = isAllowed ? [{ host: '127.0.0.1', port: port() }] : [];
    const deployment = deployWith(network, hosts);
    await expect(deployment).rejects.toMatchObject({ type: 'Release.DeployFailed' });
    if (network !== undefined)
      await expect(deployment).rejects.toThrow(`refused by the worker: 127.0.0.1:${port()}; RELEASE_HOSTS`);
    expect(requestedPaths).toEqual([]);
  });
});
