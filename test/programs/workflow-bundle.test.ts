/**
 * The cached bundle of the workflow code: made once, used only where this user owns it, and never the cause of a failed start.
 */
import { chmodSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cachedBundle } from '../../src/programs/workflow-bundle';

let cacheDir: string;
let made: number;
const bundle = (): Promise<{ code: string }> => Promise.resolve({ code: `made ${(made += 1)}` });
const kept = (): string[] => readdirSync(join(cacheDir, 'workflows')).map((name) => join(cacheDir, 'workflows', name));

beforeEach(() => {
  made = 0;
  cacheDir = mkdtempSync(join(tmpdir(), 'q-bundle-'));
});
afterEach(() => rmSync(cacheDir, { recursive: true, force: true }));

test('the second start reads what the first has made', async () => {
  expect(await cachedBundle({ cacheDir }, bundle)).toEqual({ code: 'made 1' });
  expect(await cachedBundle({ cacheDir }, bundle)).toEqual({ code: 'made 1' });
});

test('a bundle that others may write is made again', async () => {
  await cachedBundle({ cacheDir }, bundle);
  chmodSync(kept()[0] as string, 0o666);
  expect(await cachedBundle({ cacheDir }, bundle)).toEqual({ code: 'made 2' });
  expect(await cachedBundle({ cacheDir }, bundle)).toEqual({ code: 'made 2' });
});

test('a cache that cannot be written costs a bundling and no start', async () => {
  writeFileSync(join(cacheDir, 'workflows'), 'a file where the folder would be');
  expect(await cachedBundle({ cacheDir }, bundle)).toEqual({ code: 'made 1' });
  expect(await cachedBundle({ cacheDir }, bundle)).toEqual({ code: 'made 2' });
});

test('bundles of other versions stay, but for the oldest', async () => {
  await cachedBundle({ cacheDir }, bundle);
  const [own] = kept() as [string];
  for (const name of ['a', 'b', 'c', 'd']) {
    const file = join(cacheDir, 'workflows', `${name}.js`);
    writeFileSync(file, name);
    utimesSync(file, 1, name.charCodeAt(0));
  }
  rmSync(own);
  await cachedBundle({ cacheDir }, bundle);
  const others = ['b', 'c', 'd'].map((name) => join(cacheDir, 'workflows', `${name}.js`));
  expect(kept().sort()).toEqual([own, ...others].sort());
});
