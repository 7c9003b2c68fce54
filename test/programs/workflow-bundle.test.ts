/**
 * The cached bundle of the workflow code: made once, used only if nobody else may write it, and never the cause of a failed start.
 */
import { chmodSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cachedBundle } from '../../src/programs/workflow-bundle';

let cacheDir: string;
let bundleCount: number;
const bundle = (): Promise<{ code: string }> => Promise.resolve({ code: `made ${(bundleCount += 1)}` });
const bundleFiles = (): string[] =>
  readdirSync(join(cacheDir, 'workflows')).map((name) => join(cacheDir, 'workflows', name));

beforeEach(() => {
  bundleCount = 0;
  cacheDir = mkdtempSync(join(tmpdir(), 'q-bundle-'));
});
afterEach(() => rmSync(cacheDir, { recursive: true, force: true }));

test('the second start reads the bundle of the first', async () => {
  expect(await cachedBundle({ cacheDir }, bundle)).toEqual({ code: 'made 1' });
  expect(await cachedBundle({ cacheDir }, bundle)).toEqual({ code: 'made 1' });
});

test('a bundle that others may write is made again', async () => {
  await cachedBundle({ cacheDir }, bundle);
  chmodSync(bundleFiles()[0] as string, 0o666);
  expect(await cachedBundle({ cacheDir }, bundle)).toEqual({ code: 'made 2' });
  expect(await cachedBundle({ cacheDir }, bundle)).toEqual({ code: 'made 2' });
});

test('if the cache cannot be written, each start bundles again and does not fail', async () => {
  writeFileSync(join(cacheDir, 'workflows'), 'a file where the folder would be');
  expect(await cachedBundle({ cacheDir }, bundle)).toEqual({ code: 'made 1' });
  expect(await cachedBundle({ cacheDir }, bundle)).toEqual({ code: 'made 2' });
});

test('the cache keeps four bundles and removes the oldest', async () => {
  await cachedBundle({ cacheDir }, bundle);
  const [currentBundle] = bundleFiles() as [string];
  for (const name of ['a', 'b', 'c', 'd']) {
    const file = join(cacheDir, 'workflows', `${name}.js`);
    writeFileSync(file, name);
    utimesSync(file, 1, name.charCodeAt(0));
  }
  rmSync(currentBundle);
  await cachedBundle({ cacheDir }, bundle);
  const others = ['b', 'c', 'd'].map((name) => join(cacheDir, 'workflows', `${name}.js`));
  expect(bundleFiles().sort()).toEqual([currentBundle, ...others].sort());
});
