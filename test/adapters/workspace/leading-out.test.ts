/** S16: tests repositories inside the roots that keep a part outside: git neither reads nor writes that part. */
import { appendFileSync, cpSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGitWorkspace } from '../../../src/adapters/workspace/git-workspace';
import { gitIn, makePlace } from './git-fixture';

let place: ReturnType<typeof makePlace>;
beforeEach(() => (place = makePlace()));
afterEach(() => place.remove());

const insideRoots = (...names: string[]) => join(place.folder, 'roots', ...names);
const outsideRoots = (...names: string[]) => join(place.folder, 'elsewhere', ...names);
const workspace = () => createGitWorkspace({ root: place.root, roots: [insideRoots()] });
const prepare = (path: string, buildId = 'b1') =>
  workspace().prepare({ projectId: 'shop', buildId, repository: { path } });

function makeRepository(path: string, text = 'text'): string {
  mkdirSync(path, { recursive: true });
  gitIn(path, 'init', '--quiet', '--initial-branch=main');
  writeFileSync(join(path, 'file.txt'), `${text}\n`);
  gitIn(path, 'add', '-A');
  gitIn(path, 'commit', '--quiet', '-m', 'first');
  return path;
}

/** Moves a part of the repository's git folder to outside, and puts a link in its place. */
function moveOutside(path: string, part: string, target = outsideRoots()): void {
  mkdirSync(target, { recursive: true });
  renameSync(join(path, '.git', part), join(target, 'part'));
  symlinkSync(join(target, 'part'), join(path, '.git', part));
}

const OUTSIDE_PARTS: Array<[what: string, make: (path: string) => void, expectedText: RegExp]> = [
  [
    'a .git file that leads to a repository outside',
    (path) => {
      makeRepository(outsideRoots('secret'));
      mkdirSync(path);
      writeFileSync(join(path, '.git'), `gitdir: ${outsideRoots('secret', '.git')}\n`);
    },
    /its git folder/,
  ],
  [
    'a .git that is a link',
    (path) => {
      makeRepository(outsideRoots('secret'));
      mkdirSync(path);
      symlinkSync(outsideRoots('secret', '.git'), join(path, '.git'));
    },
    /its git folder/,
  ],
  [
    'a commondir outside',
    (path) => {
      makeRepository(outsideRoots('secret'));
      makeRepository(path);
      writeFileSync(join(path, '.git/commondir'), `${outsideRoots('secret', '.git')}\n`);
    },
    /its common git folder/,
  ],
  [
    'alternates outside',
    (path) => {
      makeRepository(outsideRoots('secret'));
      gitIn(place.folder, 'clone', '--quiet', '--shared', outsideRoots('secret'), path);
    },
    /an alternate of its objects/,
  ],
  [
    'alternates of alternates outside, by a relative path',
    (path) => {
      makeRepository(outsideRoots('secret'));
      gitIn(place.folder, 'clone', '--quiet', '--bare', '--shared', outsideRoots('secret'), insideRoots('between.git'));
      gitIn(place.folder, 'clone', '--quiet', '--bare', insideRoots('between.git'), `${path}.git`);
      makeRepository(path);
      appendFileSync(join(path, '.git/objects/info/alternates'), '# a remark\n../../../between.git/objects\n');
    },
    /an alternate of its objects/,
  ],
  [
    'alternates in quotes',
    (path) => {
      makeRepository(outsideRoots('secret'));
      makeRepository(path);
      const quoted = `"${outsideRoots('secret', '.git/objects').replace('elsewhere', '\\145lsewhere')}"\n`;
      writeFileSync(join(path, '.git/objects/info/alternates'), quoted);
    },
    /an alternate of its objects/,
  ],
  ['objects that are a link', (path) => moveOutside(makeRepository(path), 'objects'), /its objects/],
  [
    'one folder of objects that is a link',
    (path) =>
      moveOutside(makeRepository(path), join('objects', readdirSync(join(path, '.git/objects')).sort()[0] ?? '')),
    /the link "objects\/[0-9a-f]{2}"/,
  ],
  ['refs that are a link', (path) => moveOutside(makeRepository(path), 'refs/heads'), /the link "refs\/heads"/],
  [
    'contents of LFS that are a link',
    (path) => {
      mkdirSync(join(makeRepository(path), '.git/lfs/objects'), { recursive: true });
      moveOutside(path, 'lfs/objects');
    },
    /the link "lfs\/objects"/,
  ],
];

test.each(OUTSIDE_PARTS)(
  'S16: for %s the failure names the part, and no branch is delivered',
  async (_what, make, expectedText) => {
    mkdirSync(insideRoots());
    const path = insideRoots('shop');
    make(path);
    const refusal = prepare(path);
    await expect(refusal).rejects.toMatchObject({ type: 'Workspace.RepositoryUnreadable' });
    await expect(refusal).rejects.toThrow(expectedText);
    await expect(refusal).rejects.toThrow(/REPOSITORY_ROOTS/);
    // This build began before the part was moved to outside.
    const ownRepository = makeRepository(insideRoots('honest'), 'honest');
    const { commit } = await prepare(ownRepository, 'b2');
    const order = { repository: { path }, branch: 'builds/shop.b2', push: false };
    const delivery = await workspace().deliver({ projectId: 'shop', buildId: 'b2', commit }, order);
    expect(delivery).toMatchObject({ kind: 'not_written', reason: expect.stringMatching(expectedText) });
  },
);

test('S16: a core.worktree outside of the roots is refused', async () => {
  const path = makeRepository(insideRoots('shop'));
  gitIn(path, 'config', 'core.worktree', place.folder);
  await expect(prepare(path)).rejects.toThrow(/REPOSITORY_ROOTS/);
});

test('S16: a submodule whose clone is a link to outside is not fetched', async () => {
  const secret = makeRepository(outsideRoots('secret'), 'secret');
  const path = makeRepository(insideRoots('shop'));
  writeFileSync(join(path, '.gitmodules'), '[submodule "lib"]\n\tpath = lib\n\turl = ./nowhere\n');
  gitIn(path, 'add', '.gitmodules');
  gitIn(path, 'update-index', '--add', '--cacheinfo', `160000,${gitIn(secret, 'rev-parse', 'HEAD')},lib`);
  gitIn(path, 'commit', '--quiet', '-m', 'with a submodule');
  mkdirSync(join(path, 'lib'));
  symlinkSync(join(secret, '.git'), join(path, 'lib/.git'));
  await expect(prepare(path)).rejects.toThrow(/"lib" cannot be had.*REPOSITORY_ROOTS/);
});

test('S16: a worktree, alternates and links inside the roots work', async () => {
  const main = makeRepository(insideRoots('main'));
  gitIn(main, 'worktree', 'add', '--quiet', '-b', 'other', insideRoots('tree'));
  gitIn(place.folder, 'clone', '--quiet', '--shared', main, insideRoots('shared'));
  const linked = makeRepository(insideRoots('linked'));
  moveOutside(linked, 'objects', insideRoots('aside'));
  cpSync(main, insideRoots('copy'), { recursive: true });
  symlinkSync('/nonexistent/hook', insideRoots('copy', '.git/hooks/pre-commit'));
  for (const [index, name] of ['tree', 'shared', 'linked', 'copy'].entries()) {
    const { commit } = await prepare(insideRoots(name), `b${index}`);
    const order = { repository: { path: insideRoots(name) }, branch: `builds/shop.b${index}`, push: false };
    const at = { projectId: 'shop', buildId: `b${index}`, commit };
    expect(await workspace().deliver(at, order)).toMatchObject({ kind: 'written', commit });
  }
});

test('S16: with an empty list of roots, all parts of a repository must be in its own folder', async () => {
  const rootless = createGitWorkspace({ root: place.root, roots: [] });
  const ownRepository = makeRepository(insideRoots('own'));
  expect(
    (await rootless.prepare({ projectId: 'shop', buildId: 'own', repository: { path: ownRepository } })).commit,
  ).toMatch(/^\w{40}$/);
  mkdirSync(insideRoots('shop'));
  writeFileSync(join(insideRoots('shop'), '.git'), `gitdir: ${join(ownRepository, '.git')}\n`);
  const preparation = rootless.prepare({
    projectId: 'shop',
    buildId: 'other',
    repository: { path: insideRoots('shop') },
  });
  await expect(preparation).rejects.toThrow(/its git folder/);
});
