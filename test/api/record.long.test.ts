/**
 * Tests GET record over HTTP for builds in all states, and `npx qo verify` of the result.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSigner } from '../../src/adapters/record/signature';
import { makeRecord } from '../../src/api/record/make-record';
import { TOOLS } from '../../src/programs/cli/verify-file';
import { withoutArchivedPage, nextArchivePage } from '../../src/domain/build/archive';
import type { BuildState } from '../../src/domain/build/state';
import { withSavedContent } from '../../src/domain/build/outcomes';
import { PAGE_NAMES } from '../../src/domain/evidence/pages';
import { verifyRecord } from '../../src/domain/record/verify';
import { ownerOf, STATES } from '../../src/domain/states';
import type { State } from '../../src/domain/states';
import { commandSignals } from '../../src/workflows/messages';
import { advanceOf, apply, newBuild } from '../domain/a-build';
import { until } from '../fixture';
import { serveApi } from './served';
import type { Api } from './served';
import { verifies } from '../requirements/verifies';

const STATE_SEQUENCE = STATES.slice(0, 11);
let api: Api;
let folder: string;
beforeAll(async () => {
  api = await serveApi();
  folder = await mkdtemp(join(tmpdir(), 'q-test-record-'));
});
afterAll(async () => {
  await api?.stop();
  await rm(folder, { recursive: true, force: true });
});

verifies('5.1');
test('an open build has a record: sentence, request, handoffs, events, outputs, signed', async () => {
  const { path, id } = await buildIn('implementation');
  const { status, headers, body } = await api.get(`${path}/record`);
  expect(status).toBe(200);
  expect(headers.get('content-disposition')).toBe(`attachment; filename=${id}.record.json`);
  expect(verifyRecord(body, TOOLS)).toMatchObject({ flaws: [], signedBy: expect.stringMatching(/^SHA256:/) });
  expect(body.entries[0]).toMatchObject({ kind: 'build', body: { workflowId: id, title: 'Dark mode, please' } });
  expect(JSON.parse(body.contents[body.entries[0].body.requestDigest].content)).toMatchObject({
    requirements: 'Dark mode, please',
  });
  expect(body.entries.at(-1)).toMatchObject({ kind: 'state', body: { state: 'implementation', status: 'waiting' } });
  expect(body.entries.at(-1).body.totals).toEqual({
    ...{ build: 1, event: 4, handoff: 3, artifact: 2, page: PAGE_NAMES.length },
  });
});

test('builds that are complete, cancelled or in error have a record, too, and it is the same each time', async () => {
  const complete = await buildIn('complete');
  const cancelled = await buildIn('testing');
  await api.post(`${cancelled.path}/cancel`, { reason: 'no longer wanted' });
  const inError = await buildIn('testing');
  await inError.advance('testing', { next_state: 'error' });
  for (const [{ path }, status] of [
    [complete, 'complete'],
    [cancelled, 'cancelled'],
    [inError, 'error'],
  ] as const) {
    const { body } = await api.get(`${path}/record`);
    expect(verifyRecord(body, TOOLS)).toMatchObject({ flaws: [] });
    expect(body.entries.at(-1).body.status).toBe(status);
    expect((await api.get(`${path}/record`)).body).toEqual(body);
  }
});

test('an unknown build has no record, and a malformed id is refused', async () => {
  expect(await api.get('/api/workflows/nobody.b1/record')).toMatchObject({ status: 404 });
  expect(await api.get('/api/workflows/nobody/record')).toMatchObject({ status: 400 });
});

verifies('5.4');
test('a build that Temporal has deleted keeps its record', async () => {
  const { path, id } = await buildIn('complete');
  const { documents } = api.stack.deps;
  const storedRecord = await until(
    () => documents.load('records', id),
    (one) => one !== undefined,
  );
  const project = api.newProject();
  await documents.replace('records', `${project}.b1`, { ...storedRecord!, projectId: project });
  const { status, body } = await api.get(`/api/workflows/${project}.b1/record`);
  expect(status).toBe(200);
  expect(verifyRecord(body, TOOLS)).toMatchObject({ flaws: [] });
  expect(body.entries.length).toBe((await api.get(`${path}/record`)).body.entries.length);
});

test('a build whose older entries are in the archive shows them all: in its record, its history and its events', async () => {
  const { artifacts, documents } = api.stack.deps;
  const project = api.newProject();
  let build: BuildState = { ...newBuild(), projectId: project };
  for (let n = 0; n < 160; n++) {
    build = apply(build, 'advance', { ...advanceOf(build.state), next_state: 'error', phase_result: { n } });
    for (const [standIn, content] of Object.entries(build.unsaved))
      build = withSavedContent(build, standIn, (await artifacts.put(content)).digest);
    build = apply(build, 'retry', { reason: `try ${n}` });
  }
  build = apply(build, 'cancel', { reason: 'enough' });
  const [events, handoffs] = [build.events.length, build.handoffs.length];
  for (let page = nextArchivePage(build); page !== null; page = nextArchivePage(build))
    build = withoutArchivedPage(build, page, (await artifacts.put(JSON.stringify(page))).digest);
  expect(build.archive).not.toBeNull();
  await documents.replace('records', `${project}.b1`, build);
  const path = `/api/workflows/${project}.b1`;
  const { body } = await api.get(`${path}/record`);
  expect(verifyRecord(body, TOOLS)).toMatchObject({ flaws: [] });
  expect(body.entries.at(-1).body.totals).toMatchObject({ event: events, handoff: handoffs });
  const history = (await api.get(`${path}/history?limit=1000`)).body;
  expect(history.handoffs).toHaveLength(handoffs);
  expect(history.handoffs[0].data_transferred.content).toEqual({ n: 0 });
  expect((await api.get(`${path}/events`)).body).toMatchObject({ event_count: events, events: { length: events } });
  const { digest } = history.handoffs[0].data_transferred;
  expect((await api.get(`${path}/artifacts/${digest}`)).body).toEqual({ n: 0 });
});

test('an artifact that is too large is named by digest and size; there are limits for each artifact and for all together', async () => {
  const { path, advance } = await buildIn('discovery');
  await advance('discovery', { phase_result: { text: 'x'.repeat(600_000) } });
  await advance('planning', { phase_result: { text: 'y'.repeat(1_000) } });
  const { body } = await api.get(`${path}/record`);
  const artifacts = body.entries.filter((entry: { kind: string }) => entry.kind === 'artifact');
  expect(artifacts.map((entry: { body: object }) => entry.body)).toContainEqual({
    ...{ digest: expect.stringMatching(/^sha256:/), bytes: 600_011, omitted: 'too_large' },
  });
  expect(verifyRecord(body, TOOLS)).toMatchObject({ flaws: [] });
  expect(JSON.stringify(body).length).toBeLessThan(50_000);

  const build = await api.stack.client.workflow.getHandle(path.split('/').at(-1)!).query('build');
  const smallRecord = await makeRecord(
    { ...api.stack.deps, signText: createSigner(api.stack.deps.documents) },
    build as never,
    { eachBytes: 2_000, totalBytes: 200 },
  );
  expect(Object.values(smallRecord.contents).reduce((sum, { content }) => sum + content.length, 0)).toBeLessThanOrEqual(
    200,
  );
  expect(verifyRecord(smallRecord, TOOLS)).toMatchObject({ flaws: [] });
});

test('a digest that an external role names in its result is not followed: the record has no artifact of another build', async () => {
  const secret = await api.stack.deps.artifacts.put('of another build');
  const { path, advance } = await buildIn('discovery');
  await advance('discovery', { phase_result: { logDigest: secret.digest, note: secret.digest } });
  const { body } = await api.get(`${path}/record`);
  expect(Object.keys(body.contents)).not.toContain(secret.digest);
  expect(verifyRecord(body, TOOLS)).toMatchObject({ flaws: [] });
});

test('a deleted artifact is marked as missing, and the record is still made', async () => {
  const { path, id } = await buildIn('planning');
  const { body: completeRecord } = await api.get(`${path}/record`);
  const request: string = completeRecord.entries[0].body.requestDigest;
  const hex = request.slice('sha256:'.length);
  await rm(join(api.stack.config.dataDir, 'artifacts', hex.slice(0, 2), hex));
  const { body } = await api.get(`${path}/record`);
  expect(body.entries.map((entry: { body: object }) => entry.body)).toContainEqual({
    ...{ digest: request, bytes: null, omitted: 'missing' },
  });
  expect(verifyRecord(body, TOOLS)).toMatchObject({ flaws: [] });
  expect(id).toContain('.b1');
});

test('the result of a recent signal is in the record with its real digest', async () => {
  const { path, id } = await buildIn('discovery');
  const input = { role: 'q_assistant', completed_state: 'discovery', phase_result: { said: 'by signal' } };
  await api.stack.client.workflow.getHandle(id).signal(commandSignals.advance, input);
  const { body } = await until(
    () => api.get(`${path}/record`),
    (answer) => answer.body.entries?.at(-1).body.state === 'planning',
  );
  expect(Object.values(body.contents)).toContainEqual({ encoding: 'utf8', content: '{"said":"by signal"}' });
  expect(verifyRecord(body, TOOLS)).toMatchObject({ flaws: [] });
});

test('all records of one data folder are signed by one key, which only its owner may read', async () => {
  const [one, other] = await Promise.all([buildIn('discovery'), buildIn('planning')]);
  const records = await Promise.all([one, other].map(async ({ path }) => (await api.get(`${path}/record`)).body));
  expect(new Set(records.map((record) => record.signature.public_key)).size).toBe(1);
  const { mode } = await stat(join(api.stack.config.dataDir, 'documents', 'keys', 'record.json'));
  expect(mode & 0o077).toBe(0);
});

test('qo verify exits with 0 for a valid record, with 1 and the place for a changed one, and with 2 for a file that is no record', async () => {
  const { path, id } = await buildIn('complete');
  const { body } = await api.get(`${path}/record`);
  const file = join(folder, 'record.json');
  await writeFile(file, JSON.stringify(body));
  const validResult = await qo('verify', file);
  expect(validResult).toMatchObject({ exitCode: 0, stderr: '' });
  expect(validResult.stdout).toContain(`${id}: complete\n`);
  expect(validResult.stdout).toContain('measured: nothing; all results in this record are claims\n');
  const [fingerprint = ''] = /SHA256:[0-9a-f]{64}/.exec(validResult.stdout) ?? [];
  expect(await qo('verify', file, '--key', fingerprint)).toMatchObject({ exitCode: 0 });
  const foreignKeyResult = await qo('verify', file, '--key', `SHA256:${'0'.repeat(64)}`);
  expect(foreignKeyResult).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('signature: is by SHA256:') });

  const handoff = body.entries.find((entry: { kind: string }) => entry.kind === 'handoff');
  handoff.body.notes = 'nothing to see here';
  await writeFile(file, JSON.stringify(body));
  const changedResult = await qo('verify', file);
  expect(changedResult).toMatchObject({ exitCode: 1 });
  expect(changedResult.stdout).toContain(`entry ${handoff.index} (handoff) hash: `);

  await writeFile(file, JSON.stringify(body).slice(0, -100));
  expect(await qo('verify', file)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('is incomplete') });
  expect(await qo('verify', join(folder, 'no-such-file'))).toMatchObject({ exitCode: 2 });
});

test.each([[[]], [['verify']], [['sign', 'a.json']], [['verify', '--no-such-option', 'a.json']]])(
  'qo with the arguments %j prints its usage, and exits with 2',
  async (args) => {
    const stderr = expect.stringContaining('qo verify <record.json>');
    expect(await qo(...args)).toMatchObject({ exitCode: 2, stderr });
  },
);

/** Runs the program behind `npx qo`; the README's test runs `npx qo` itself. */
function qo(...args: string[]) {
  return new Promise<{ exitCode: number; stdout: string; stderr: string }>((resolve) => {
    execFile('node', ['bin/qo.js', ...args], { cwd: join(__dirname, '../..') }, (error, stdout, stderr) =>
      resolve({ exitCode: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}

/** Starts a build of external roles and advances it to `state`. */
async function buildIn(state: State) {
  const project = api.newProject();
  const id = `${project}.b1`;
  const path = `/api/workflows/${id}`;
  await api.post(`/api/workflows/${project}/start`, {
    build_id: 'b1',
    user_id: 'u-1',
    requirements: 'Dark mode, please',
  });
  const advance = (from: State, members: object = {}) =>
    api.post(`${path}/advance`, {
      role: ownerOf(from),
      completed_state: from,
      phase_result: { done: true },
      ...members,
    });
  for (const one of STATE_SEQUENCE.slice(0, STATE_SEQUENCE.indexOf(state))) await advance(one);
  return { id, path, advance };
}
