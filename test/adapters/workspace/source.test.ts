/** Tests repositories of users in many states: each is fetched as it is, or refused with the true reason (R11, R14, R15). */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RepositorySource } from '../../../src/ports/workspace';
import { createGitWorkspace } from '../../../src/adapters/workspace/git-workspace';
import { gitIn, makePlace, makeUpstream } from './git-fixture';

let place: ReturnType<typeof makePlace>;
beforeEach(() => (place = makePlace()));
afterEach(() => place.remove());

const build = { projectId: 'shop', buildId: 'b1' };
const makeRepository = () =>
  makeUpstream(place.folder, (folder) => {
    writeFileSync(join(folder, 'a.txt'), 'one\n');
    mkdirSync(join(folder, 'backend'));
    writeFileSync(join(folder, 'backend/b.txt'), 'two\n');
  });
const prepareBase = async (repository: RepositorySource) => ({
  ...build,
  ...(await place.workspace.prepare({ ...build, repository })),
});
const sourceOf = async (repository: RepositorySource) =>
  (await place.workspace.facts(await prepareBase(repository))).source;
async function checkOut(at: { projectId: string; buildId: string; commit: string }): Promise<string> {
  const folder = mkdtempSync(join(place.folder, 'out-'));
  await place.workspace.checkout(at, folder);
  return folder;
}

test('R15: uncommitted files are counted and not changed, and no filter of the repository runs', async () => {
  const path = makeRepository();
  const mark = join(place.folder, 'ran');
  gitIn(path, 'config', 'filter.evil.clean', `sh -c "touch ${mark}; cat"`);
  writeFileSync(join(path, '.git/info/attributes'), '* filter=evil\n');
  writeFileSync(join(path, 'a.txt'), 'changed\n');
  writeFileSync(join(path, 'new.txt'), 'new\n');
  const at = await prepareBase({ path });
  expect((await place.workspace.facts(at)).source).toEqual({
    ...{ workdir: '', uncommitted: 2, branch: 'main', isShallow: false },
  });
  expect(await place.workspace.read(at, 'a.txt')).toBe('one\n');
  expect(readdirSync(place.folder)).not.toContain('ran');
});

test('R15: a detached HEAD becomes the base, and the facts name no branch', async () => {
  const path = makeRepository();
  gitIn(path, 'checkout', '--quiet', '--detach');
  gitIn(path, 'commit', '--quiet', '--allow-empty', '-m', 'on no branch');
  const at = await prepareBase({ path });
  expect(at.commit).toBe(gitIn(path, 'rev-parse', 'HEAD'));
  expect((await place.workspace.facts(at)).source).toMatchObject({ branch: null, uncommitted: 0 });
});

test('R15: the default branch may be called develop', async () => {
  const path = makeRepository();
  gitIn(path, 'branch', '-m', 'main', 'develop');
  expect(await sourceOf({ path })).toMatchObject({ branch: 'develop' });
});

test('R15: the failure says that a repository has no commit, or names the branches if only HEAD has none', async () => {
  const empty = join(place.folder, 'empty');
  mkdirSync(empty);
  gitIn(empty, 'init', '--quiet');
  await expect(prepareBase({ path: empty })).rejects.toThrow(/has none yet\. Make a first commit/);
  const path = makeRepository();
  gitIn(path, 'symbolic-ref', 'HEAD', 'refs/heads/nothing');
  await expect(prepareBase({ path })).rejects.toThrow(/has no commit at "HEAD"; its branches are main\. Give/);
});

test('R15: a repository of the format sha256 is refused for that reason', async () => {
  const path = join(place.folder, 'sha256');
  mkdirSync(path);
  gitIn(path, 'init', '--quiet', '--object-format=sha256');
  gitIn(path, 'commit', '--quiet', '--allow-empty', '-m', 'first');
  const refusal = prepareBase({ path });
  await expect(refusal).rejects.toMatchObject({ type: 'Workspace.RepositoryUnreadable' });
  await expect(refusal).rejects.toThrow(/object format sha256.*fast-import/);
});

test('R15: the commit of a partial clone is fetched, and the facts say that history is missing', async () => {
  const path = makeRepository();
  writeFileSync(join(path, 'a.txt'), 'another\n');
  gitIn(path, 'commit', '--quiet', '-a', '-m', 'second');
  gitIn(path, 'config', 'uploadpack.allowFilter', 'true');
  const partialClone = join(place.folder, 'partial');
  gitIn(place.folder, 'clone', '--quiet', '--filter=blob:none', `file://${path}`, partialClone);
  rmSync(path, { recursive: true });
  const at = await prepareBase({ path: partialClone });
  expect(await place.workspace.read(at, 'a.txt')).toBe('another\n');
  expect((await place.workspace.facts(at)).source).toMatchObject({ isShallow: true });
});

test('R15: the commit of a shallow clone is fetched, and the facts call it shallow', async () => {
  const path = makeRepository();
  gitIn(path, 'commit', '--quiet', '--allow-empty', '-m', 'second');
  const shallowClone = join(place.folder, 'shallow');
  gitIn(place.folder, 'clone', '--quiet', '--depth=1', `file://${path}`, shallowClone);
  expect(await sourceOf({ path: shallowClone })).toMatchObject({ isShallow: true });
});

test('R15: for a sub-folder the whole repository is fetched, and the facts name the folder', async () => {
  const path = makeRepository();
  const at = await prepareBase({ path: join(path, 'backend') });
  expect(at.commit).toBe(gitIn(path, 'rev-parse', 'HEAD'));
  expect((await place.workspace.facts(at)).source).toMatchObject({ workdir: 'backend', uncommitted: 0 });
});

test('R15: a sub-folder that is not committed, or whose repository is outside of the roots, is refused', async () => {
  const path = makeRepository();
  mkdirSync(join(path, 'frontend'));
  await expect(prepareBase({ path: join(path, 'frontend') })).rejects.toThrow(/no folder "frontend" in its commit/);
  const boundedWorkspace = createGitWorkspace({ root: place.root, roots: [path] });
  const refusal = boundedWorkspace.prepare({ ...build, repository: { path: join(path, 'backend') } });
  await expect(refusal).rejects.toThrow(/REPOSITORY_ROOTS/);
});

test('R14: a submodule is fetched from its relative url, and every checkout has its files', async () => {
  const library = makeUpstream(mkdtempSync(join(place.folder, 'l-')), (folder) => {
    writeFileSync(join(folder, 'lib.js'), 'exports.x = 1;\n');
  });
  const path = makeRepository();
  gitIn(path, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'lib');
  gitIn(path, 'commit', '--quiet', '-m', 'with a submodule');
  const at = await prepareBase({ path });
  const { submodules } = await place.workspace.facts(at);
  expect(submodules).toEqual([{ path: 'lib', commit: gitIn(library, 'rev-parse', 'HEAD'), url: library }]);
  expect(readFileSync(join(await checkOut(at), 'lib/lib.js'), 'utf8')).toBe('exports.x = 1;\n');
  const next = await place.workspace.apply(at, [{ path: 'a.txt', content: 'new\n' }], 'm');
  expect(readdirSync(join(await checkOut({ ...build, ...next }), 'lib'))).toEqual(['lib.js']);
});

test('R14: a submodule that is not cloned is fetched by its relative url', async () => {
  const hosts = mkdtempSync(join(place.folder, 'h-'));
  const library = makeUpstream(mkdtempSync(join(hosts, 'l-')), (folder) =>
    writeFileSync(join(folder, 'lib.js'), 'x\n'),
  );
  const path = makeUpstream(hosts, (folder) => {
    writeFileSync(
      join(folder, '.gitmodules'),
      `[submodule "lib"]\n path = lib\n url = ../${library.slice(hosts.length + 1)}\n`,
    );
    gitIn(folder, 'update-index', '--add', '--cacheinfo', `160000,${gitIn(library, 'rev-parse', 'HEAD')},lib`);
    mkdirSync(join(folder, 'lib'));
  });
  expect(readdirSync(join(await checkOut(await prepareBase({ path })), 'lib'))).toEqual(['lib.js']);
});

test.each([
  ['../nowhere', /The submodule "lib" cannot be had/],
  ['ext::sh -c touch% /tmp/x', /is not https, ssh, or a path relative/],
  ['https://127.0.0.1/x.git', /leads to this machine or a private network.*GIT_HOSTS/],
  ['git@localhost:x.git', /leads to this machine or a private network.*GIT_HOSTS/],
])('R14: if the submodule at %j cannot be fetched, the preparation fails and names it', async (url, reason) => {
  const path = makeRepository();
  writeFileSync(join(path, '.gitmodules'), `[submodule "lib"]\n\tpath = lib\n\turl = ${url}\n`);
  gitIn(path, 'add', '.gitmodules');
  gitIn(path, 'update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},lib`);
  gitIn(path, 'commit', '--quiet', '-m', 'with a submodule');
  const refusal = prepareBase({ path });
  await expect(refusal).rejects.toMatchObject({ type: 'Environment.RepositoryUnfit' });
  await expect(refusal).rejects.toThrow(reason);
  await expect(refusal).rejects.toThrow(/git submodule update --init/);
});

const LOGO = Buffer.from('a picture, many bytes of it');
const OID = createHash('sha256').update(LOGO).digest('hex');
const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${OID}\nsize ${LOGO.length}\n`;

test('R14: a checkout has the content of an LFS file of the local store; if it is missing there, the facts name the pointer', async () => {
  const path = makeUpstream(place.folder, (folder) => {
    writeFileSync(join(folder, '.gitattributes'), '*.png filter=lfs diff=lfs merge=lfs -text\n');
    writeFileSync(join(folder, 'logo.png'), POINTER);
    writeFileSync(join(folder, 'other.png'), POINTER.replace(OID, 'f'.repeat(64)));
  });
  const objects = join(path, '.git/lfs/objects', OID.slice(0, 2), OID.slice(2, 4));
  mkdirSync(objects, { recursive: true });
  writeFileSync(join(objects, OID), LOGO);
  const at = await prepareBase({ path });
  expect((await place.workspace.facts(at)).lfs).toEqual([
    { path: 'logo.png', bytes: LOGO.length, isPresent: true },
    { path: 'other.png', bytes: LOGO.length, isPresent: false },
  ]);
  expect(readFileSync(join(await checkOut(at), 'logo.png'))).toEqual(LOGO);
});

test('R14: links inside the tree are kept, and the facts name the others', async () => {
  const path = makeUpstream(place.folder, (folder) => {
    writeFileSync(join(folder, 'AGENTS.md'), 'for agents\n');
    mkdirSync(join(folder, 'a'));
    writeFileSync(join(folder, 'a/x'), 'x\n');
    symlinkSync('AGENTS.md', join(folder, 'CLAUDE.md'));
    symlinkSync('./a/../AGENTS.md', join(folder, 'b'));
    symlinkSync('/etc/passwd', join(folder, 'absolute'));
    symlinkSync('..', join(folder, 'a/out'));
    symlinkSync('a/out/../..', join(folder, 'far'));
  });
  const at = await prepareBase({ path });
  expect((await place.workspace.facts(at)).links).toEqual({
    kept: 3,
    refused: [
      { path: 'absolute', target: '/etc/passwd' },
      { path: 'far', target: 'a/out/../..' },
    ],
  });
  const folder = await checkOut(at);
  expect(readFileSync(join(folder, 'CLAUDE.md'), 'utf8')).toBe('for agents\n');
  expect(readFileSync(join(folder, 'b'), 'utf8')).toBe('for agents\n');
});

test('the facts count files, bytes, encodings and line ends', async () => {
  const path = makeUpstream(place.folder, (folder) => {
    writeFileSync(join(folder, 'crlf.txt'), 'a\r\nb\r\n');
    writeFileSync(join(folder, 'mixed.txt'), 'a\r\nb\n');
    writeFileSync(join(folder, 'lf.txt'), 'a\n');
    writeFileSync(join(folder, 'mark.txt'), '\ufeffa\n');
    writeFileSync(join(folder, 'odd.txt'), Buffer.from('na\xefve\n', 'latin1'));
    writeFileSync(join(folder, 'large.bin'), Buffer.alloc(2_000_000));
    writeFileSync(Buffer.from(join(folder, 'd\xe9j\xe0'), 'latin1'), 'x');
  });
  const facts = await place.workspace.facts(await prepareBase({ path }));
  expect(facts).toMatchObject({
    ...{ files: 7, largest: [{ path: 'large.bin', bytes: 2_000_000 }, {}, {}, {}, {}], unread: 1 },
    ...{ oddNames: { count: 1, paths: ['d\\xe9j\\xe0'] }, oddTexts: { count: 1, paths: ['odd.txt'] } },
    ...{ marked: { count: 1, paths: ['mark.txt'] } },
    lineEnds: { lf: 3, crlf: 1, mixed: { count: 1, paths: ['mixed.txt'] } },
  });
});

test('R11: the failure of a wrong base_ref names the existing branches', async () => {
  const path = makeRepository();
  await expect(prepareBase({ path, baseRef: 'nosuch' })).rejects.toThrow(
    /has no commit at "nosuch"; its branches are main\. Give/,
  );
});
