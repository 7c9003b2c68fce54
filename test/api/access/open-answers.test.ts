/**
 * An answer that is being sent ends when its token ends; git clients send theirs as a header or as a password.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { revokeToken, tokenFileIn } from '../../../src/adapters/access/token-file';
import { until } from '../../until';
import { createPushing, git, gitNow, sumRepository } from '../pushing';
import { serveProtectedApi } from './closed';
import type { ProtectedApi } from './closed';

let api: ProtectedApi & { adminToken: string };
let place: string;
let project: string;
let url: string;
let big: string;
const logged: string[] = [];

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'q-test-open-'));
  const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(line) });
  api = await serveProtectedApi({ api: { repositoryRoots: [place], log } });
  const path = sumRepository(place);
  const send = (line: string, body?: unknown) => api.sendAs(api.adminToken, line, body);
  const asFirst = { ...api, post: (at: string, body?: unknown) => send(`POST ${at}`, body) };
  const pushing = createPushing(asFirst, place, { path });
  ({ project, url } = pushing);
  await pushing.startedUpTo('b1', 'implementation');
  expect(await git(place, 'ls-remote', withPassword(api.adminToken))).toMatchObject({ code: 0 });
}, 240_000);
afterAll(async () => {
  await api?.stop();
  rmSync(place, { recursive: true, force: true });
});

const withPassword = (token: string) => url.replace('http://', `http://git:${token}@`);
const asHeader = (token: string) => ['-c', `http.extraHeader=Authorization: Bearer ${token}`];

test('git gets in by the token as header or as password, and by nothing else', async () => {
  const token = await api.token('git-reader', { rights: ['viewer'], projects: [project] });
  expect(await git(place, ...asHeader(token), 'ls-remote', url)).toMatchObject({ code: 0 });
  expect((await git(place, 'ls-remote', withPassword(token))).says).toContain('refs/heads/builds/b1');
  for (const wrong of ['x', `${token}x`]) {
    const refused = await git(place, 'ls-remote', withPassword(wrong));
    expect(refused.code).not.toBe(0);
    expect(refused.says).toContain('Authentication failed');
  }
  expect((await git(place, 'ls-remote', url)).says).toMatch(/could not read Username|Authentication failed/);
});

test('a push needs a token with the right of an agent, for this project', async () => {
  const folder = mkdtempSync(join(place, 'clone-'));
  const agent = await api.token('pusher', { rights: ['agent'], projects: [project] });
  const viewer = await api.token('watcher', { rights: ['viewer', 'operator'], projects: [project] });
  const stranger = await api.token('stranger', { rights: ['admin'], projects: ['another'] });
  expect(await git(folder, 'clone', '-q', '-b', 'builds/b1', withPassword(agent), '.')).toMatchObject({ code: 0 });
  gitNow(folder, ['commit', '-q', '--allow-empty', '-m', 'Nothing yet']);
  const refused = await git(folder, 'push', withPassword(viewer), 'HEAD');
  expect(refused.code).not.toBe(0);
  expect(refused.says).toContain('403');
  const foreign = await git(folder, 'push', withPassword(stranger), 'HEAD');
  expect(foreign.code).not.toBe(0);
  expect(foreign.says).toMatch(/not found/);
  expect(await git(folder, 'push', '-q', withPassword(agent), 'HEAD')).toEqual({ code: 0, says: '' });
});

test('a revoked token ends a fetch that is under way, within seconds, and no other one', async () => {
  const agent = await api.token('big-pusher', { rights: ['agent'] });
  const folder = mkdtempSync(join(place, 'big-'));
  expect(await git(folder, 'clone', '-q', '-b', 'builds/b1', withPassword(agent), '.')).toMatchObject({ code: 0 });
  // More than the buffers of both sides hold.
  big = commitBytes(folder, 20 * 1024 * 1024);
  expect(await git(folder, 'push', '-q', withPassword(agent), 'HEAD')).toEqual({ code: 0, says: '' });
  // Shown to fetches once somebody has asked what there is.
  expect((await git(place, 'ls-remote', withPassword(agent))).says).toContain(big);
  const [one, other] = [await api.token('fetches'), await api.token('fetches-too')];
  const [ended, stays] = [await beginFetch(one, big), await beginFetch(other, big)];
  expect(await revokeToken(tokenFileIn(api.dataDir), 'fetches')).toBe(true);
  expect(await endOf(ended, 'fetches')).toBe('broken off');
  let bytes = 0;
  stays.on('data', (chunk: Buffer) => (bytes += chunk.length));
  stays.resume();
  await new Promise((resolve) => stays.once('end', resolve));
  expect(stays.complete).toBe(true);
  expect(bytes).toBeGreaterThan(20 * 1024 * 1024);
}, 240_000);

test('when a token expires, the answers that are being sent to its caller end', async () => {
  const expiresAt = new Date(Date.now() + 20_000).toISOString();
  const answer = await beginFetch(await api.token('short-lived', { expiresAt }), big);
  expect(await endOf(answer, 'short-lived')).toBe('broken off');
  expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
}, 240_000);

/** Reads on once the API has said that it ended the answer: before, all of it might still come. */
async function endOf(answer: IncomingMessage, token: string): Promise<'whole' | 'broken off'> {
  const over = new Promise((resolve) => answer.once('close', resolve));
  await until(async () => logged.some((line) => line.includes(`"token":"${token}"`)), Boolean);
  answer.resume();
  await over;
  return answer.complete ? 'whole' : 'broken off';
}

function commitBytes(folder: string, bytes: number): string {
  const blob = gitNow(folder, ['hash-object', '-w', '--stdin'], randomBytes(bytes));
  gitNow(folder, ['update-index', '--add', '--cacheinfo', `100644,${blob},big.bin`]);
  gitNow(folder, ['commit', '-q', '-m', 'A big file']);
  return gitNow(folder, ['rev-parse', 'HEAD']);
}

/** A fetch as git asks for it, whose answer has begun and is not read. */
function beginFetch(token: string, commit: string): Promise<IncomingMessage> {
  const line = `want ${commit} no-progress ofs-delta\n`;
  const body = `${(line.length + 4).toString(16).padStart(4, '0')}${line}00000009done\n`;
  const { hostname, port } = new URL(url);
  const headers = {
    ...{ authorization: `Bearer ${token}`, 'content-type': 'application/x-git-upload-pack-request' },
    'content-length': Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const path = `/git/${project}.git/git-upload-pack`;
    const sent = request({ hostname, port, method: 'POST', path, headers, agent: false }, (answer) => {
      answer.pause();
      answer.on('error', () => undefined);
      if (answer.statusCode === 200) resolve(answer);
      else reject(new Error(`answered ${answer.statusCode}`));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
