/**
 * Tests that an answer that is being sent ends when its token ends, and that git clients send a token as header or as password.
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
import { createPushing, git, gitSync, sumRepository } from '../pushing';
import { serveProtectedApi } from './closed';
import type { ProtectedApi } from './closed';

let api: ProtectedApi & { adminToken: string };
let place: string;
let project: string;
let url: string;
let bigCommit: string;
const logLines: string[] = [];

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'q-test-open-'));
  const log = pino({ level: 'info' }, { write: (line: string) => void logLines.push(line) });
  api = await serveProtectedApi({ api: { repositoryRoots: [place], log } });
  const path = sumRepository(place);
  const send = (line: string, body?: unknown) => api.sendAs(api.adminToken, line, body);
  const asFirst = { ...api, post: (at: string, body?: unknown) => send(`POST ${at}`, body) };
  const pushing = createPushing(asFirst, place, { path });
  ({ project, url } = pushing);
  await pushing.startUpTo('b1', 'implementation');
  expect(await git(place, 'ls-remote', withPassword(api.adminToken))).toMatchObject({ code: 0 });
}, 240_000);
afterAll(async () => {
  await api?.stop();
  rmSync(place, { recursive: true, force: true });
});

const withPassword = (token: string) => url.replace('http://', `http://git:${token}@`);
const asHeader = (token: string) => ['-c', `http.extraHeader=Authorization: Bearer ${token}`];

test('git gets access with a token as header or as password, and in no other way', async () => {
  const token = await api.token('git-reader', { rights: ['viewer'], projects: [project] });
  expect(await git(place, ...asHeader(token), 'ls-remote', url)).toMatchObject({ code: 0 });
  expect((await git(place, 'ls-remote', withPassword(token))).output).toContain('refs/heads/builds/b1');
  for (const wrong of ['x', `${token}x`]) {
    const refused = await git(place, 'ls-remote', withPassword(wrong));
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain('Authentication failed');
  }
  expect((await git(place, 'ls-remote', url)).output).toMatch(/could not read Username|Authentication failed/);
});

test('a push needs a token with the right of an agent, for this project', async () => {
  const folder = mkdtempSync(join(place, 'clone-'));
  const agent = await api.token('pusher', { rights: ['agent'], projects: [project] });
  const viewer = await api.token('watcher', { rights: ['viewer', 'operator'], projects: [project] });
  const stranger = await api.token('stranger', { rights: ['admin'], projects: ['another'] });
  expect(await git(folder, 'clone', '-q', '-b', 'builds/b1', withPassword(agent), '.')).toMatchObject({ code: 0 });
  gitSync(folder, ['commit', '-q', '--allow-empty', '-m', 'Nothing yet']);
  const refused = await git(folder, 'push', withPassword(viewer), 'HEAD');
  expect(refused.code).not.toBe(0);
  expect(refused.output).toContain('403');
  const foreign = await git(folder, 'push', withPassword(stranger), 'HEAD');
  expect(foreign.code).not.toBe(0);
  expect(foreign.output).toMatch(/not found/);
  expect(await git(folder, 'push', '-q', withPassword(agent), 'HEAD')).toEqual({ code: 0, output: '' });
});

test('if a token is revoked, its running fetch ends within seconds, and other fetches continue', async () => {
  const agent = await api.token('big-pusher', { rights: ['agent'] });
  const folder = mkdtempSync(join(place, 'big-'));
  expect(await git(folder, 'clone', '-q', '-b', 'builds/b1', withPassword(agent), '.')).toMatchObject({ code: 0 });
  // The file is larger than the buffers of both sides.
  bigCommit = commitBytes(folder, 20 * 1024 * 1024);
  expect(await git(folder, 'push', '-q', withPassword(agent), 'HEAD')).toEqual({ code: 0, output: '' });
  // A fetch may name the commit after a client has listed the refs.
  expect((await git(place, 'ls-remote', withPassword(agent))).output).toContain(bigCommit);
  const [token, otherToken] = [await api.token('fetches'), await api.token('fetches-too')];
  const [endedFetch, otherFetch] = [await beginFetch(token, bigCommit), await beginFetch(otherToken, bigCommit)];
  expect(await revokeToken(tokenFileIn(api.dataDir), 'fetches')).toBe(true);
  expect(await endOf(endedFetch, 'fetches')).toBe('broken off');
  let bytes = 0;
  otherFetch.on('data', (chunk: Buffer) => (bytes += chunk.length));
  otherFetch.resume();
  await new Promise((resolve) => otherFetch.once('end', resolve));
  expect(otherFetch.complete).toBe(true);
  expect(bytes).toBeGreaterThan(20 * 1024 * 1024);
}, 240_000);

test('when a token expires, the answers that are being sent to its caller end', async () => {
  const expiresAt = new Date(Date.now() + 20_000).toISOString();
  const answer = await beginFetch(await api.token('short-lived', { expiresAt }), bigCommit);
  expect(await endOf(answer, 'short-lived')).toBe('broken off');
  expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
}, 240_000);

/** Continues to read after the API has logged that it ended the answer; earlier, the whole answer could still arrive. */
async function endOf(answer: IncomingMessage, token: string): Promise<'whole' | 'broken off'> {
  const closing = new Promise((resolve) => answer.once('close', resolve));
  await until(async () => logLines.some((line) => line.includes(`"token":"${token}"`)), Boolean);
  answer.resume();
  await closing;
  return answer.complete ? 'whole' : 'broken off';
}

function commitBytes(folder: string, bytes: number): string {
  const blob = gitSync(folder, ['hash-object', '-w', '--stdin'], randomBytes(bytes));
  gitSync(folder, ['update-index', '--add', '--cacheinfo', `100644,${blob},big.bin`]);
  gitSync(folder, ['commit', '-q', '-m', 'A big file']);
  return gitSync(folder, ['rev-parse', 'HEAD']);
}

/** Sends git's request for a fetch, and resolves when the answer begins. The answer is not read. */
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
    const pendingRequest = request({ hostname, port, method: 'POST', path, headers, agent: false }, (answer) => {
      answer.pause();
      answer.on('error', () => undefined);
      if (answer.statusCode === 200) resolve(answer);
      else reject(new Error(`answered ${answer.statusCode}`));
    });
    pendingRequest.on('error', reject);
    pendingRequest.end(body);
  });
}
