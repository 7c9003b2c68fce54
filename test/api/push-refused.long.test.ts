/**
 * Tests pushes that are refused, the message that git shows, and a client that disconnects during a push.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataFolders } from '../../src/programs/data-folders';
import { until } from '../until';
import { commitAll, createPushing, git, gitSync, sumRepository } from './pushing';
import { serveApi } from './served';
import type { Api } from './served';

const place = mkdtempSync(join(tmpdir(), 'q-push-no-'));
let api: Api;
beforeAll(async () => {
  api = await serveApi({ api: { repositoryRoots: [place] } });
});
afterAll(async () => {
  await api.stop();
  rmSync(place, { recursive: true, force: true });
});

async function startAwaitedPush() {
  const pushing = createPushing(api, place, { path: sumRepository(place) });
  await pushing.startUpTo('b1', 'implementation');
  return { ...pushing, folder: await pushing.clone('b1') };
}
const storeOf = (project: string) => join(dataFolders(api.stack.config.dataDir).repositories, `${project}.git`);
const branchTip = async (url: string, branch = 'builds/b1') =>
  (await git(place, 'ls-remote', url, `refs/heads/${branch}`)).output.slice(0, 40);

test.each([
  ['another branch', 'HEAD:refs/heads/main'],
  ['a branch of a build that does not exist', 'HEAD:refs/heads/builds/b2'],
  ['a branch below the build', 'HEAD:refs/heads/builds/b1/x'],
  ['a tag', 'HEAD:refs/tags/v1'],
  ['a ref of this program', 'HEAD:refs/parked/b1/g1'],
  ['a ref out of the namespace', 'HEAD:refs/namespaces/shown/refs/heads/builds/b1'],
  ['the deletion of the branch', ':refs/heads/builds/b1'],
])('%s is refused', async (_case, spec) => {
  const { folder, project, url } = await startAwaitedPush();
  const tipBefore = await branchTip(url);
  commitAll(folder, { 'a.txt': 'a' }, 'A');
  const refs = gitSync(storeOf(project), ['for-each-ref']);
  const { code, output } = await git(folder, 'push', 'origin', spec);
  expect(code).not.toBe(0);
  expect(output).toMatch(/rejected|denied|deny|failed to push/);
  expect(gitSync(storeOf(project), ['for-each-ref'])).toBe(refs);
  expect(await branchTip(url)).toBe(tipBefore);
});

test('a push that is no fast-forward is refused, also with --force', async () => {
  const { folder, url } = await startAwaitedPush();
  commitAll(folder, { 'a.txt': 'a' }, 'A');
  expect((await git(folder, 'push', '-q', 'origin', 'HEAD')).code).toBe(0);
  const pushed = await branchTip(url);
  gitSync(folder, ['commit', '-q', '--amend', '-m', 'Another A']);
  const { code, output } = await git(folder, 'push', '--force', 'origin', 'HEAD');
  expect(code).not.toBe(0);
  expect(output).toMatch(/non-fast-forward/);
  expect(await branchTip(url)).toBe(pushed);
});

test.each([
  ['.GIT', 'hasDotgit'],
  ['git~1', 'hasDotgit'],
  ['..', 'hasDotdot'],
])('a folder of the name %s is refused by git', async (name, why) => {
  const { folder, url } = await startAwaitedPush();
  const tipBefore = await branchTip(url);
  const blob = gitSync(folder, ['hash-object', '-w', '--stdin'], '[core]\n');
  const inner = gitSync(folder, ['mktree'], `100644 blob ${blob}\tconfig\n`);
  const tree = gitSync(folder, ['mktree'], `040000 tree ${inner}\t${name}\n`);
  const commit = gitSync(folder, ['commit-tree', tree, '-p', 'HEAD', '-m', 'Odd']);
  const { code, output } = await git(folder, 'push', 'origin', `${commit}:refs/heads/builds/b1`);
  expect(code).not.toBe(0);
  expect(output).toContain(why);
  expect(await branchTip(url)).toBe(tipBefore);
});

test('a push that is too large is refused with its limit, and none of its objects is stored', async () => {
  const { folder, project, url } = await startAwaitedPush();
  const tipBefore = await branchTip(url);
  writeFileSync(join(folder, 'large'), randomBytes(66 * 1024 * 1024));
  commitAll(folder, {}, 'Large');
  const { code, output } = await git(folder, 'push', 'origin', 'HEAD');
  expect(code).not.toBe(0);
  expect(output).toMatch(/exceeds maximum allowed size/);
  expect(await branchTip(url)).toBe(tipBefore);
  expect(receivingFiles(project)).toEqual([]);
});

test('a push to a build that waits for none is refused, and git shows the reason', async () => {
  const { folder, advance, project } = await startAwaitedPush();
  commitAll(folder, { 'a.txt': 'a' }, 'A');
  await advance('b1', 'implementation');
  const { code, output } = await git(folder, 'push', 'origin', 'HEAD');
  expect(code).not.toBe(0);
  expect(output).toContain(`remote: no build of project ${project} waits for a push`);
  const answer = await api.get(`/git/${project}.git/info/refs?service=git-receive-pack`);
  expect(answer).toMatchObject({ status: 403, body: { type: 'urn:q-orchestrator:problem:push-not-awaited' } });
});

test('a paused build takes no push until it is resumed', async () => {
  const { folder, project } = await startAwaitedPush();
  commitAll(folder, { 'a.txt': 'a' }, 'A');
  expect((await api.post(`/api/workflows/${project}.b1/pause`, { reason: 'later' })).status).toBe(200);
  expect((await git(folder, 'push', 'origin', 'HEAD')).output).toContain('waits for a push');
  expect((await api.post(`/api/workflows/${project}.b1/resume`, {})).status).toBe(200);
  expect((await git(folder, 'push', '-q', 'origin', 'HEAD')).code).toBe(0);
});

test('a push to a build that waits for none is refused although another build of the project waits', async () => {
  const { folder, advance, startUpTo, url } = await startAwaitedPush();
  commitAll(folder, { 'a.txt': 'a' }, 'A');
  await startUpTo('b2', 'implementation');
  await advance('b1', 'implementation');
  const { code, output } = await git(folder, 'push', 'origin', 'HEAD:refs/heads/builds/b1');
  expect(code).not.toBe(0);
  expect(output).toMatch(/rejected|deny|failed to push/);
  expect((await git(folder, 'push', '-q', url, 'HEAD:refs/heads/builds/b2')).code).toBe(0);
});

test('of two concurrent pushes exactly one succeeds', async () => {
  const { folder, clone, url } = await startAwaitedPush();
  const other = await clone('b1');
  const commits = [commitAll(folder, { 'a.txt': 'a' }, 'A'), commitAll(other, { 'b.txt': 'b' }, 'B')];
  const pushed = await Promise.all([folder, other].map((one) => git(one, 'push', 'origin', 'HEAD')));
  expect(pushed.filter(({ code }) => code === 0)).toHaveLength(1);
  expect(await branchTip(url)).toBe(commits[pushed.findIndex(({ code }) => code === 0)]);
});

test('a client that disconnects during a push leaves no files, and the next push works', async () => {
  const { folder, project, url } = await startAwaitedPush();
  const tipBefore = await branchTip(url);
  writeFileSync(join(folder, 'large'), randomBytes(4 * 1024 * 1024));
  const commit = commitAll(folder, {}, 'Large');
  const line = `${tipBefore} ${commit} refs/heads/builds/b1\0 report-status\n`;
  const command = (line.length + 4).toString(16).padStart(4, '0') + line + '0000';
  const head = `POST /git/${project}.git/git-receive-pack HTTP/1.1\r\nHost: ${new URL(url).host}\r\nContent-Type: application/x-git-receive-pack-request\r\n`;
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(`${head}Content-Length: ${command.length + 5_000_000}\r\n\r\n${command}`);
  // A pack that announces one object, and its first bytes.
  const packStart = Buffer.concat([
    Buffer.from('PACK\0\0\0\x02\0\0\0\x01', 'latin1'),
    Buffer.from([0xbf, 0x80, 0x80, 0x01]),
  ]);
  await new Promise((resolve) => socket.write(packStart, resolve));
  await until(
    async () => receivingFiles(project),
    (left) => left.length > 0,
  );
  socket.destroy();
  await until(
    async () => receivingFiles(project),
    (left) => left.length === 0,
  );
  expect(await branchTip(url)).toBe(tipBefore);
  expect(await git(folder, 'push', '-q', 'origin', 'HEAD')).toEqual({ code: 0, output: '' });
});

test('wrong addresses are answered as problems, and to git as plain text', async () => {
  const { project } = await startAwaitedPush();
  const refs = (name: string) => `/git/${name}.git/info/refs?service=git-upload-pack`;
  expect(await api.get(refs('a..b'))).toMatchObject({ status: 400, body: { field: 'project_id' } });
  const unknown = api.newProject();
  expect(await api.get(refs(unknown))).toMatchObject({ status: 404, body: { title: 'No such project' } });
  expect((await git(place, 'ls-remote', `${api.url}/git/${unknown}.git`)).output).toContain(
    `project ${unknown} has no`,
  );
  expect(readdirSync(dataFolders(api.stack.config.dataDir).repositories)).not.toContain(`${unknown}.git`);
  expect(await api.get(`/git/${project}.git/info/refs`)).toMatchObject({ status: 400, body: { field: 'service' } });
  for (const path of ['HEAD', 'config', 'objects/info/packs', '..%2fx.git/info/refs', ''])
    expect((await api.get(`/git/${project}.git/${path}`)).status).toBe(404);
  expect((await api.get(`/git/${project}.git/git-upload-pack`)).status).toBe(405);
  expect((await api.post(`/git/${project}.git/git-upload-pack`, {})).status).toBe(415);
});

test('an API without repositories answers that it has none', async () => {
  const other = await serveApi({ api: { git: undefined }, worker: false });
  const { status, body } = await other.get('/git/shop.git/info/refs?service=git-upload-pack');
  expect({ status, title: body.title }).toEqual({ status: 503, title: 'Git is not served here' });
  await other.stop();
});

/** Returns the files that git has while it receives a push: quarantined objects and locks. */
function receivingFiles(project: string): string[] {
  const names = readdirSync(storeOf(project), { recursive: true }) as string[];
  return names.filter((name) => /incoming-[^/]*$|\.lock$/.test(name));
}
