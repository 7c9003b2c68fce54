/**
 * The README's commands, run as they stand there: the seven endpoints by curl, and the same by the temporal CLI.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { createSigner } from '../src/adapters/record/signature';
import { findBinary } from '../src/adapters/temporal/binary';
import { CLI_VERSION } from '../src/adapters/temporal/fetch-binary';
import { createApp } from '../src/api/app';
import { codeSchema } from '../src/activities/outputs';
import { SETTINGS } from '../src/programs/config';
import { roleDefaults } from '../src/programs/wiring';
import type { buildWorkflow } from '../src/workflows';
import { buildQuery } from '../src/workflows/messages';
import { startStack } from './fixture';
import type { Stack } from './fixture';

const README = readFileSync(join(__dirname, '../README.md'), 'utf8');
const run = promisify(execFile);

let stack: Stack;
let server: Server;
let origin: string;

beforeAll(async () => {
  stack = await startStack();
  const { client, deps, config } = stack;
  const app = createApp({
    ...{
      client,
      artifacts: deps.artifacts,
      documents: deps.documents,
      signText: createSigner(deps.documents),
      prompts: deps.prompts,
      searchAttributesKnown: true,
    },
    ...{ taskQueue: config.temporal.taskQueue, roleDefaults: roleDefaults(config), repositoryRoots: [] },
    log: pino({ level: 'silent' }),
  });
  await new Promise<void>((resolve) => (server = app.listen(0, '127.0.0.1', () => resolve())));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  await new Promise((resolve) => server?.close(resolve));
  await stack?.stop();
});

test('the seven curl commands work as they stand', async () => {
  const script = ownProject(blockWith('$API/shop/start')).replace('http://127.0.0.1:8000', origin);
  const answers = (await bash(script.replaceAll(/^curl -s (.*)$/gm, 'curl -s $1; echo'))).map((line) =>
    JSON.parse(line),
  );
  expect(answers).toEqual([
    expect.objectContaining({ workflow_id: `${PROJECT}.dark-mode`, initial_state: 'discovery', status: 'started' }),
    expect.objectContaining({ previous_state: 'discovery', new_state: 'planning', is_complete: false }),
    expect.objectContaining({ previous_state: 'planning', new_state: 'handoff_to_coder', next_role: 'code_writer' }),
    expect.objectContaining({ current_state: 'handoff_to_coder', completed_phases: ['discovery', 'planning'] }),
    expect.objectContaining({ handoff_count: 2 }),
    expect.objectContaining({ retry_requested: true, previous_state: 'planning' }),
    expect.objectContaining({ rollback_successful: true, new_state: 'discovery' }),
    expect.objectContaining({ project_id: PROJECT, total_workflows: 1, in_progress: 1 }),
  ]);
}, 60_000);

test('findings are listed and decided by the commands as they stand', async () => {
  const script = ownProject(blockWith('/approve')).replaceAll(/^curl -s (.*)$/gm, 'curl -s $1; echo');
  const lines = await bash(script, { API: `${origin}/api/workflows`, JSON: 'content-type: application/json' });
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ open: [], approved: [] });
  expect(JSON.parse(lines[1] ?? '')).toMatchObject({ status: 409, field: 'digest' });
});

test('the record of that build verifies, by the two commands as they stand', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'q-test-readme-'));
  try {
    const script = ownProject(blockWith('npx qo verify')).replaceAll('record.json', join(folder, 'record.json'));
    const lines = await bash(script, { API: `${origin}/api/workflows` });
    expect(lines).toContain(`${PROJECT}.dark-mode: waiting`);
    expect(lines.at(-1)).toBe('ok');
  } finally {
    await rm(folder, { recursive: true });
  }
}, 60_000);

test('the temporal CLI commands work as they stand', async () => {
  // Puts it where the block looks for it; one that was named to these tests is nowhere a block could look.
  const cliPath = process.env.TEMPORAL_CLI_PATH || undefined;
  await findBinary({ cliPath });
  const PATH = cliPath === undefined ? {} : { PATH: `${process.env.PATH}:${dirname(cliPath)}` };
  const block = ownProject(blockWith('--name advance'));
  expect(block).toContain(`/temporal-${CLI_VERSION}"`);
  const address = stack.config.temporal.address ?? '';
  await bash(block.replace('127.0.0.1:7233', address).replace('http://127.0.0.1:8000', origin), PATH);
  const handle = stack.client.workflow.getHandle<typeof buildWorkflow>(`${PROJECT}.by-cli`);
  await expect(handle.result()).rejects.toThrow('cancelled');
  const build = await handle.query(buildQuery);
  expect(build.cancelled).toBe(true);
  expect(build.handoffs.map((handoff) => handoff.toState)).toEqual([
    'planning',
    'handoff_to_coder',
    'planning',
    'discovery',
  ]);
  expect(build.events.filter((event) => event.type === 'refused')).toHaveLength(2);
}, 60_000);

test('every setting it names is one that the program reads', () => {
  const table = README.slice(README.indexOf('## Configuration'), README.indexOf('## When something'));
  const named = [...table.matchAll(/`([A-Z][A-Z0-9_]+)(?:=[^`]*)?`/g)].map((match) => match[1]);
  const known = SETTINGS.map((setting) => setting.name as string);
  expect(named.filter((name) => name !== undefined && !known.includes(name))).toEqual([]);
  expect(named.length).toBeGreaterThan(10);
});

test('every npm script it names is there, and the one that builds needs nothing but the compiler', () => {
  const { scripts } = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const named = [...README.matchAll(/npm run ([a-z-]+)/g)].map((match) => match[1]);
  expect(named.filter((name) => name !== undefined && !(name in scripts))).toEqual([]);
  expect(scripts.build).toBe('tsc -p tsconfig.build.json');
  expect(readFileSync(join(__dirname, '../.ci/run'), 'utf8')).toMatch(/^npm run build$/m);
});

test('the files of an external Code Writer are sent as its schema has them, and the README says where they end up', async () => {
  const sent = /"phase_result": (\{"summary": [^`\n]*"files": .*\})\}'$/m.exec(README)?.[1] ?? '';
  expect(codeSchema.shape.files.safeParse((JSON.parse(sent) as { files: unknown }).files).success).toBe(true);
  expect(README).toContain('$DATA_DIR/repositories/<project>.git');
  expect(README).toContain('$DATA_DIR/releases/<project>/current');
});

test('every file it shows or links to is there', () => {
  const links = [...README.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map((match) => join(__dirname, '..', match[1] ?? ''));
  expect(links.length).toBeGreaterThan(4);
  for (const link of links) expect(() => readFileSync(link)).not.toThrow(/ENOENT/);
});

/** Other tests have a project `shop` on the run's one server. */
const PROJECT = 'readme-shop';

function ownProject(script: string): string {
  return script.replaceAll(/\bshop\b/g, PROJECT);
}

function blockWith(text: string): string {
  const block = [...README.matchAll(/```bash\n([\s\S]*?)```/g)]
    .map((match) => match[1] ?? '')
    .find((code) => code.includes(text));
  if (block === undefined) throw new Error(`the README has no block with ${text}`);
  return block;
}

/** Runs a block; any command that fails ends it. Gives the lines it printed. */
async function bash(script: string, env: Record<string, string> = {}): Promise<string[]> {
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], { env: { ...process.env, ...env } });
  return stdout.split('\n').filter((line) => line !== '');
}
