/** Tests the base of a build: an empty commit, or one of a repository that is only read. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gitIn, makePlace, makeUpstream } from './git-fixture';
import { asRoot } from '../../as-root';

let place: ReturnType<typeof makePlace>;
beforeEach(() => (place = makePlace()));
afterEach(() => place.remove());

const build = { projectId: 'shop', buildId: 'b1' };

test('a new build starts from an empty commit, and ten concurrent builds get the same one', async () => {
  const bases = await Promise.all(
    Array.from({ length: 10 }, (_, n) => place.workspace.prepare({ projectId: 'shop', buildId: `b${n % 3}` })),
  );
  expect(new Set(bases.map(({ commit }) => commit)).size).toBe(1);
  expect(await place.workspace.list({ ...build, commit: bases[0]!.commit })).toEqual([]);
});

test("a build starts from the repository's commit, and a retry keeps it although the repository has a new one", async () => {
  const path = makeUpstream(place.folder, (folder) => writeFileSync(join(folder, 'a.txt'), 'one'));
  const first = await place.workspace.prepare({ ...build, repository: { path } });
  expect(first.commit).toBe(gitIn(path, 'rev-parse', 'HEAD'));
  gitIn(path, 'commit', '--quiet', '--allow-empty', '-m', 'second');
  expect(await place.workspace.prepare({ ...build, repository: { path } })).toEqual(first);
  expect(await place.workspace.prepare({ ...build, buildId: 'b2', repository: { path } })).not.toEqual(first);
});

test('base_ref may be a branch, a tag or a commit id', async () => {
  const path = makeUpstream(place.folder, (folder) => writeFileSync(join(folder, 'a.txt'), 'one'));
  const commit = gitIn(path, 'rev-parse', 'HEAD');
  gitIn(path, 'tag', '-a', 'v1', '-m', 'v1');
  gitIn(path, 'branch', 'feature/x');
  for (const [index, baseRef] of ['feature/x', 'v1', 'refs/tags/v1', commit].entries()) {
    const repository = { path, baseRef };
    expect(await place.workspace.prepare({ projectId: 'shop', buildId: `r${index}`, repository })).toEqual({ commit });
  }
});

test('hooks and settings of the repository do not run, and nothing is written into it', async () => {
  const mark = join(place.folder, 'ran');
  const path = makeUpstream(place.folder, (folder) => writeFileSync(join(folder, 'a.txt'), 'one'));
  const script = join(place.folder, 'evil');
  writeFileSync(script, `#!/bin/sh\ntouch ${mark}\n`);
  chmodSync(script, 0o755);
  for (const hook of ['pre-commit', 'post-checkout', 'reference-transaction', 'post-update']) {
    execFileSync('cp', [script, join(path, '.git/hooks', hook)]);
  }
  const settings = ['core.fsmonitor', 'uploadpack.packObjectsHook', 'core.sshCommand', 'diff.external', 'core.pager'];
  for (const name of settings) gitIn(path, 'config', name, script);
  const listing = () => execFileSync('find', [path, '-printf', '%p %T@ %s\n'], { encoding: 'utf8' });
  const listingBefore = listing();
  const { commit } = await place.workspace.prepare({ ...build, repository: { path } });
  const target = join(place.folder, 'out');
  mkdirSync(target);
  await place.workspace.checkout({ ...build, commit }, target);
  expect(existsSync(mark)).toBe(false);
  expect(listing()).toBe(listingBefore);
});

asRoot('a repository of another user is read, too', async () => {
  const path = makeUpstream(place.folder, (folder) => writeFileSync(join(folder, 'a.txt'), 'one'));
  execFileSync('chown', ['-R', '12345:12345', path]);
  await expect(place.workspace.prepare({ ...build, repository: { path } })).resolves.toHaveProperty('commit');
});

test.each([
  [{ path: '/nowhere/at/all' }, '"/nowhere/at/all" is not a folder'],
  [{ path: 'relative' }, '"relative" is not a folder'],
  [{ path: '/usr' }, '"/usr" could not be read as a git repository'],
  [{ url: 'ext::sh -c touch% /tmp/x' }, 'is not a repository URL'],
  [{ url: 'file:///etc' }, 'is not a repository URL'],
  [{ url: 'http://example.invalid/x' }, 'is not a repository URL'],
  [{ url: 'https://-oProxyCommand=x/y' }, 'is not a repository URL'],
  [{ url: '--upload-pack=touch /tmp/x' }, 'is not a repository URL'],
])('the repository %j is refused, and the failure names it and the remedy', async (repository, message) => {
  const refusal = place.workspace.prepare({ ...build, repository });
  await expect(refusal).rejects.toMatchObject({ type: 'Workspace.RepositoryUnreadable' });
  await expect(refusal).rejects.toThrow(message);
  await expect(refusal).rejects.toThrow(/(Give|Check) /);
});

test.each(['nosuch', '--upload-pack=x', 'a:refs/heads/main', '+main', 'a..b', 'main~1', 'a b', 'f'.repeat(40)])(
  'the base_ref %j is refused, and the failure names it',
  async (baseRef) => {
    const path = makeUpstream(place.folder, (folder) => writeFileSync(join(folder, 'a.txt'), 'one'));
    const refusal = place.workspace.prepare({ ...build, repository: { path, baseRef } });
    await expect(refusal).rejects.toMatchObject({ type: 'Workspace.RepositoryUnreadable' });
    await expect(refusal).rejects.toThrow(JSON.stringify(baseRef));
  },
);

test('a repository without a commit is refused', async () => {
  const path = join(place.folder, 'empty');
  mkdirSync(path);
  gitIn(path, 'init', '--quiet');
  await expect(place.workspace.prepare({ ...build, repository: { path } })).rejects.toThrow('has no commit at "HEAD"');
});

test.each(['../x', 'a/b', '', 'a.b', 'x'.repeat(65)])('the id %j is refused', async (id) => {
  await expect(place.workspace.prepare({ projectId: id, buildId: 'b' })).rejects.toThrow('not a project id');
  await expect(place.workspace.prepare({ projectId: 'p', buildId: id })).rejects.toThrow('not a build id');
});
