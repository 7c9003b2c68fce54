/** Tests where the Temporal executable is found or fetched. It fetches for real if there is none. */
import { readlinkSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBinary } from '../../../src/adapters/temporal/binary';
import { CLI_VERSION } from '../../../src/adapters/temporal/fetch-binary';

let cacheDir: string;
beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'q-cache-'));
});
afterEach(() => rm(cacheDir, { recursive: true, force: true }));

test('a wrong TEMPORAL_CLI_PATH is an error of one line, also if another executable could be found', async () => {
  await expect(findBinary({ cliPath: '/nowhere/temporal', cacheDir })).rejects.toThrow(
    /^TEMPORAL_CLI_PATH="\/nowhere\/temporal" is not a Temporal CLI that can be run$/,
  );
});

test('an executable that is not the Temporal CLI is refused', async () => {
  await expect(findBinary({ cliPath: process.execPath, cacheDir })).rejects.toThrow('is not a Temporal CLI');
});

test('concurrent starts fetch once, and leave only the executable in the cache', async () => {
  const binaries = await Promise.all([1, 2, 3].map(() => findBinary({ cacheDir })));
  const [first] = binaries;
  if (first?.source === 'PATH') return expect(binaries.every(({ path }) => path === 'temporal')).toBe(true);
  const sources = binaries.map(({ source }) => source).sort();
  expect(sources.filter((source) => source === 'the cache')).toHaveLength(2);
  expect(await readdir(join(cacheDir, `temporal-${CLI_VERSION}`))).toEqual(['temporal']);
}, 300_000);

test('an incomplete file of an interrupted fetch is never run', async () => {
  const folder = join(cacheDir, `temporal-${CLI_VERSION}`);
  await mkdir(join(folder, 'fetch-cut'), { recursive: true });
  await writeFile(join(folder, 'fetch-cut', 'temporal'), 'half');
  await chmod(join(folder, 'fetch-cut', 'temporal'), 0o755);
  const place = `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  const holder = { pid: process.pid, started: 'before the crash', token: 'its', place };
  await writeFile(join(folder, 'fetch.lock'), JSON.stringify(holder));
  const { path } = await findBinary({ cacheDir });
  expect(['temporal', join(folder, 'temporal')]).toContain(path);
}, 300_000);
