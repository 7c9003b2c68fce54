/** Tests log and blame on real git (R6, R7). */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GitTimeout } from '../../../src/adapters/workspace/git';
import { readBlame, readLog } from '../../../src/adapters/workspace/log';
import { createRepositories } from '../../../src/adapters/workspace/repository';
import type { ProjectGit } from '../../../src/adapters/workspace/repository';
import type { TreeAt } from '../../../src/ports/workspace';
import { gitIn, makePlace, makeUpstream } from './git-fixture';

let place: ReturnType<typeof makePlace>;
let base: TreeAt;
const build = { projectId: 'shop', buildId: 'b1' };
const commitArgs = (name: string, date: string) => ['-c', `user.name=${name}`, 'commit', '-q', `--date=${date}`];

beforeAll(async () => {
  place = makePlace();
  const path = makeUpstream(place.folder, (folder) => {
    mkdirSync(join(folder, 'src'));
    writeFileSync(join(folder, 'src/a.js'), 'one\r\ntwo\r\n');
    writeFileSync(Buffer.from(join(folder, 'na\xefve.txt'), 'latin1'), 'x\n');
    writeFileSync(join(folder, 'data.bin'), Buffer.from([0, 1]));
    symlinkSync('src/a.js', join(folder, 'link.js'));
  });
  writeFileSync(join(path, 'src/a.js'), 'one\r\nTWO\r\n');
  gitIn(path, ...commitArgs('Ada Lovelace', '2024-03-02T23:30:00-08:00'), '-a', '-m', 'Shout | two\n\nbody');
  writeFileSync(join(path, 'b.txt'), 'b\n');
  gitIn(path, 'add', '-A');
  gitIn(path, ...commitArgs('Grace', '2025-01-01T00:00:00Z'), '-m', 'Add b');
  base = { ...build, ...(await place.workspace.prepare({ ...build, repository: { path } })) };
});
afterAll(() => place.remove());

test('R7: the log lists author, date and subject, newest first, in pages', async () => {
  const { commits, hasMore } = await place.workspace.log(base, { from: 1, count: 2 });
  expect(commits).toEqual([
    { commit: expect.stringMatching(/^[0-9a-f]{10}$/), date: '2025-01-01', author: 'Grace', subject: 'Add b' },
    { commit: expect.any(String), date: '2024-03-02', author: 'Ada Lovelace', subject: 'Shout | two' },
  ]);
  expect(hasMore).toBe(true);
  const nextPage = await place.workspace.log(base, { from: 3, count: 2 });
  expect(nextPage).toMatchObject({ commits: [{ subject: 'first' }], hasMore: false });
});

test.each([
  ['src/a.js', ['Shout | two', 'first']],
  ['src', ['Shout | two', 'first']],
  ['na\\xefve.txt', ['first']],
  ['--all', []],
  [':(glob)**', []],
  ['gone', []],
])('R7: the log of the path %j has only commits that change this path', async (path, subjects) => {
  const { commits } = await place.workspace.log(base, { path, from: 1, count: 9 });
  expect(commits.map(({ subject }) => subject)).toEqual(subjects);
});

test('R7: a path that no role may name is refused', async () => {
  const refusal = place.workspace.log(base, { path: '../x', from: 1, count: 9 });
  await expect(refusal).rejects.toMatchObject({ type: 'Workspace.PathRefused' });
});

test('R7: blame names the author of each line, also of lines that the build wrote', async () => {
  const blame = await place.workspace.blame(base, { path: 'src/a.js', from: 1, count: 100 });
  expect(blame).toMatchObject({
    total: 2,
    lines: [
      { line: 1, author: 'Person', text: 'one' },
      { line: 2, author: 'Ada Lovelace', date: '2024-03-02', text: 'TWO' },
    ],
  });
  const { commit } = await place.workspace.apply(base, [{ path: 'src/a.js', content: 'one\nthree\n' }], 'm');
  const { lines } = await place.workspace.blame({ ...base, commit }, { path: 'src/a.js', from: 2, count: 1 });
  expect(lines).toEqual([
    { commit: commit.slice(0, 10), date: expect.any(String), author: expect.any(String), line: 2, text: 'three' },
  ]);
  expect(await place.workspace.blame(base, { path: 'src/a.js', from: 3, count: 1 })).toEqual({ lines: [], total: 2 });
});

test.each(['data.bin', 'link.js', 'src', 'nosuch', '../x', '--porcelain'])(
  'R7: blame of %j is refused',
  async (path) => {
    const refusal = place.workspace.blame(base, { path, from: 1, count: 1 });
    await expect(refusal).rejects.toMatchObject({ type: 'Workspace.PathRefused' });
  },
);

test('R7: a log or blame that takes too long is ended, and the failure says so', async () => {
  const real = await createRepositories(place.root).open('shop');
  const slowCall = (...[args, options]: Parameters<ProjectGit>): ReturnType<ProjectGit> =>
    ['log', 'blame'].includes(args[0] ?? '') ? Promise.reject(new GitTimeout(null, '', 'late')) : real(args, options);
  const git = Object.assign(slowCall, { folder: real.folder, elsewhere: real.elsewhere });
  for (const reading of [
    readLog(git, base, { from: 1, count: 1 }),
    readBlame(git, base, { path: 'src/a.js', from: 1, count: 1 }),
  ])
    await expect(reading).rejects.toMatchObject({
      type: 'Workspace.TooLarge',
      message: expect.stringMatching(/^git (log|blame) took longer than 30 s; ask for less of it\.$/),
    });
});
