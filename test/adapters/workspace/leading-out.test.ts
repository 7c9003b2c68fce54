/** S16: a repository inside the roots that keeps a part outside: nothing outside is read or written. */
import { appendFileSync, cpSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGitWorkspace } from '../../../src/adapters/workspace/git-workspace';
import { gitIn, makePlace } from './git-fixture';

let place: ReturnType<typeof makePlace>;
beforeEach(() => (place = makePlace()));
afterEach(() => place.remove());

const inside = (...names: string[]) => join(place.folder, 'roots', ...names);
const outside = (...names: string[]) => join(place.folder, 'elsewhere', ...names);
const workspace = () => createGitWorkspace({ root: place.root, roots: [inside()] });
const prepare = (path: string, buildId = 'b1') =>
  workspace().prepare({ projectId: 'shop', buildId, repository: { path } });

function repository(path: string, text = 'text'): string {
  mkdirSync(path, { recursive: true });
  gitIn(path, 'init', '--quiet', '--initial-branch=main');
  writeFileSync(join(path, 'file.txt'), `${text}\n`);
  gitIn(path, 'add', '-A');
  gitIn(path, 'commit', '--quiet', '-m', 'first');
  return path;
}

/** Moves a part of the repository's git folder to outside, and puts a link in its place. */
function linkOut(path: string, part: string, to = outside()): void {
  mkdirSync(to, { recursive: true });
  renameSync(join(path, '.git', part), join(to, 'part'));
  symlinkSync(join(to, 'part'), join(path, '.git', part));
}

const WAYS_OUT: Array<[what: string, make: (path: string) => void, named: RegExp]> = [
  [
    'a .git file that leads to a repository outside',
    (path) => {
      repository(outside('secret'));
      mkdirSync(path);
      writeFileSync(join(path, '.git'), `gitdir: ${outside('secret', '.git')}\n`);
    },
    /its git folder/,
  ],
  [
    'a .git that is a link',
    (path) => {
      repository(outside('secret'));
      mkdirSync(path);
      symlinkSync(outside('secret', '.git'), join(path, '.git'));
    },
    /its git folder/,
  ],
  [
    'a commondir outside',
    (path) => {
      repository(outside('secret'));
      repository(path);
      writeFileSync(join(path, '.git/commondir'), `${outside('secret', '.git')}\n`);
    },
    /its common git folder/,
  ],
  [
    'alternates outside',
    (path) => {
      repository(outside('secret'));
      gitIn(place.folder, 'clone', '--quiet', '--shared', outside('secret'), path);
    },
    /an alternate of its objects/,
  ],
  [
    'alternates of alternates outside, by a relative path',
    (path) => {
      repository(outside('secret'));
      gitIn(place.folder, 'clone', '--quiet', '--bare', '--shared', outside('secret'), inside('between.git'));
      gitIn(place.folder, 'clone', '--quiet', '--bare', inside('between.git'), `${path}.git`);
      repository(path);
      appendFileSync(join(path, '.git/objects/info/alternates'), '# a remark\n../../../between.git/objects\n');
    },
    /an alternate of its objects/,
  ],
  [
    'alternates in quotes',
    (path) => {
      repository(outside('secret'));
      repository(path);
      const quoted = `"${outside('secret', '.git/objects').replace('elsewhere', '\\145lsewhere')}"\n`;
      writeFileSync(join(path, '.git/objects/info/alternates'), quoted);
    },
    /an alternate of its objects/,
  ],
  ['objects that are a link', (path) => linkOut(repository(path), 'objects'), /its objects/],
  [
    'one folder of objects that is a link',
    (path) => linkOut(repository(path), join('objects', readdirSync(join(path, '.git/objects')).sort()[0] ?? '')),
    /the link "objects\/[0-9a-f]{2}"/,
  ],
  ['refs that are a link', (path) => linkOut(repository(path), 'refs/heads'), /the link "refs\/heads"/],
  [
    'contents of LFS that are a link',
    (path) => {
      mkdirSync(join(repository(path), '.git/lfs/objects'), { recursive: true });
      linkOut(path, 'lfs/objects');
    },
    /the link "lfs\/objects"/,
  ],
];

test.each(WAYS_OUT)(
  'S16: for %s the failure names the part, and no branch is delivered',
  async (_what, make, named) => {
    mkdirSync(inside());
    const path = inside('shop');
    make(path);
    const refused = prepare(path);
    await expect(refused).rejects.toMatchObject({ type: 'Workspace.RepositoryUnreadable' });
    await expect(refused).rejects.toThrow(named);
    await expect(refused).rejects.toThrow(/REPOSITORY_ROOTS/);
    // This build began before the part was moved to outside.
    const honest = repository(inside('honest'), 'honest');
    const { commit } = await prepare(honest, 'b2');
    const order = { repository: { path }, branch: 'builds/shop.b2', push: false };
    const delivered = await workspace().deliver({ projectId: 'shop', buildId: 'b2', commit }, order);
    expect(delivered).toMatchObject({ kind: 'not_written', reason: expect.stringMatching(named) });
  },
);

test('S16: a core.worktree outside of the roots is refused', async () => {
  const path = repository(inside('shop'));
  gitIn(path, 'config', 'core.worktree', place.folder);
  await expect(prepare(path)).rejects.toThrow(/REPOSITORY_ROOTS/);
});

test('S16: a submodule whose clone is a link to outside is not fetched', async () => {
  const secret = repository(outside('secret'), 'secret');
  const path = repository(inside('shop'));
  writeFileSync(join(path, '.gitmodules'), '[submodule "lib"]\n\tpath = lib\n\turl = ./nowhere\n');
  gitIn(path, 'add', '.gitmodules');
  gitIn(path, 'update-index', '--add', '--cacheinfo', `160000,${gitIn(secret, 'rev-parse', 'HEAD')},lib`);
  gitIn(path, 'commit', '--quiet', '-m', 'with a submodule');
  mkdirSync(join(path, 'lib'));
  symlinkSync(join(secret, '.git'), join(path, 'lib/.git'));
  await expect(prepare(path)).rejects.toThrow(/"lib" cannot be had.*REPOSITORY_ROOTS/);
});

test('S16: a worktree, alternates and links inside the roots work', async () => {
  const main = repository(inside('main'));
  gitIn(main, 'worktree', 'add', '--quiet', '-b', 'other', inside('tree'));
  gitIn(place.folder, 'clone', '--quiet', '--shared', main, inside('shared'));
  const linked = repository(inside('linked'));
  linkOut(linked, 'objects', inside('aside'));
  cpSync(main, inside('copy'), { recursive: true });
  symlinkSync('/nonexistent/hook', inside('copy', '.git/hooks/pre-commit'));
  for (const [index, name] of ['tree', 'shared', 'linked', 'copy'].entries()) {
    const { commit } = await prepare(inside(name), `b${index}`);
    const order = { repository: { path: inside(name) }, branch: `builds/shop.b${index}`, push: false };
    const at = { projectId: 'shop', buildId: `b${index}`, commit };
    expect(await workspace().deliver(at, order)).toMatchObject({ kind: 'written', commit });
  }
});

test('S16: with an empty list of roots, all parts of a repository must be in its own folder', async () => {
  const rootless = createGitWorkspace({ root: place.root, roots: [] });
  const own = repository(inside('own'));
  expect((await rootless.prepare({ projectId: 'shop', buildId: 'own', repository: { path: own } })).commit).toMatch(
    /^\w{40}$/,
  );
  mkdirSync(inside('shop'));
  writeFileSync(join(inside('shop'), '.git'), `gitdir: ${join(own, '.git')}\n`);
  const asked = rootless.prepare({ projectId: 'shop', buildId: 'other', repository: { path: inside('shop') } });
  await expect(asked).rejects.toThrow(/its git folder/);
});
