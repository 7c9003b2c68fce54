/** Tests the delivery of a result as a branch of the user's repository: one ref, and nothing else changes (R20). */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TreeAt } from '../../../src/ports/workspace';
import { gitIn, makePlace, makeUpstream } from './git-fixture';
import { asRoot } from '../../as-root';

const BRANCH = 'builds/shop.b1';
const build = { projectId: 'shop', buildId: 'b1' };
let place: ReturnType<typeof makePlace>;
let path: string;
let result: TreeAt;
beforeEach(async () => {
  place = makePlace();
  path = makeUpstream(place.folder, (folder) => writeFileSync(join(folder, 'a.txt'), 'one\n'));
  const base = { ...build, ...(await place.workspace.prepare({ ...build, repository: { path } })) };
  result = { ...build, ...(await place.workspace.apply(base, [{ path: 'a.txt', content: 'two\n' }], 'work')) };
});
afterEach(() => place.remove());

const deliver = (at = result, options: { branch?: string; push?: boolean } = {}) =>
  place.workspace.deliver(at, { repository: { path }, branch: BRANCH, push: false, ...options });
const listing = () =>
  execFileSync('find', [path, '-not', '-path', '*/.git/objects*', '-type', 'f', '-printf', '%P %T@ %s\n'], {
    encoding: 'utf8',
  }).split('\n');

test('R20: only the branch and its objects are new, and a second delivery changes nothing', async () => {
  writeFileSync(join(path, 'a.txt'), 'being edited\n');
  const filesBefore = listing();
  expect(await deliver()).toEqual({ kind: 'written', branch: BRANCH, commit: result.commit, place: path });
  const newFiles = listing().filter((line) => !filesBefore.includes(line));
  expect(newFiles.map((line) => line.split(' ')[0]).sort()).toEqual([
    `.git/logs/refs/heads/${BRANCH}`,
    `.git/refs/heads/${BRANCH}`,
  ]);
  expect(filesBefore.filter((line) => !listing().includes(line))).toEqual([]);
  expect(gitIn(path, 'show', `${BRANCH}:a.txt`)).toBe('two');
  expect(gitIn(path, 'fsck', '--strict')).toBe('');
  expect(readFileSync(join(path, 'a.txt'), 'utf8')).toBe('being edited\n');
  expect(await deliver()).toMatchObject({ kind: 'written' });
});

test('R20: an existing branch is not moved, and the reason names it', async () => {
  gitIn(path, 'branch', BRANCH);
  const head = gitIn(path, 'rev-parse', 'HEAD');
  const delivery = await deliver();
  expect(delivery).toMatchObject({ kind: 'not_written' });
  expect(JSON.stringify(delivery)).toContain(`has a branch ${BRANCH} already, at ${head.slice(0, 12)}`);
  expect(gitIn(path, 'rev-parse', BRANCH)).toBe(head);
});

test('R20: if a branch has the name of the folder of the new branch, the reason names it', async () => {
  gitIn(path, 'branch', 'builds');
  expect(await deliver()).toMatchObject({ kind: 'not_written', reason: expect.stringContaining('refs/heads/builds') });
});

test('R20: no hook of the repository runs', async () => {
  for (const hook of [
    'pre-receive',
    'update',
    'post-receive',
    'post-update',
    'reference-transaction',
    'push-to-checkout',
  ]) {
    writeFileSync(join(path, '.git/hooks', hook), `#!/bin/sh\ntouch ${place.folder}/ran\n`);
    chmodSync(join(path, '.git/hooks', hook), 0o755);
  }
  expect(await deliver()).toMatchObject({ kind: 'written' });
  expect(existsSync(join(place.folder, 'ran'))).toBe(false);
});

test('R20: no branch is written to a missing repository', async () => {
  execFileSync('mv', [path, `${path}-moved`]);
  expect(await deliver().catch((error: Error) => error)).toMatchObject({ kind: 'not_written' });
});

test('R20: a folder inside a repository delivers to that repository', async () => {
  mkdirSync(join(path, 'below'));
  const repository = { path: join(path, 'below') };
  const delivery = await place.workspace.deliver(result, { repository, branch: BRANCH, push: false });
  expect(delivery).toEqual({ kind: 'written', branch: BRANCH, commit: result.commit, place: repository.path });
  expect(gitIn(path, 'rev-parse', BRANCH)).toBe(result.commit);
});

test.each(['-x', 'a..b', 'a b', 'x.lock', 'refs/../x', '/a', 'a/'])(
  'R20: %j is not a valid branch name',
  async (branch) => {
    expect(await deliver(result, { branch })).toMatchObject({ kind: 'not_written' });
  },
);

asRoot('R20: in a repository of another user, all new files belong to that user', async () => {
  execFileSync('chown', ['-R', '12345:12345', path]);
  chmodSync(place.folder, 0o755);
  expect(await deliver()).toMatchObject({ kind: 'written' });
  expect(statSync(join(path, '.git/refs/heads', BRANCH)).uid).toBe(12345);
  const foreign = execFileSync('find', [path, '-not', '-uid', '12345'], { encoding: 'utf8' });
  expect(foreign).toBe('');
});
