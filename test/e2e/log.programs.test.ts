/**
 * The log of `npm start` while builds run: text by default, JSON by a setting, and no access log.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beginProgram, sharedServerEnv } from './a-program';
import type { Program } from './a-program';

let folder: string;
let program: Program | undefined;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'q-test-log-'))));
afterEach(async () => {
  program?.child.kill('SIGINT');
  await program?.exitCode;
  rmSync(folder, { recursive: true, force: true });
});

/**
 * Runs a build until an external role has completed its first phase, and returns the log. Each test has its own project, since the
 * tests share the server and each program has another task queue.
 */
async function runBuild(project: string, settings: Record<string, string>, pattern: RegExp): Promise<string> {
  const env = { ...sharedServerEnv(), LOG_LEVEL: 'info', ...settings };
  program = beginProgram({ name: 'start', folder, env });
  const [, url = ''] = await program.waitFor(/ready (http[^\s"]+)/);
  const post = (path: string, body: object) => {
    const headers = { 'content-type': 'application/json' };
    return fetch(`${url}/api/workflows/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  };
  await post(`${project}/start`, { build_id: 'one', user_id: 'ada', requirements: 'Build me a dark mode feature' });
  const result = { role: 'q_assistant', completed_state: 'discovery', phase_result: { summary: 'a toggle' } };
  await post(`${project}.one/advance`, result);
  await program.waitFor(pattern);
  program.child.kill('SIGINT');
  await program.exitCode;
  return program.output();
}

test('O7: the log has one line for each event, in plain words: build, phase, result, seconds', async () => {
  const output = await runBuild('plain', {}, /plain\.one discovery/);
  expect(output).toMatch(/^[\d-]{10} [\d:]{8} plain\.one started by ada: Build me a dark mode feature$/m);
  expect(output).toMatch(/^[\d-]{10} [\d:]{8} plain\.one discovery, \d+\.\d s: .*; next planning$/m);
  expect(output).not.toMatch(/\/api\/workflows|[{}]/);
}, 300_000);

test('O7: LOG_FORMAT=json logs the same as JSON objects, and requests at the level debug', async () => {
  const output = await runBuild('objects', { LOG_FORMAT: 'json', LOG_LEVEL: 'debug' }, /"from":"discovery"/);
  const objects = output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as object);
  expect(objects).toContainEqual(
    expect.objectContaining({ build: 'objects.one', event: 'advanced', from: 'discovery', to: 'planning' }),
  );
  expect(objects).toContainEqual(expect.objectContaining({ req: expect.objectContaining({ method: 'POST' }) }));
}, 300_000);
