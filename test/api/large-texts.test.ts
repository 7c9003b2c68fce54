/**
 * Large requests and answers are searched for secrets without blocking the API's event loop: with real readers, the real app,
 * and a client in its own process.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { withSavedContent } from '../../src/domain/build/outcomes';
import type { BuildState } from '../../src/domain/build/state';
import { verifyRecord } from '../../src/domain/record/verify';
import { TOOLS } from '../../src/programs/cli/verify-file';
import { advanceOf, apply, newBuild } from '../domain/a-build';
import { longestStopMs } from '../main-thread';
import { serveApi } from './served';
import type { Api, Body } from './served';

const run = promisify(execFile);
/** Without reader threads, each of these texts would block the main thread for 300 ms to 2.5 s. */
const MAX_BLOCK_MS = 200;
const SECRET = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`;
const PROSE = 'The user can change the theme, and the password field stays as it is: see the settings. ';
const prose = (chars: number): string => PROSE.repeat(Math.ceil(chars / PROSE.length)).slice(0, chars);

let api: Api;
const folder = mkdtempSync(join(tmpdir(), 'q-test-large-'));
beforeAll(async () => {
  api = await serveApi({ worker: false });
  // Starts the threads, so that the tests do not measure compilation.
  await api.post(`/api/workflows/${api.newProject()}/start`, { user_id: 'u', requirements: prose(60_000) });
});
afterAll(async () => {
  await api?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Sends by curl, so that this process does not spend time on the body. */
async function post(path: string, body: object): Promise<{ status: number; body: Body; stopMs: number }> {
  const file = join(folder, 'body.json');
  writeFileSync(file, JSON.stringify(body));
  let output = '';
  const stopMs = await longestStopMs(async () => {
    const json = ['-H', 'content-type: application/json', '--data-binary', `@${file}`];
    ({ stdout: output } = await run('curl', ['-s', '-w', '\n%{http_code}', ...json, api.url + path]));
  });
  const end = output.lastIndexOf('\n');
  return { status: Number(output.slice(end)), body: JSON.parse(output.slice(0, end)), stopMs };
}

test('S1: a start with 4 MB of attached prose and 900 KB of requirements is searched without blocking the event loop', async () => {
  const attachments = Array.from({ length: 4 }, (_, at) => ({
    ...{ name: `notes-${at}.bin`, media_type: 'application/octet-stream' },
    base64: Buffer.from(`${prose(1_000_000)}\ntoken = "${SECRET}"\n`).toString('base64'),
  }));
  const requirements = `${prose(900_000)} ${SECRET}`;
  const { status, body, stopMs } = await post(`/api/workflows/${api.newProject()}/start`, {
    ...{ user_id: 'u', requirements, attachments },
  });
  expect(body.detail).toBeUndefined();
  expect(status).toBe(201);
  const fields = body.warnings.map(({ field }: { field: string }) => field);
  expect(fields.sort()).toEqual(['attachments.0', 'attachments.1', 'attachments.2', 'attachments.3', 'requirements']);
  expect(stopMs).toBeLessThan(MAX_BLOCK_MS);
});

test('S1: a command of 1 MB is searched without blocking the event loop', async () => {
  const phase_result = { summary: `${prose(600_000)} ${SECRET}`, files: [{ path: 'a.txt', content: prose(300_000) }] };
  const { status, stopMs } = await post('/api/workflows/p.b/advance', {
    ...{ role: 'code_writer', completed_state: 'implementation', phase_result },
  });
  expect(status).toBe(404);
  expect(stopMs).toBeLessThan(MAX_BLOCK_MS);
});

test('S1: a record of 5 MB and an artifact of 500 KB are searched without blocking the event loop', async () => {
  const { artifacts, documents } = api.stack.deps;
  const project = api.newProject();
  let digest = '';
  let build: BuildState = { ...newBuild(), projectId: project };
  for (let n = 0; n < 10; n++) {
    build = apply(build, 'advance', { ...advanceOf(build.state), next_state: 'error', phase_result: { n } });
    const storedResult = await artifacts.put(JSON.stringify({ n, text: `${prose(490_000)} ${SECRET}` }));
    digest = storedResult.digest;
    for (const standIn of Object.keys(build.unsaved)) build = withSavedContent(build, standIn, storedResult.digest);
    build = apply(build, 'retry', { reason: `try ${n}` });
  }
  await documents.replace('records', `${project}.b1`, apply(build, 'cancel', { reason: 'enough' }));
  const path = `/api/workflows/${project}.b1`;
  const record = await get(`${path}/record`);
  expect(record.text.length).toBeGreaterThan(4_900_000);
  expect(verifyRecord(JSON.parse(record.text), TOOLS)).toMatchObject({ flaws: [] });
  const artifact = await get(`${path}/artifacts/${digest}`);
  expect(artifact.text.length).toBeGreaterThan(490_000);
  expect(record.text + artifact.text).not.toContain(SECRET);
  expect(Math.max(record.stopMs, artifact.stopMs)).toBeLessThan(MAX_BLOCK_MS);
});

async function get(path: string): Promise<{ text: string; stopMs: number }> {
  const file = join(folder, 'answer');
  const stopMs = await longestStopMs(() => run('curl', ['-s', '-o', file, api.url + path]));
  return { text: readFileSync(file, 'utf8'), stopMs };
}
