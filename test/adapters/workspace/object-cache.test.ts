/**
 * Tests that git is called once for facts about commits, and each time for other facts and after failures.
 */
import { cachedAnswer, cachedBlob, cachedTree, cacheBlob } from '../../../src/adapters/workspace/object-cache';

const [A, B] = ['a', 'b'].map((digit) => digit.repeat(40)) as [string, string];
let folders = 0;
/** Makes a git that records its calls, for a repository of its own. */
function createRecordingGit() {
  const calls: string[][] = [];
  const git = cachedAnswer((args) => {
    calls.push(args);
    if (args.includes('fails')) return Promise.reject(new Error('no such object'));
    return Promise.resolve({ stdout: Buffer.from(args.join(' ')), exitCode: 0, wasCut: false });
  });
  folders += 1;
  return { git, calls, folder: `--git-dir=/r${folders}` };
}

test.each([
  ['the diff of two commits', ['diff-tree', '-r', A, B]],
  ['the tree of a commit', ['rev-parse', '--verify', `${A}^{tree}`]],
])('git is asked once for %s', async (_what, args) => {
  const { git, calls, folder } = createRecordingGit();
  const first = await git([folder, ...args]);
  expect(await git([folder, ...args])).toEqual(first);
  expect(calls).toHaveLength(1);
});

test.each<[string, string[], object]>([
  ['a ref', ['rev-parse', '--verify', 'refs/heads/builds/b1'], {}],
  ['a diff with a ref', ['diff-tree', A, 'refs/heads/builds/b1'], {}],
  ['a diff with data on stdin', ['diff-tree', A, B], { stdin: 'x' }],
  ['a diff with an index', ['diff-tree', A, B], { env: { GIT_INDEX_FILE: 'x' } }],
  ['a command that writes', ['commit-tree', A, '-p', B], {}],
])('git is asked each time for %s', async (_what, args, call) => {
  const { git, calls, folder } = createRecordingGit();
  await git([folder, ...args], call);
  await git([folder, ...args], call);
  expect(calls).toHaveLength(2);
});

test('another repository or another limit has its own cache entry', async () => {
  const [firstGit, secondGit] = [createRecordingGit(), createRecordingGit()];
  await firstGit.git([firstGit.folder, 'diff-tree', A, B]);
  await firstGit.git([firstGit.folder, 'diff-tree', A, B], { maxBytes: 10, cut: true });
  expect(firstGit.calls).toHaveLength(2);
  await secondGit.git([secondGit.folder, 'diff-tree', A, B]);
  expect(secondGit.calls).toHaveLength(1);
});

test('a failure is not cached', async () => {
  const { git, calls, folder } = createRecordingGit();
  const ask = () => git([folder, 'diff-tree', A, B, '--', 'fails']);
  await expect(ask()).rejects.toThrow('no such object');
  await expect(ask()).rejects.toThrow('no such object');
  expect(calls).toHaveLength(2);
});

test('a list of entries is a copy, so that sorting it does not change the cache', async () => {
  const read = () => Promise.resolve([1, 2, 3]);
  const first = await cachedTree('/r', A, read);
  first.reverse();
  expect(await cachedTree('/r', A, read)).toEqual([1, 2, 3]);
});

test('a blob is cached for its repository only, and a large one is not cached', () => {
  cacheBlob('/r', A, Buffer.from('text'));
  expect(cachedBlob('/r', A)?.toString()).toBe('text');
  expect(cachedBlob('/other', A)).toBeUndefined();
  cacheBlob('/r', B, Buffer.alloc(300_000));
  expect(cachedBlob('/r', B)).toBeUndefined();
});
