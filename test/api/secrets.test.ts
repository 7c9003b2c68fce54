/**
 * Tests that secrets in requests are removed with a warning before they are stored, and tests later redactions.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandSignals } from '../../src/workflows/messages';
import { TOOLS } from '../../src/programs/cli/verify-file';
import { verifyRecord } from '../../src/domain/record/verify';
import { privateKey, secretsOf } from '../secret-values';
import { serveApi, until } from './served';
import type { Api, Body } from './served';

const SECRETS = secretsOf('api');
const PEM = privateKey();
let api: Api;
let folder: string;
beforeAll(async () => {
  api = await serveApi();
  folder = mkdtempSync(join(tmpdir(), 'q-test-secrets-'));
});
afterAll(async () => {
  await api.stop();
  rmSync(folder, { recursive: true, force: true });
});

const result = (completed_state: string, phase_result: object = { summary: 'x' }) => ({
  ...{ role: 'q_assistant', completed_state, phase_result },
});

async function begin(body: object = {}): Promise<{ id: string; path: string; answer: Body }> {
  const project = api.newProject();
  const request = { build_id: 'b1', user_id: 'ada', requirements: 'Dark mode, please', ...body };
  const { body: answer } = await api.post(`/api/workflows/${project}/start`, request);
  return { id: `${project}.b1`, path: `/api/workflows/${project}.b1`, answer };
}

/** Reads every answer of the API about the build, and all artifacts and documents on disk. */
async function readEverything(path: string): Promise<string> {
  const names = ['status', 'history', 'events', 'evidence', 'approvals', 'prompt', 'record'];
  const answers = await Promise.all(names.map(async (name) => JSON.stringify((await api.get(`${path}/${name}`)).body)));
  const root = api.stack.config.dataDir;
  const storedTexts = ['artifacts', 'documents'].flatMap((one) =>
    readdirSync(join(root, one), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1')),
  );
  return [...answers, ...storedTexts].join('\n');
}

test('S17: a secret in requirements is in no title, memo, list, summary or record, and the answer warns of it', async () => {
  const requirements = `Deploy with ${SECRETS.github} to https://bot:${SECRETS.inUrl}@git.example.org`;
  const metadata = { db: { user: 'till', password: SECRETS.password }, note: `Bearer ${SECRETS.bearer}` };
  const base64 = Buffer.from(`key: 1\nprod_key: |\n${PEM}\n`).toString('base64');
  const attachments = [{ name: 'prod.yaml', media_type: 'application/yaml', base64 }];
  const { id, path, answer } = await begin({ requirements, metadata, attachments });
  expect(answer.warnings.map(({ field, kind }: Body) => [field, kind])).toEqual([
    ['requirements', expect.any(String)],
    ['requirements', expect.any(String)],
    ['metadata.db.password', 'secret by its name'],
    ['metadata.note', 'authorization header'],
    ['attachments.0', 'private key'],
  ]);
  expect(answer.warnings[0].message).toMatch(/was removed.*SETUP_ENV_FILE/);
  expect((await api.get(`${path}/status`)).body.title).toBe(
    'Deploy with [redacted: GitHub token] to https://bot:[redacted: password in a url]@git.example.org',
  );
  const description = await api.stack.client.workflow.getHandle(id).describe();
  const { body: list } = await api.get(`/api/workflows?project_id=${id.split('.')[0]}`);
  const raw = JSON.stringify([description.memo, description.raw.executionConfig, list, await readEverything(path)]);
  const details = Buffer.from(description.raw.executionConfig?.userMetadata?.summary?.data ?? []).toString();
  expect(details).toContain('[redacted: GitHub token]');
  for (const secret of [SECRETS.github, SECRETS.inUrl, SECRETS.password, SECRETS.bearer, PEM.split('\n')[1]!]) {
    expect(raw + details).not.toContain(secret);
  }
});

test('the same request with the same secrets gives the same build', async () => {
  const body = { requirements: `Deploy with ${SECRETS.gitlab} and ${SECRETS.jwt}` };
  const { id, answer } = await begin(body);
  const repeated = await api.post(`/api/workflows/${id.split('.')[0]}/start`, {
    ...{ build_id: 'b1', user_id: 'ada', ...body },
  });
  expect(repeated).toMatchObject({ status: 200, body: answer });
  const { status } = await api.post(`/api/workflows/${id.split('.')[0]}/start`, {
    ...{ build_id: 'b1', user_id: 'ada', requirements: 'Something else' },
  });
  expect(status).toBe(422);
});

test('placeholders and examples stay as they are, without a warning', async () => {
  const requirements = 'Read API_KEY=your-api-key from .env.example; passwords have at least 12 characters';
  const { path, answer } = await begin({ requirements });
  expect(answer.warnings).toBeUndefined();
  expect((await api.get(`${path}/status`)).body.title).toBe(requirements);
});

test('secrets in commands and addresses stay as they are, with a warning; an id that is a secret is refused', async () => {
  const { answer } = await begin({ commands: { test: ['npm', 'test', `--token=${SECRETS.npm}`] } });
  expect(answer.warnings).toEqual([
    expect.objectContaining({ field: 'commands.test.2', message: expect.stringContaining('stays as it is') }),
  ]);
  const { status, body } = await api.post(`/api/workflows/${api.newProject()}/start`, {
    ...{ build_id: SECRETS.github, user_id: 'ada', requirements: 'x' },
  });
  expect({ status, detail: body.detail }).toEqual({
    status: 400,
    detail: expect.stringMatching(/^build_id looks like/),
  });
  expect(JSON.stringify(body)).not.toContain(SECRETS.github);
});

test('S17: reasons, results of roles, actors and keys lose their secrets, and a file of a result keeps its own', async () => {
  const { path } = await begin();
  const advanceAnswer = await api.post(
    `${path}/advance`,
    result('discovery', { summary: `use ${SECRETS.slack}`, api_token: SECRETS.password }),
    {
      ...{ 'X-Actor': `ada ${SECRETS.stripe}`, 'Idempotency-Key': SECRETS.aws },
    },
  );
  expect(advanceAnswer.status).toBe(200);
  expect(advanceAnswer.body.warnings.map(({ field }: Body) => field)).toEqual([
    'phase_result.summary',
    'phase_result.api_token',
  ]);
  const pauseAnswer = await api.post(`${path}/pause`, { reason: `not before ${SECRETS.openai} is gone` });
  expect(pauseAnswer.body.warnings).toHaveLength(1);
  await api.post(`${path}/resume`, {});
  await api.post(`${path}/advance`, result('planning'));
  await api.post(`${path}/advance`, result('handoff_to_coder'));
  const files = [{ path: 'config.js', content: `export const token = '${SECRETS.sendgrid}';\n` }];
  const work = await api.post(`${path}/advance`, {
    ...{ role: 'code_writer', completed_state: 'implementation', phase_result: { summary: 'done', files } },
  });
  expect(work.body.warnings).toEqual([expect.objectContaining({ field: 'phase_result.files.0.content' })]);
  expect(JSON.stringify(work.body)).not.toContain(SECRETS.sendgrid);
  const everything = await readEverything(path);
  for (const secret of [SECRETS.slack, SECRETS.password, SECRETS.stripe, SECRETS.aws, SECRETS.openai])
    expect(everything).not.toContain(secret);
  // The work is stored unchanged, because the gate judges it. The API shows it without the secret.
  expect(everything).toContain(SECRETS.sendgrid);
  const { outputs } = (await api.get(`${path}/record`)).body.entries.at(-1).body;
  const shown = await api.get(`${path}/artifacts/${outputs.implementation.digest}`);
  expect(JSON.stringify(shown.body)).toContain('[redacted: SendGrid key]');
  expect(shown.headers.get('x-redacted')).toBe('1');
});

test('S17: secrets that a signal brings without the API are not shown, and its result is stored without them', async () => {
  const { id, path } = await begin();
  const handle = api.stack.client.workflow.getHandle(id);
  await handle.signal(commandSignals.pause, { reason: `because of ${SECRETS.vault}` });
  await handle.signal(commandSignals.resume, { reason: 'on' });
  await handle.signal(commandSignals.advance, result('discovery', { summary: `with ${SECRETS.linear}` }));
  await until(api, `${path}/status`, ({ current_state: state }) => state === 'planning');
  const events = (await api.get(`${path}/events`)).body;
  expect(JSON.stringify(events)).toContain('because of [redacted: HashiCorp Vault token]');
  const everything = await readEverything(path);
  for (const secret of [SECRETS.vault, SECRETS.linear]) expect(everything).not.toContain(secret);
});

async function verify(record: object): Promise<{ code: number; output: string }> {
  const file = join(folder, `${Math.random()}.json`);
  writeFileSync(file, JSON.stringify(record));
  return new Promise((resolve) =>
    execFile(process.execPath, [join(__dirname, '../../bin/qo.js'), 'verify', file], (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr }),
    ),
  );
}

test('a text is redacted from a build later: the record names the redaction, verifies, and still shows every other change', async () => {
  const secret = 'the codename is Bluebird-of-Northwind';
  const { path } = await begin({ requirements: `Dark mode; ${secret}.` });
  await api.post(`${path}/advance`, result('discovery', { summary: `noted: ${secret}` }));
  await api.post(`${path}/pause`, { reason: secret });
  expect(await readEverything(path)).toContain(secret);
  const answer = await api.post(`${path}/redact`, { text: secret, reason: 'not for the record' }, { 'X-Actor': 'eve' });
  expect(answer).toMatchObject({ status: 200, body: { by: 'eve', reason: 'not for the record' } });
  expect(answer.body.artifacts.length).toBeGreaterThanOrEqual(2);
  expect(answer.body.remains[0]).toMatch(/Temporal cannot be changed/);
  expect(await readEverything(path)).not.toContain(secret);
  expect((await api.get(`${path}/status`)).body.title).toBe('Dark mode; [redacted: by request].');
  const { body: list } = await api.get('/api/workflows?limit=200');
  expect(JSON.stringify(list)).toContain('Dark mode; [redacted: by request].');
  expect(JSON.stringify(list)).not.toContain(secret);
  const { body: record } = await api.get(`${path}/record`);
  expect(verifyRecord(record, TOOLS)).toMatchObject({ flaws: [] });
  const verification = await verify(record);
  expect(verification.code).toBe(0);
  expect(verification.output).toMatch(/redacted: \d+ places\n\s+\d{4}-.* by eve: not for the record/);
  const entry = record.entries.find(({ kind }: Body) => kind === 'redaction');
  expect(entry.body.contents.map(({ digest }: Body) => digest)).toEqual(expect.arrayContaining(answer.body.artifacts));
  const tampers: Array<(one: Body) => void> = [
    (one) => (one.contents[answer.body.artifacts[0]].content += ' '),
    (one) => (one.contents[answer.body.artifacts[0]].content = one.contents[answer.body.artifacts[1]].content),
    (one) => delete one.contents[answer.body.artifacts[0]],
    (one) => one.entries.splice(entry.index, 1),
    (one) => (one.entries[entry.index].body.reason = 'another reason'),
    (one) => (one.entries[entry.index].body.contents[0].redactedDigest = `sha256:${'0'.repeat(64)}`),
    (one) => (one.entries[1].body.actor = 'mallory'),
    (one) => (one.signature = null),
  ];
  for (const tamper of tampers) {
    const changed = JSON.parse(JSON.stringify(record));
    tamper(changed);
    expect((verifyRecord(changed, TOOLS) as { flaws: object[] }).flaws.length).toBeGreaterThan(0);
  }
  // The build continues with the redacted data.
  await api.post(`${path}/resume`, {});
  expect((await api.post(`${path}/advance`, result('planning'))).status).toBe(200);
});

test('a whole artifact is redacted by its digest, in this build only', async () => {
  const [one, other] = [await begin({ requirements: 'first of two' }), await begin({ requirements: 'second of two' })];
  const { body: record } = await api.get(`${one.path}/record`);
  const digest = record.entries[0].body.requestDigest;
  const body = { digest, reason: 'wrong file' };
  expect((await api.post(`${other.path}/redact`, body)).status).toBe(404);
  expect((await api.post(`${one.path}/redact`, { ...body, text: 'both of them' })).status).toBe(400);
  await api.post(`${one.path}/advance`, result('discovery', { summary: 'to be thrown away' }));
  const output = (await api.get(`${one.path}/record`)).body.entries.at(-1).body.outputs.discovery.digest;
  const answer = await api.post(`${one.path}/redact`, { digest: output, reason: 'wrong file' });
  expect(answer.body.artifacts).toEqual([output]);
  expect((await api.get(`${one.path}/artifacts/${output}`)).body).toBe('[redacted: by request]');
  const redactedRecord = (await api.get(`${one.path}/record`)).body;
  expect(verifyRecord(redactedRecord, TOOLS)).toMatchObject({ flaws: [] });
  // The store does not take the redacted content again.
  await api.stack.deps.artifacts.put(JSON.stringify({ summary: 'to be thrown away' }));
  expect((await api.get(`${one.path}/artifacts/${output}`)).body).toBe('[redacted: by request]');
});
