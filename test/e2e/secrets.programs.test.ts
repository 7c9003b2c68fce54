/**
 * Plants twenty secrets of twenty kinds in one build of the whole product: embedded server, worker, API and a chain of models.
 * Then searches each of them in every place that must not have it.
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

const SECRETS = secretsOf('planted');
const OTHER_SECRETS = secretsOf('planted elsewhere');
const PEM = privateKey();
const KEY = keyLine('first');
/** The planted secrets, by the place in which each one is planted. */
const PLANTED: Record<string, string> = {
  requirements: SECRETS.github,
  'a url in requirements': SECRETS.inUrl,
  'a member of metadata': SECRETS.password,
  'a header in metadata': SECRETS.bearer,
  'an attachment': PEM.split('\n')[1] as string,
  'an answer to a question': SECRETS.slack,
  'the reason of a command': SECRETS.stripe,
  'an actor': SECRETS.linear,
  'an Idempotency-Key': SECRETS.google,
  'a file of the repository': SECRETS.sendgrid,
  'the README of the repository': SECRETS.aws,
  'what a test prints': SECRETS.vault,
  'an answer of the model': SECRETS.jwt,
  'a plan of the model': SECRETS.gitlab,
  'an error of the provider': SECRETS.digitalOcean,
  'the key of a model': SECRETS.anthropic,
  'the key of another model': SECRETS.openai,
  'a setting of a provider': signs(40, 'planted aws secret'),
  'an environment variable that is no setting': OTHER_SECRETS.github,
  'the key of payloads': KEY.split(' ')[1] as string,
  'what install steps are given': SECRETS.npm,
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
    const message = `invalid x-api-key ${SECRETS.anthropic}; the gateway has ${SECRETS.digitalOcean}`;
    res.end(JSON.stringify({ type: 'error', error: { type: 'authentication_error', message } }));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => provider.once('listening', resolve));
  const script = `scripted:${plantedScript()}`;
  writeFileSync(join(folder, 'setup-env'), `NPM_TOKEN=${SECRETS.npm}\n`, { mode: 0o600 });
  program = beginProgram({
    name: 'start',
    folder,
    env: {
      ...{ LOG_LEVEL: 'trace', LOG_FORMAT: 'json', MODEL: script, MODEL_RELEASE_MANAGER: 'anthropic:claude-x' },
      ANTHROPIC_BASE_URL: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/v1`,
      ...{ ANTHROPIC_API_KEY: SECRETS.anthropic, OPENAI_API_KEY: SECRETS.openai, GITHUB_TOKEN: OTHER_SECRETS.github },
      AWS_SECRET_ACCESS_KEY: PLANTED['a setting of a provider'],
      ...{ REPOSITORY_ROOTS: tmpdir(), PAYLOAD_KEYS_FILE: writeKeys(KEY), SETUP_ENV_FILE: join(folder, 'setup-env') },
      ...{ EXPERIMENT_RUNS: '0', TEMPORAL_ADDRESS: undefined },
    },
  });
  watch = setInterval(() => recordEnvironments(program.child.pid ?? 0), 100);
  [, url = ''] = (await program.waitFor(/ready (http[^\s"]+)/)) as unknown as string[];
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
  writeFileSync(join(place, 'README.md'), `# Field notes\n\nThe key of the bucket is ${SECRETS.aws}.\n`);
  writeFileSync(join(place, 'src/mail.js'), `export const key = '${SECRETS.sendgrid}';\n`);
  const prints = `import test from 'node:test';\ntest('it prints', () => console.log('vault: ${SECRETS.vault}'));\n`;
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
  step.output.summary += ` The session is ${SECRETS.jwt}.`;
  const stepWithQuestion = structuredClone(step);
  stepWithQuestion.output.open_questions = [{ id: 'Q1', text: `Which one? Not ${SECRETS.jwt}?`, blocking: true }];
  script.phases.discovery = [[stepWithQuestion], [step]];
  script.phases.planning[0][0].output.summary += ` Deployed with ${SECRETS.gitlab}.`;
  writeFileSync(file, JSON.stringify(script));
  return file;
}

/** Records the environments of all processes that the program started, also of those in other process groups. */
function recordEnvironments(root: number): void {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    const stat = readOrEmpty(`/proc/${name}/stat`);
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const isBelow = (pid: number): boolean => {
    for (let at = parents.get(pid) ?? 0, hops = 0; at > 1 && hops < 50; at = parents.get(at) ?? 0, hops += 1)
      if (at === root) return true;
    return false;
  };
  for (const pid of [...parents.keys()].filter(isBelow)) {
    const environ = readOrEmpty(`/proc/${pid}/environ`);
    // Between fork and exec a child still has the command line of its parent.
    if (environ !== '' && readOrEmpty(`/proc/${pid}/cmdline`) !== readOrEmpty(`/proc/${root}/cmdline`))
      environments.set(`${readOrEmpty(`/proc/${pid}/comm`).trim()} ${environ}`, environ);
  }
}

function readOrEmpty(path: string): string {
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
const statusOf = async (isWanted: (body: Body) => boolean) =>
  until(async () => (await get(`${BUILD}/status`)).body as Body, isWanted, 400_000);

async function runBuild(): Promise<void> {
  const startAnswer = await post('/shop/start', {
    ...{ build_id: 'planted', user_id: 'ada', repository: { path: repository } },
    requirements: `Build me a dark mode feature with ${SECRETS.github} from https://bot:${SECRETS.inUrl}@git.example.org/till`,
    metadata: { database: { password: SECRETS.password }, header: `Bearer ${SECRETS.bearer}` },
    attachments: [{ name: 'deploy.yaml', media_type: 'application/yaml', base64: Buffer.from(PEM).toString('base64') }],
    commands: { setup: ['sh', '-c', 'test -n "$NPM_TOKEN"'] },
  });
  expect(startAnswer.status).toBe(201);
  expect(startAnswer.body.warnings.length).toBeGreaterThanOrEqual(5);
  const waitingStatus = await statusOf(({ status }) => status === 'waiting' || status === 'error');
  expect(waitingStatus).toMatchObject({ status: 'waiting' });
  const answers = { Q1: `The one with ${SECRETS.slack}` };
  const headers = { 'X-Actor': `ada ${SECRETS.linear}`, 'Idempotency-Key': SECRETS.google };
  expect(await post(`${BUILD}/answer`, { answers }, headers)).toMatchObject({ status: 200 });
  await post(`${BUILD}/pause`, { reason: `until ${SECRETS.stripe} is gone` });
  expect(await post(`${BUILD}/resume`, { reason: 'on' })).toMatchObject({ status: 200 });
  const endStatus = await statusOf(({ status }) => status === 'complete' || status === 'error');
  // The provider of the last role refuses; its message is in the log and in an artifact.
  expect(endStatus).toMatchObject({ status: 'error', current_state: 'error', failure: { phase: 'deployment' } });
}

function placesIn(where: string): string[] {
  return Object.entries(PLANTED).flatMap(([place, secret]) => {
    const spellings = [secret, Buffer.from(secret).toString('base64').slice(0, 24), secret.slice(0, 16)];
    return spellings.some((one) => where.includes(one)) ? [place] : [];
  });
}

test('S17: none of twenty planted secrets is in the database, the logs, the records, an answer, or the environment of a child', async () => {
  expect(Object.keys(PLANTED).length).toBeGreaterThanOrEqual(20);
  await runBuild();
  const names = ['status', 'history?limit=1000', 'events', 'evidence', 'approvals', 'record'];
  const answersByName = new Map<string, string>();
  for (const name of names) answersByName.set(name, JSON.stringify((await get(`${BUILD}/${name}`)).body));
  answersByName.set('list', JSON.stringify((await get('?project_id=shop')).body));
  answersByName.set('stats', JSON.stringify((await ask(`${url}/api/project/shop/stats`, {})).body));
  const record = JSON.parse(answersByName.get('record') ?? '') as Body;
  expect(verifyRecord(record, TOOLS)).toMatchObject({ flaws: [], signedBy: expect.stringMatching(/^SHA256:/) });
  expect(record.entries.some(({ kind }: Body) => kind === 'redaction')).toBe(true);
  for (const { kind, body } of record.entries as Body[])
    if (kind === 'artifact')
      answersByName.set(body.digest, JSON.stringify((await get(`${BUILD}/artifacts/${body.digest}`)).body));
  // The texts around the secrets are there: the log of the tests, and the answer of the model.
  expect([...answersByName.values()].join('\n')).toContain('vault: [redacted: HashiCorp Vault token]');
  expect([...answersByName.values()].join('\n')).toContain('The session is [redacted: JSON Web Token]');
  for (const [name, text] of answersByName) expect({ name, places: placesIn(text) }).toEqual({ name, places: [] });

  const data = join(folder, 'data');
  const database = readdirSync(data).filter((name) => name.startsWith('temporal.'));
  expect(database).toEqual(expect.arrayContaining(['temporal.db', 'temporal.db-wal', 'temporal.log']));
  const bytes = database.map((name) => readFileSync(join(data, name), 'latin1')).join('\n');
  expect(bytes).toContain('binary/encrypted');
  expect(placesIn(bytes)).toEqual([]);

  expect(program.output()).toContain('shop.planted');
  expect(program.output()).toMatch(/the gateway has \[/);
  expect(placesIn(program.output())).toEqual([]);

  expect([...environments.keys()].some((one) => one.startsWith('temporal'))).toBe(true);
  expect([...environments.keys()].some((one) => one.startsWith('esbuild'))).toBe(true);
  expect(environments.size).toBeGreaterThan(3);
  const leaks = [...environments].flatMap(([who, environ]) =>
    placesIn(environ).map((place) => `${who.split(' ')[0]}: ${place}`),
  );
  // Only the install step has a secret, and only its own one.
  expect(leaks.filter((one) => !one.endsWith(': what install steps are given'))).toEqual([]);
}, 900_000);
