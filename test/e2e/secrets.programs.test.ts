/**
 * Twenty secrets of twenty kinds are planted in one build of the whole product: embedded server, worker, API and a chain of
 * models. Then each is searched for in every place that must not have it.
 */
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TOOLS } from '../../src/programs/cli/verify-file';
import { verifyRecord } from '../../src/domain/record/verify';
import { ask } from '../api/served';
import type { Body } from '../api/served';
import { keyLine, writeKeys } from '../payload-keys';
import { privateKey, secretsOf, signs } from '../secret-values';
import { until } from '../until';
import { beginProgram } from './a-program';
import type { Program } from './a-program';
import { gitIn, makeProject } from './a-project';

const S = secretsOf('planted');
const OTHER = secretsOf('planted elsewhere');
const PEM = privateKey();
const KEY = keyLine('first');
/** By place. */
const PLANTED: Record<string, string> = {
  requirements: S.github,
  'a url in requirements': S.inUrl,
  'a member of metadata': S.password,
  'a header in metadata': S.bearer,
  'an attachment': PEM.split('\n')[1] as string,
  'an answer to a question': S.slack,
  'the reason of a command': S.stripe,
  'an actor': S.linear,
  'an Idempotency-Key': S.google,
  'a file of the repository': S.sendgrid,
  'the README of the repository': S.aws,
  'what a test prints': S.vault,
  'an answer of the model': S.jwt,
  'a plan of the model': S.gitlab,
  'an error of the provider': S.digitalOcean,
  'the key of a model': S.anthropic,
  'the key of another model': S.openai,
  'a setting of a provider': signs(40, 'planted aws secret'),
  'an environment variable that is no setting': OTHER.github,
  'the key of payloads': KEY.split(' ')[1] as string,
  'what install steps are given': S.npm,
};

let folder: string;
let repository: string;
let provider: Server;
let program: Program;
let url: string;
/** Environments of all processes that the program started, as they were seen. */
const environments = new Map<string, string>();
let watch: NodeJS.Timeout;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'q-test-planted-'));
  repository = plantedRepository();
  provider = createServer((_req, res) => {
    res.writeHead(401, { 'content-type': 'application/json' });
    const message = `invalid x-api-key ${S.anthropic}; the gateway has ${S.digitalOcean}`;
    res.end(JSON.stringify({ type: 'error', error: { type: 'authentication_error', message } }));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => provider.once('listening', resolve));
  const script = `scripted:${plantedScript()}`;
  writeFileSync(join(folder, 'setup-env'), `NPM_TOKEN=${S.npm}\n`, { mode: 0o600 });
  program = beginProgram({
    name: 'start',
    folder,
    env: {
      ...{ LOG_LEVEL: 'trace', LOG_FORMAT: 'json', MODEL: script, MODEL_RELEASE_MANAGER: 'anthropic:claude-x' },
      ANTHROPIC_BASE_URL: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/v1`,
      ...{ ANTHROPIC_API_KEY: S.anthropic, OPENAI_API_KEY: S.openai, GITHUB_TOKEN: OTHER.github },
      AWS_SECRET_ACCESS_KEY: PLANTED['a setting of a provider'],
      ...{ REPOSITORY_ROOTS: tmpdir(), PAYLOAD_KEYS_FILE: writeKeys(KEY), SETUP_ENV_FILE: join(folder, 'setup-env') },
      ...{ EXPERIMENT_RUNS: '0', TEMPORAL_ADDRESS: undefined },
    },
  });
  watch = setInterval(() => lookAtChildren(program.child.pid ?? 0), 100);
  [, url = ''] = (await program.seen(/ready (http[^\s"]+)/)) as unknown as string[];
}, 200_000);
afterAll(async () => {
  clearInterval(watch);
  program.child.kill('SIGINT');
  await program.exitCode;
  provider.close();
  for (const place of [folder, repository]) rmSync(place, { recursive: true, force: true });
}, 60_000);

function plantedRepository(): string {
  const place = makeProject();
  writeFileSync(join(place, 'README.md'), `# Field notes\n\nThe key of the bucket is ${S.aws}.\n`);
  writeFileSync(join(place, 'src/mail.js'), `export const key = '${S.sendgrid}';\n`);
  const prints = `import test from 'node:test';\ntest('it prints', () => console.log('vault: ${S.vault}'));\n`;
  writeFileSync(join(place, 'test/prints.test.js'), prints);
  gitIn(place, 'add', '.');
  gitIn(place, '-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', 'commit', '-q', '-m', 'Add mail');
  return place;
}

/** The example's answers; discovery first has a question. */
function plantedScript(): string {
  cpSync(join(__dirname, '../../examples/dark-mode'), join(folder, 'model'), { recursive: true });
  const file = join(folder, 'model/script.json');
  const script = JSON.parse(readFileSync(file, 'utf8').replace(/"delay_ms": \d+/g, '"delay_ms": 1')) as Body;
  const [[step]] = script.phases.discovery;
  step.output.summary += ` The session is ${S.jwt}.`;
  const asked = structuredClone(step);
  asked.output.open_questions = [{ id: 'Q1', text: `Which one? Not ${S.jwt}?`, blocking: true }];
  script.phases.discovery = [[asked], [step]];
  script.phases.planning[0][0].output.summary += ` Deployed with ${S.gitlab}.`;
  writeFileSync(file, JSON.stringify(script));
  return file;
}

/** Everything below the program, also what leads a group of its own. */
function lookAtChildren(root: number): void {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    const stat = readOr(`/proc/${name}/stat`);
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const isBelow = (pid: number): boolean => {
    for (let at = parents.get(pid) ?? 0, hops = 0; at > 1 && hops < 50; at = parents.get(at) ?? 0, hops += 1)
      if (at === root) return true;
    return false;
  };
  for (const pid of [...parents.keys()].filter(isBelow)) {
    const environ = readOr(`/proc/${pid}/environ`);
    // Between a fork and what is run then, a child is its parent still.
    if (environ !== '' && readOr(`/proc/${pid}/cmdline`) !== readOr(`/proc/${root}/cmdline`))
      environments.set(`${readOr(`/proc/${pid}/comm`).trim()} ${environ}`, environ);
  }
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

const get = (path: string) => ask(`${url}/api/workflows${path}`, {});
const post = (path: string, body: object, headers = {}) =>
  ask(`${url}/api/workflows${path}`, {
    ...{ method: 'POST', body: JSON.stringify(body) },
    headers: { 'content-type': 'application/json', ...headers },
  });

const BUILD = '/shop.planted';
const statusOf = async (wanted: (body: Body) => boolean) =>
  until(async () => (await get(`${BUILD}/status`)).body as Body, wanted, 400_000);

async function build(): Promise<void> {
  const started = await post('/shop/start', {
    ...{ build_id: 'planted', user_id: 'ada', repository: { path: repository } },
    requirements: `Build me a dark mode feature with ${S.github} from https://bot:${S.inUrl}@git.example.org/till`,
    metadata: { database: { password: S.password }, header: `Bearer ${S.bearer}` },
    attachments: [{ name: 'deploy.yaml', media_type: 'application/yaml', base64: Buffer.from(PEM).toString('base64') }],
    commands: { setup: ['sh', '-c', 'test -n "$NPM_TOKEN"'] },
  });
  expect(started.status).toBe(201);
  expect(started.body.warnings.length).toBeGreaterThanOrEqual(5);
  const asked = await statusOf(({ status }) => status === 'waiting' || status === 'error');
  expect(asked).toMatchObject({ status: 'waiting' });
  const answers = { Q1: `The one with ${S.slack}` };
  const headers = { 'X-Actor': `ada ${S.linear}`, 'Idempotency-Key': S.google };
  expect(await post(`${BUILD}/answer`, { answers }, headers)).toMatchObject({ status: 200 });
  await post(`${BUILD}/pause`, { reason: `until ${S.stripe} is gone` });
  expect(await post(`${BUILD}/resume`, { reason: 'on' })).toMatchObject({ status: 200 });
  const ended = await statusOf(({ status }) => status === 'complete' || status === 'error');
  // The last role's provider refuses: its words are told in the log and in an artifact.
  expect(ended).toMatchObject({ status: 'error', current_state: 'error', failure: { phase: 'deployment' } });
}

function found(where: string): string[] {
  return Object.entries(PLANTED).flatMap(([place, secret]) => {
    const spellings = [secret, Buffer.from(secret).toString('base64').slice(0, 24), secret.slice(0, 16)];
    return spellings.some((one) => where.includes(one)) ? [place] : [];
  });
}

test('S17: of twenty planted secrets none is in the database, the logs, the records, what is shown, or a child', async () => {
  expect(Object.keys(PLANTED).length).toBeGreaterThanOrEqual(20);
  await build();
  const names = ['status', 'history?limit=1000', 'events', 'evidence', 'approvals', 'record'];
  const shown = new Map<string, string>();
  for (const name of names) shown.set(name, JSON.stringify((await get(`${BUILD}/${name}`)).body));
  shown.set('list', JSON.stringify((await get('?project_id=shop')).body));
  shown.set('stats', JSON.stringify((await ask(`${url}/api/project/shop/stats`, {})).body));
  const record = JSON.parse(shown.get('record') ?? '') as Body;
  expect(verifyRecord(record, TOOLS)).toMatchObject({ flaws: [], signedBy: expect.stringMatching(/^SHA256:/) });
  expect(record.entries.some(({ kind }: Body) => kind === 'redaction')).toBe(true);
  for (const { kind, body } of record.entries as Body[])
    if (kind === 'artifact')
      shown.set(body.digest, JSON.stringify((await get(`${BUILD}/artifacts/${body.digest}`)).body));
  // That it was there to be found: the log of the tests, and the words of the model.
  expect([...shown.values()].join('\n')).toContain('vault: [redacted: HashiCorp Vault token]');
  expect([...shown.values()].join('\n')).toContain('The session is [redacted: JSON Web Token]');
  for (const [name, text] of shown) expect({ name, found: found(text) }).toEqual({ name, found: [] });

  const data = join(folder, 'data');
  const database = readdirSync(data).filter((name) => name.startsWith('temporal.'));
  expect(database).toEqual(expect.arrayContaining(['temporal.db', 'temporal.db-wal', 'temporal.log']));
  const bytes = database.map((name) => readFileSync(join(data, name), 'latin1')).join('\n');
  expect(bytes).toContain('binary/encrypted');
  expect(found(bytes)).toEqual([]);

  expect(program.said()).toContain('shop.planted');
  expect(program.said()).toMatch(/the gateway has \[/);
  expect(found(program.said())).toEqual([]);

  expect([...environments.keys()].some((one) => one.startsWith('temporal'))).toBe(true);
  expect([...environments.keys()].some((one) => one.startsWith('esbuild'))).toBe(true);
  expect(environments.size).toBeGreaterThan(3);
  const told = [...environments].flatMap(([who, environ]) =>
    found(environ).map((place) => `${who.split(' ')[0]}: ${place}`),
  );
  // The install step alone, and its own secret alone.
  expect(told.filter((one) => !one.endsWith(': what install steps are given'))).toEqual([]);
}, 900_000);
