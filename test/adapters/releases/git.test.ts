/** Tests releases by git against real bare repositories: tag, branch, production branch, and rollback. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReleaseSettings } from '../../../src/ports/release-target';
import { createFileDocuments } from '../../../src/adapters/artifacts/documents';
import { createGitReleases } from '../../../src/adapters/releases/git';
import { createGitWorkspace } from '../../../src/adapters/workspace/git-workspace';

let place: string;
let remote: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'q-git-releases-'));
  remote = join(place, 'remotes/shop.git');
  mkdirSync(join(place, 'remotes'));
  git('init', '--quiet', '--bare', remote);
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

function git(...args: string[]): string {
  return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}
const remoteCommit = (ref: string): string | null => {
  try {
    return git('--git-dir', remote, 'rev-parse', '--verify', '--quiet', ref);
  } catch {
    return null;
  }
};
const target = (
  settings: Partial<ReleaseSettings<'git'>> = {},
  roots = [join(place, 'remotes')],
  checkpoint?: (name: string) => void,
) =>
  createGitReleases({
    checkpoint,
    ...{ root: join(place, 'releases'), documents: createFileDocuments(join(place, 'documents')), roots },
    ...{ repositories: join(place, 'repositories'), settings: { target: 'git', remote, ...settings } },
  });

/** Makes a commit in the project's repository, as a build does, and the order to deploy it. */
async function makeOrder(name: string, parent?: string) {
  const workspace = createGitWorkspace({ root: join(place, 'repositories') });
  const repo = { projectId: 'shop', buildId: `build-${name}` };
  const { commit: base } = await workspace.prepare(repo);
  const changes = [{ path: 'index.html', content: name }];
  const { commit } = await workspace.apply({ ...repo, commit: parent ?? base }, changes, name);
  const folder = join(place, `built-${name}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.html'), name);
  return { ...repo, turn: 5, id: name, folder, commit };
}

test('a release is an annotated tag, a branch of the build, and the production branch moved to its commit', async () => {
  const first = await makeOrder('a');
  const release = await target().deploy(first);
  expect(release).toMatchObject({ number: 1, previous: null, target: 'git' });
  expect(release.details).toMatchObject({ tag: 'shop/v1', branch: 'builds/build-a', pull_request: null });
  expect(release.details.pull_request_reason).toContain('git alone');
  expect(remoteCommit('refs/heads/production')).toBe(first.commit);
  expect(remoteCommit('refs/heads/builds/build-a')).toBe(first.commit);
  expect(git('--git-dir', remote, 'cat-file', '-t', 'refs/tags/shop/v1')).toBe('tag');
  expect(remoteCommit('refs/tags/shop/v1^{commit}')).toBe(first.commit);
  expect(await target().live('shop')).toMatchObject({
    release: { number: 1, commit: first.commit },
    says: 'release 1',
  });
});

test('a deploy with the same id pushes nothing new, and a restore moves the production branch back', async () => {
  const [first, second] = [await makeOrder('a'), await makeOrder('b')];
  await target().deploy(first);
  const deployed = await target({ branch: 'production' }).deploy(second);
  const tag = remoteCommit('refs/tags/shop/v2');
  expect(await target().deploy(second)).toEqual(deployed);
  expect(remoteCommit('refs/tags/shop/v2')).toBe(tag);
  for (let n = 0; n < 2; n += 1) await target().restore({ projectId: 'shop', id: 'b' });
  expect(remoteCommit('refs/heads/production')).toBe(first.commit);
  await target().restore({ projectId: 'shop', id: 'a' });
  expect(remoteCommit('refs/heads/production')).toBeNull();
});

test.each(['intent', 'tagged', 'tag-pushed', 'branch-pushed', 'locked', 'previous-noted', 'push', 'pushed', 'moved'])(
  'after a deploy died at %s one release is live, and the retry completes the deploy',
  async (at) => {
    const [first, second] = [await makeOrder('a'), await makeOrder('b')];
    await target().deploy(first);
    const dyingTarget = target({}, undefined, (name) => {
      if (name === at) throw new Error('killed');
    });
    await expect(dyingTarget.deploy(second)).rejects.toThrow('killed');
    expect([first.commit, second.commit]).toContain(remoteCommit('refs/heads/production'));
    expect(await target().deploy(second)).toMatchObject({ number: 2, previous: 1 });
    expect(remoteCommit('refs/heads/production')).toBe(second.commit);
    await target().restore({ projectId: 'shop', id: 'b' });
    expect(remoteCommit('refs/heads/production')).toBe(first.commit);
  },
);

test('the commit before the first release is restored, although only the remote had it', async () => {
  const clone = join(place, 'clone');
  git('clone', '--quiet', remote, clone);
  git('-C', clone, '-c', 'user.name=A', '-c', 'user.email=a@example.org', 'commit', '--allow-empty', '-qm', 'theirs');
  git('-C', clone, 'push', '--quiet', 'origin', 'HEAD:refs/heads/production');
  const foreignCommit = git('-C', clone, 'rev-parse', 'HEAD');
  expect(await target().live('shop')).toEqual({
    release: null,
    says: `${foreignCommit}, which is not a release of this project`,
  });
  await target().deploy(await makeOrder('a'));
  expect(remoteCommit('refs/heads/production')).not.toBe(foreignCommit);
  git('--git-dir', remote, 'gc', '--quiet', '--prune=now');
  await target().restore({ projectId: 'shop', id: 'a' });
  expect(remoteCommit('refs/heads/production')).toBe(foreignCommit);
});

test('one commit may have two releases, and undoing the second skips the first, which was undone', async () => {
  const first = await makeOrder('a');
  const second = await makeOrder('b');
  await target().deploy(first);
  await target().deploy(second);
  await target().restore({ projectId: 'shop', id: 'b' });
  await target().deploy({ ...second, id: 'b2', turn: 7 });
  expect((await target().live('shop'))?.says).toBe('release 3');
  await target().restore({ projectId: 'shop', id: 'b2' });
  expect(remoteCommit('refs/heads/production')).toBe(first.commit);
});

test('a production branch that another writer moves in the same moment is not changed', async () => {
  await target().deploy(await makeOrder('a'));
  const foreignCommit = remoteCommit('refs/heads/production') as string;
  const movedCommit = git(
    '--git-dir',
    remote,
    '-c',
    'user.name=A',
    '-c',
    'user.email=a@b.c',
    'commit-tree',
    `${foreignCommit}^{tree}`,
    '-m',
    'x',
  );
  const racingTarget = createGitReleases({
    ...{ root: join(place, 'releases'), documents: createFileDocuments(join(place, 'documents')) },
    ...{ repositories: join(place, 'repositories'), roots: [place], settings: { target: 'git' as const, remote } },
    checkpoint: (name) =>
      void (name === 'push' && git('--git-dir', remote, 'update-ref', 'refs/heads/production', movedCommit)),
  });
  await expect(racingTarget.deploy(await makeOrder('b'))).rejects.toThrow('moved by another writer');
  expect(remoteCommit('refs/heads/production')).toBe(movedCommit);
});

test('a restore does not undo a later release, and a release of a void turn never goes live', async () => {
  const [first, second] = [await makeOrder('a'), await makeOrder('b')];
  await target().deploy(first);
  await target().deploy(second);
  await target().restore({ projectId: 'shop', id: 'a' });
  expect(remoteCommit('refs/heads/production')).toBe(second.commit);
  await target().revoke({ projectId: 'shop', buildId: 'build-c', turn: 6 });
  await expect(target().deploy(await makeOrder('c'))).rejects.toMatchObject({ type: 'Release.Void' });
  expect(remoteCommit('refs/heads/production')).toBe(second.commit);
});

test.each([
  ['outside the roots', { remote: '/etc' }, 'REPOSITORY_ROOTS'],
  ['with an option for a name', { remote: '--upload-pack=touch' }, 'URL or an absolute path'],
  ['of a protocol that runs programs', { remote: 'ext::sh -c id' }, 'URL or an absolute path'],
])('a remote %s is refused', async (_, settings, why) => {
  await expect(target(settings).deploy(await makeOrder('a'))).rejects.toMatchObject({
    type: 'Release.Refused',
    message: expect.stringContaining(why),
  });
});

test.each(['a..b', '-x', 'a b', '+a', 'a:b', 'a/', 'x.lock'])('the branch name %j is refused', (branch) => {
  expect(() => target({ branch })).toThrow('is not a valid branch name');
});

test('an existing tag of that name is not overwritten, and nothing goes live', async () => {
  const otherOrder = await makeOrder('x');
  git(
    '--git-dir',
    join(place, 'repositories/shop.git'),
    'push',
    '-q',
    remote,
    `${otherOrder.commit}:refs/tags/shop/v1`,
  );
  await expect(target().deploy(await makeOrder('a'))).rejects.toMatchObject({ type: 'Release.Refused' });
  expect(remoteCommit('refs/heads/production')).toBeNull();
});

test('hooks of a remote on this machine do not run', async () => {
  const hook = join(remote, 'hooks/post-receive');
  mkdirSync(join(remote, 'hooks'), { recursive: true });
  writeFileSync(hook, `#!/bin/sh\ntouch ${place}/ran\n`, { mode: 0o755 });
  await target().deploy(await makeOrder('a'));
  expect(() => rmSync(join(place, 'ran'))).toThrow('ENOENT');
});

const LINKED_REMOTES: Array<[what: string, make: () => void, expectedText: RegExp]> = [
  [
    'objects that are a link',
    () => {
      renameSync(join(remote, 'objects'), join(place, 'outside/objects'));
      symlinkSync(join(place, 'outside/objects'), join(remote, 'objects'));
    },
    /its objects/,
  ],
  [
    'branches that are a link',
    () => {
      renameSync(join(remote, 'refs'), join(place, 'outside/refs'));
      symlinkSync(join(place, 'outside/refs'), join(remote, 'refs'));
    },
    /the link "refs"/,
  ],
  [
    'a .git file that leads elsewhere',
    () => {
      renameSync(remote, join(place, 'outside/shop.git'));
      mkdirSync(remote);
      writeFileSync(join(remote, '.git'), `gitdir: ${join(place, 'outside/shop.git')}\n`);
    },
    /its git folder/,
  ],
];

test.each(LINKED_REMOTES)(
  'S16: a remote inside the roots is refused if it has %s to outside',
  async (_, make, expectedText) => {
    const first = await makeOrder('a');
    mkdirSync(join(place, 'outside'));
    make();
    const deployment = target().deploy(first);
    await expect(deployment).rejects.toMatchObject({ type: 'Release.Refused' });
    await expect(deployment).rejects.toThrow(expectedText);
    await expect(deployment).rejects.toThrow(/REPOSITORY_ROOTS/);
    const paths = readdirSync(join(place, 'outside'), { recursive: true }).map(String);
    expect(paths.filter((path) => /production|builds|[0-9a-f]{38}$/.test(path))).toEqual([]);
  },
);
