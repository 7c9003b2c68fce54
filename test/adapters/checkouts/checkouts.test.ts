/** Tests prepared checkouts: every run sees the result of setup, commits with the same setup files share it, and no run changes it. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createPlace } from './place';
import type { Files } from './place';

let requestCount = 0;
let isDown = false;
const registry = createServer((_request, response) => {
  requestCount += 1;
  if (isDown) response.statusCode = 503;
  response.end(`module.exports = 'package ${requestCount}';`);
});
const registryPort = () => (registry.address() as AddressInfo).port;
let place: ReturnType<typeof createPlace>;
beforeAll(() => new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve)));
afterAll(() => registry.close());
beforeEach(() => {
  requestCount = 0;
  isDown = false;
  place = createPlace({ hosts: [{ host: '127.0.0.1', port: registryPort() }], timeoutMs: 30_000 });
});
afterEach(() => place.stop());

const overrides = { setup: ['node', 'install.js'] };
const sh = (script: string) => ['sh', '-c', script];

/** A project whose setup fetches one package from the test's registry into node_modules, through the proxy. */
function project(more: Files = {}): Files {
  return {
    'install.js': `const fs = require('node:fs');
      const path = 'http://127.0.0.1:${registryPort()}/x';
      require('node:http').get({ host: '127.0.0.1', port: 3128, path, headers: { host: 'x' } }, (answer) => {
        let text = '';
        answer.on('data', (chunk) => (text += chunk));
        answer.on('end', () => {
          if (answer.statusCode !== 200) throw new Error(text);
          fs.mkdirSync('node_modules/x', { recursive: true });
          fs.writeFileSync('node_modules/x/index.js', text);
          fs.writeFileSync('generated.txt', 'made by set-up');
        });
      });`,
    'package-lock.json': '1',
    'main.js': "console.log(require('x'))",
    ...more,
  };
}

test('R2: runs have the packages of setup, but no network, and cannot change the packages', async () => {
  const at = await place.commit(project());
  const script = 'node main.js; cat generated.txt; echo x > node_modules/x/index.js; node install.js; echo $?';
  const output = await place.outputOf(at, sh(script), { overrides });
  expect(output).toMatch(/^package 1\nmade by set-up/);
  expect(output).toMatch(/Read-only file system/);
  expect(output).toMatch(/ECONNREFUSED[^]*\n1\n$/);
  expect(requestCount).toBe(1);
});

test('S2: each checkout has the network traffic of its setup, also if its packages come from the cache', async () => {
  const at = await place.commit(project());
  for (const _ of ['fetched', 'kept']) {
    const fetched = await place.use(at, (checkout) => Promise.resolve(checkout.fetched), { overrides });
    expect(fetched).toMatchObject({ refused: [], omitted: { servers: 0, refused: 0 } });
    expect(fetched?.servers).toHaveLength(1);
    expect(fetched?.servers[0]).toMatchObject({ server: `127.0.0.1:${registryPort()}`, connections: 1 });
    expect(fetched?.servers[0]?.received_bytes).toBeGreaterThan(100);
  }
  expect(requestCount).toBe(1);
});

test('S2: the network traffic of setup names refused servers, too', async () => {
  const ask =
    "require('node:http').get({ host: '127.0.0.1', port: 3128, path: 'http://evil.example/x' }).on('response', (r) => r.resume())";
  const at = await place.commit({ 'ask.js': ask });
  const fetched = await place.use(at, (checkout) => Promise.resolve(checkout.fetched), {
    overrides: { setup: ['node', 'ask.js'] },
  });
  expect(fetched).toMatchObject({ servers: [], refused: ['evil.example:80'] });
});

test('R2: a change of other files uses the packages of the base; a change of the lock file installs anew', async () => {
  const at = await place.commit(project());
  expect(await place.outputOf(at, ['node', 'main.js'], { overrides })).toBe('package 1\n');
  const sourceChange = await place.change(at, { 'main.js': "console.log('new', require('x'))" });
  expect(await place.outputOf(sourceChange, ['node', 'main.js'], { overrides, base: at.commit })).toBe(
    'new package 1\n',
  );
  const lockFileChange = await place.change(at, { 'package-lock.json': '2' });
  expect(await place.outputOf(lockFileChange, ['node', 'main.js'], { overrides, base: at.commit })).toBe('package 2\n');
  expect(requestCount).toBe(2);
});

test('five concurrent builds share one result, and no incomplete result is left', async () => {
  const at = await place.commit(project());
  const outputs = await Promise.all([1, 2, 3, 4, 5].map(() => place.outputOf(at, ['node', 'main.js'], { overrides })));
  expect(new Set(outputs)).toEqual(new Set(['package 1\n']));
  expect(requestCount).toBe(1);
  expect(readdirSync(place.cacheRoot).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('P7: tools can write caches into node_modules, and the next run does not see them', async () => {
  const at = await place.commit(project());
  const writeCaches =
    'for d in .cache .cache/xo-linter .vite; do ls node_modules/$d | grep -v xo-linter; echo x > node_modules/$d/x && echo wrote; done';
  for (const _ of [1, 2]) {
    expect(await place.outputOf(at, sh(`${writeCaches}; mkdir .nyc_output && echo own`), { overrides })).toBe(
      'wrote\nwrote\nwrote\nown\n',
    );
  }
});

test('R1: a failed setup names the command, its last lines and a remedy, and is not cached', async () => {
  const at = await place.commit({ 'a.txt': '' });
  const runFailing = () =>
    place.outputOf(at, ['true'], { overrides: { setup: sh('mkdir node_modules; echo broken; exit 3') } });
  await expect(runFailing()).rejects.toMatchObject({ type: 'Environment.SetupFailed' });
  await expect(runFailing()).rejects.toThrow(/^sh -c mkdir .* ended with 3\. .*commands\.setup[^]*broken$/);
  const missing = place.outputOf(at, ['true'], { overrides: { setup: ['no-such-tool', 'install'] } });
  await expect(missing).rejects.toMatchObject({ type: 'Environment.ToolMissing' });
  await expect(missing).rejects.toThrow(/needs no-such-tool, which is not on the worker's PATH/);
});

test('a failed setup is attributed to the change only if the setup of the base succeeds at the same time', async () => {
  const at = await place.commit(project());
  await place.outputOf(at, ['true'], { overrides });
  const broken = await place.change(at, { 'package-lock.json': '2', 'install.js': "throw new Error('no x@9')" });
  const runFailing = () => place.outputOf(broken, ['true'], { overrides, base: at.commit });
  await expect(runFailing()).rejects.toMatchObject({ type: 'Change.SetupFailed' });
  await expect(runFailing()).rejects.toThrow(/base commit were installed again just now[^]*no x@9/);
  isDown = true;
  await expect(runFailing()).rejects.toMatchObject({ type: 'Environment.SetupFailed' });
  expect(readdirSync(place.cacheRoot).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('a refused server is named with the setting that allows it', async () => {
  const at = await place.commit({ 'a.txt': '' });
  const setup = ['curl', '-sS', '-m', '5', 'https://somewhere.example/x'];
  const failingRun = place.outputOf(at, ['true'], { overrides: { setup } });
  await expect(failingRun).rejects.toThrow(/SETUP_HOSTS=somewhere\.example:443 lets them through/);
});

test('secrets of setup are visible in no other step and appear in no log', async () => {
  const home = join(place.folder, 'home');
  mkdirSync(home);
  writeFileSync(join(home, '.npmrc'), 'token-in-a-file');
  writeFileSync(join(place.folder, 'env'), '# for the registry\nexport NPM_TOKEN="very-secret"\n');
  const other = createPlace({ envFile: join(place.folder, 'env'), homeFolder: home, timeoutMs: 30_000 });
  const at = await other.commit({ 'a.txt': '' });
  const storeSecrets = 'echo "$NPM_TOKEN" | cut -c1-4 > node_modules/a; cut -c1-5 ~/.npmrc > node_modules/b';
  const setup = sh(`mkdir node_modules; ${storeSecrets}`);
  const output = await other.outputOf(at, sh('cat node_modules/a node_modules/b; env; cat ~/.npmrc'), {
    overrides: { setup },
  });
  expect(output).toMatch(/^very\ntoken\n/);
  expect(output).not.toMatch(/very-secret|token-in-a-file/);
  const failingRun = other.outputOf(at, ['true'], { overrides: { setup: sh('echo "$NPM_TOKEN"; exit 1') } });
  await expect(failingRun).rejects.toThrow(/^(?![^]*very-secret)[^]*\(hidden\)/);
  other.stop();
});

test('tests can read the git history but not change it, and it has no hooks and no remotes', async () => {
  const at = await place.commit({ 'a.txt': 'a\n' });
  const laterCommit = await place.change(at, { 'b.txt': 'b\n' });
  const readHistory = 'git log --format=%s; git status --short; git branch; git remote; ls .git/hooks 2>/dev/null';
  const ownRepository =
    'cd /tmp && git init -q t && cd t && git commit -q --allow-empty -m own && git log --format=%an%s';
  const script = `${readHistory}; git commit --allow-empty -qm x > /dev/null 2>&1 || echo kept; ${ownRepository}`;
  const output = await place.outputOf(laterCommit, sh(script), { base: at.commit });
  expect(output).toBe('change\nfirst\n* main\nkept\nSandboxown\n');
});

test('R5: a project in a subfolder is found, its commands start there, and the git repository is at the root', async () => {
  const at = await place.commit({ 'README.md': '', 'backend/package.json': '{"name":"b"}', 'backend/a.js': '' });
  expect((await place.checkouts.look(at, {})).workdir).toBe('backend');
  const output = await place.outputOf(at, sh('pwd; git rev-parse --show-toplevel'));
  expect(output).toBe('/workspace/backend\n/workspace\n');
  expect(await place.outputOf(at, ['pwd'], { overrides: { workdir: '.' } })).toBe('/workspace\n');
});

test('R15: the folder of repository.path is the working folder, unless the request names another one', async () => {
  const files = { 'package.json': '{"name":"root"}', 'backend/package.json': '{"name":"backend"}' };
  const at = await place.commit(files, 'backend');
  const printName = ['node', '-p', 'require("./package.json").name'];
  expect(await place.outputOf(at, printName)).toBe('backend\n');
  expect(await place.outputOf(at, printName, { overrides: { workdir: '' } })).toBe('root\n');
  expect((await place.checkouts.look(at, {})).notes.join()).toMatch(/the folder that repository\.path names/);
});

test('R5: a member of an npm workspace can import other members, without a request to the registry', async () => {
  const member = {
    name: 'a',
    dependencies: { '@corp/b': '1.0.0' },
    scripts: { test: 'node -p "require(\'@corp/b\')"' },
  };
  const at = await place.commit({
    'package.json': JSON.stringify({ private: true, workspaces: ['packages/*'] }),
    'packages/a/package.json': JSON.stringify(member),
    'packages/b/package.json': JSON.stringify({ name: '@corp/b', version: '1.0.0', main: 'b.js' }),
    'packages/b/b.js': 'module.exports = "the neighbour"',
  });
  const inMember = { overrides: { workdir: 'packages/a' } };
  expect(await place.outputOf(at, ['npm', 'test'], inMember)).toContain('the neighbour');
  expect(requestCount).toBe(0);
  const { steps, notes } = await place.checkouts.look(at, inMember.overrides);
  expect(steps.map(({ folder }) => folder)).toEqual(['']);
  expect(notes).toEqual(['packages/a is a member of a workspace: npm installs from the root']);
});

test('P12: setup has a temporary folder on disk, with more space than that of other commands', async () => {
  const at = await place.commit({ 'a.txt': '' });
  const setup = sh('head -c 400000000 /dev/zero > /tmp/big && mkdir node_modules && echo fits > node_modules/a');
  expect(await place.outputOf(at, ['cat', 'node_modules/a'], { overrides: { setup } })).toBe('fits\n');
});

test('R18: a release has the files of the build but no packages; its smoke test can use the packages', async () => {
  const at = await place.commit(project());
  const options = { overrides, isForRelease: true };
  await place.use(
    at,
    async (checkout) => {
      await checkout.run({ command: sh('node main.js > product'), timeoutMs: 5_000 });
      expect(await checkout.has('node_modules/x/index.js')).toBe(true);
      expect(await checkout.has('node_modules/y')).toBe(false);
      await checkout.removeMountPoints();
      const names = readdirSync(checkout.folder).sort();
      expect(names).toEqual(['generated.txt', 'install.js', 'main.js', 'package-lock.json', 'product']);
      expect(checkout.shown.readOnly?.map(({ to }) => to)).toEqual(['.git', 'node_modules']);
    },
    options,
  );
});
