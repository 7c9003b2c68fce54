/** Dependencies: fetched apart, with network; seen afterwards without one; kept by what they were made from. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArtifactStore } from '../../../src/ports/artifacts';
import { withDependencies } from '../../../src/adapters/checkouts/dependencies';
import { createFileArtifacts } from '../../../src/adapters/artifacts/file-store';
import { createBubblewrap } from '../../../src/adapters/sandbox/bubblewrap';
import { createDependencyCache } from '../../../src/adapters/sandbox/dependency-cache';

let place: string;
let asked: number;
let artifacts: ArtifactStore;
const sandbox = createBubblewrap();
const registry = createServer((_request, response) => {
  asked += 1;
  response.end(`module.exports = 'package ${asked}';`);
});
const port = () => (registry.address() as AddressInfo).port;
const cacheRoot = () => join(place, 'cache');
const setup = ['node', 'install.js'];

beforeAll(() => new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve)));
afterAll(() => registry.close());
beforeEach(() => {
  asked = 0;
  // The sandbox's user must be able to reach the cache.
  place = mkdtempSync(join(tmpdir(), 'q-setup-'));
  chmodSync(place, 0o755);
  artifacts = createFileArtifacts(join(place, 'artifacts'));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

/** Fetches one package from the registry of this test into node_modules. */
const program = () => `fetch('http://127.0.0.1:${port()}/x').then((r) => r.text()).then((text) => {
  const fs = require('node:fs');
  fs.mkdirSync('node_modules/x', { recursive: true });
  fs.writeFileSync('node_modules/x/index.js', text);
  fs.writeFileSync('left-behind', '');
}).catch(() => process.exit(9));`;

function fill(folder: string, lock = '1'): void {
  writeFileSync(join(folder, 'install.js'), program());
  writeFileSync(join(folder, 'package-lock.json'), lock);
  writeFileSync(join(folder, 'main.js'), "console.log(require('x'))");
}

async function useIn(folder: string, command: string[], options: { setup?: string[] } = { setup }) {
  const dependencies = createDependencyCache(cacheRoot());
  const deps = { sandbox, artifacts, dependencies, testTimeoutMs: 10_000 };
  const installed = await withDependencies(deps, { folder, setup: options.setup });
  return sandbox.run({ folder, command, timeoutMs: 10_000, ...installed });
}

test('what setup fetched is there for the tests, which have no network and cannot change it', async () => {
  await sandbox.withScratch(async (folder) => {
    fill(folder);
    const script = 'node main.js; echo x > node_modules/x/index.js; rm -rf node_modules; node install.js; echo $?; ls';
    const { output } = await useIn(folder, ['sh', '-c', script]);
    expect(output).toMatch(/^package 1\n/);
    expect(output).toMatch(/Read-only file system/);
    expect(output).toMatch(/\n9\n/);
    expect(output).not.toContain('left-behind');
    expect(asked).toBe(1);
  });
});

test('the same lock file is fetched once, another one again, for all commits between', async () => {
  for (const [lock, expected] of [
    ['1', 'package 1\n'],
    ['1', 'package 1\n'],
    ['2', 'package 2\n'],
  ] as const) {
    await sandbox.withScratch(async (folder) => {
      fill(folder, lock);
      writeFileSync(join(folder, 'other.js'), String(Math.random()));
      expect((await useIn(folder, ['node', 'main.js'])).output).toBe(expected);
    });
  }
  expect(asked).toBe(2);
});

test('five builds at once share one result, and nothing half-made is left', async () => {
  const outputs = await Promise.all(
    [1, 2, 3, 4, 5].map(() =>
      sandbox.withScratch(async (folder) => (fill(folder), (await useIn(folder, ['node', 'main.js'])).output)),
    ),
  );
  expect(new Set(outputs).size).toBe(1);
  expect(readdirSync(cacheRoot())).toHaveLength(1);
});

test('the setup command sees manifests and the files it names, not the rest of the tree, and no links', async () => {
  await sandbox.withScratch(async (folder) => {
    mkdirSync(join(folder, 'packages/a'), { recursive: true });
    writeFileSync(join(folder, 'packages/a/package.json'), '{}');
    writeFileSync(join(folder, 'secret.js'), '');
    symlinkSync('/etc/passwd', join(folder, 'requirements.txt'));
    writeFileSync(join(folder, 'list.sh'), 'mkdir node_modules; find . -type f > node_modules/seen');
    const { output } = await useIn(folder, ['cat', 'node_modules/seen'], { setup: ['sh', './list.sh'] });
    expect(output.trim().split('\n').sort()).toEqual(['./list.sh', './node_modules/seen', './packages/a/package.json']);
  });
});

test('install scripts are off, and no socket of this machine is reached by its name', async () => {
  await sandbox.withScratch(async (folder) => {
    const look = `mkdir node_modules; env > node_modules/env; id -u >> node_modules/env; cat /etc/shadow >> node_modules/env;
      node -e "require('net').connect('\\0x').on('error', (e) => console.log('abstract', e.code))" >> node_modules/env`;
    const { output } = await useIn(folder, ['cat', 'node_modules/env'], { setup: ['sh', '-c', `${look}; true`] });
    expect(output).toContain('npm_config_ignore_scripts=true');
    expect(output).toContain('PIP_ONLY_BINARY=:all:');
    expect(output).toMatch(/abstract (EAFNOSUPPORT|-97|EINVAL|UNKNOWN)/);
    expect(output).not.toContain('root:');
  });
});

test('a setup that fails is named, with its output kept, and nothing is remembered of it', async () => {
  await sandbox.withScratch(async (folder) => {
    const failed = useIn(folder, ['true'], { setup: ['sh', '-c', 'mkdir node_modules; echo broken; exit 3'] });
    await expect(failed).rejects.toMatchObject({ type: 'Workspace.SetupFailed' });
    await expect(failed).rejects.toThrow(/ended with 3; its output is sha256:/);
    await expect(useIn(folder, ['true'], {})).resolves.toMatchObject({ exitCode: 0 });
  });
  expect(() => readdirSync(cacheRoot())).toThrow('ENOENT');
});
