/** Tests the package cache: results are complete or absent, other users cannot list them, and their size is limited. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evictOldResults, measureFolder } from '../../../src/adapters/checkouts/cache-limit';
import { createPackageCache } from '../../../src/adapters/checkouts/package-cache';
import { until } from '../../until';

const KEY = 'a'.repeat(64);
const RECORD = { mounts: [{ name: 'mount-0', to: 'node_modules', scratch: [] }], lends: [], carried: null, notes: [] };
let folder: string;
let root: string;
let fillCount: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'q-package-cache-'));
  chmodSync(folder, 0o755);
  root = join(folder, 'cache');
  fillCount = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const fill = (partialFolder: string) => {
  fillCount += 1;
  mkdirSync(join(partialFolder, 'mount-0', 'x'), { recursive: true });
  writeFileSync(join(partialFolder, 'mount-0', 'x', 'index.js'), '');
  return Promise.resolve(RECORD);
};
/** Uses the result as a newly started worker does. */
async function useResult() {
  const cache = createPackageCache(root);
  return (await cache.find(KEY)) ?? cache.keep(KEY, fill);
}

test.each(['record.json', 'mount-0', 'mount-0/x/index.js'])(
  'a result that lost its %s is made again, and cached from then on',
  async (lostPath) => {
    await useResult();
    rmSync(join(root, KEY, lostPath), { recursive: true });
    for (const _ of [1, 2]) expect(await useResult()).toEqual({ folder: join(root, KEY), record: RECORD });
    expect(fillCount).toBe(2);
    expect(readdirSync(root)).toEqual([KEY]);
  },
);

test('a worker that makes a result at the same time as another uses the stored one, and replaces it if it is incomplete', async () => {
  const cache = createPackageCache(root);
  await Promise.all([cache.keep(KEY, fill), cache.keep(KEY, fill)]);
  rmSync(join(root, KEY, 'record.json'));
  expect(await cache.keep(KEY, fill)).toEqual({ folder: join(root, KEY), record: RECORD });
  expect(readdirSync(join(root, KEY)).sort()).toEqual(['mount-0', 'record.json']);
  expect(readdirSync(root)).toEqual([KEY]);
});

test('other users cannot list the cache, also if an earlier version made it readable', async () => {
  mkdirSync(root, { mode: 0o755 });
  await useResult();
  expect(statSync(root).mode & 0o066).toBe(0);
  if (process.getuid?.() !== 0) return;
  const { stdout, stderr } = spawnSync('/bin/ls', [root], { uid: 12_345, gid: 12_345, encoding: 'utf8' });
  expect([stdout, stderr]).toEqual(['', expect.stringMatching(/Permission denied/)]);
});

describe('the limit of the cache', () => {
  const MB = 1024 * 1024;
  const limit = { bytes: 2.5 * MB, inUseMs: 60_000 };
  const keyOf = (letter: string) => letter.repeat(64);
  const logLines: string[] = [];
  beforeEach(() => void (logLines.length = 0));
  const createLimitedCache = (bytes: number) => {
    const log = (line: string) => void logLines.push(line.replace(root, 'ROOT'));
    return createPackageCache(root, { ...limit, bytes, say: log, warn: log });
  };
  const fillMegabyte = (partialFolder: string) => {
    mkdirSync(join(partialFolder, 'mount-0'));
    writeFileSync(join(partialFolder, 'mount-0', 'big'), Buffer.alloc(MB));
    return Promise.resolve(RECORD);
  };
  async function storeResults(letters: string, unusedForS: number) {
    for (const [index, letter] of [...letters].entries()) {
      await createPackageCache(root).keep(keyOf(letter), fillMegabyte);
      const usedAt = Math.floor(Date.now() / 1_000) - unusedForS - (letters.length - index);
      utimesSync(join(root, keyOf(letter)), usedAt, usedAt);
    }
  }
  const cachedLetters = () => readdirSync(root).map((name) => name[0]);
  const waitForLog = () =>
    until(
      async () => logLines,
      (lines) => lines.length > 0,
    );
  const bytesOf = async (folder: string) => (await measureFolder(folder)).bytes;

  test('the results that were unused for the longest time are removed first, and that is logged', async () => {
    await storeResults('abc', 3_600);
    await createLimitedCache(2.5 * MB).keep(keyOf('d'), fillMegabyte);
    expect(await waitForLog()).toEqual([
      'package cache: 2 results (2 MB) removed that were unused for the longest time',
    ]);
    expect(cachedLetters()).toEqual(['c', 'd']);
  });

  test('a result that a run may still read stays, and a warning says that the limit is exceeded', async () => {
    await storeResults('ab', 30);
    await createLimitedCache(1.5 * MB).keep(keyOf('d'), fillMegabyte);
    const [line] = await waitForLog();
    expect(line).toMatch(/use 3 MB in ROOT, more than PACKAGE_CACHE_MB allows \(2 MB\)$/);
    expect(cachedLetters()).toEqual(['a', 'b', 'd']);
  });

  test('an unused result of an earlier version, without a recorded size, is removed without being measured', async () => {
    await storeResults('a', 3_600);
    writeFileSync(join(root, keyOf('a'), 'record.json'), JSON.stringify({ record: RECORD, entries: 2 }));
    utimesSync(join(root, keyOf('a')), 1, 1);
    await storeResults('b', 3_600);
    await createLimitedCache(10 * MB).keep(keyOf('d'), fillMegabyte);
    expect(await waitForLog()).toEqual([
      'package cache: 1 results (0 MB) removed that were unused for the longest time',
    ]);
    expect(cachedLetters()).toEqual(['b', 'd']);
  });

  test('several concurrent evictions together remove no more results than one eviction', async () => {
    await storeResults('abcdef', 3_600);
    const evictions = await Promise.all([1, 2, 3].map(() => evictOldResults(root, limit, bytesOf)));
    expect(cachedLetters()).toEqual(['e', 'f']);
    expect(evictions.reduce((sum, { removedCount }) => sum + removedCount, 0)).toBe(4);
    expect(evictions.flatMap(({ problems }) => problems)).toEqual([]);
  });

  test('a result that a build finds during an eviction stays', async () => {
    await storeResults('abc', 3_600);
    const measureAndFind = async (folder: string) => {
      const bytes = await bytesOf(folder);
      if (folder.endsWith(keyOf('a'))) await createPackageCache(root).find(keyOf('a'));
      return bytes;
    };
    await evictOldResults(root, { ...limit, bytes: MB / 2 }, measureAndFind);
    expect(cachedLetters()).toEqual(['a']);
  });

  test('files that results share by hard links count once', async () => {
    await storeResults('a', 3_600);
    mkdirSync(join(root, keyOf('b'), 'mount-0'), { recursive: true });
    linkSync(join(root, keyOf('a'), 'mount-0', 'big'), join(root, keyOf('b'), 'mount-0', 'big'));
    const { keptBytes } = await evictOldResults(root, limit, bytesOf);
    expect(keptBytes / MB).toBeCloseTo(1, 1);
  });
});
