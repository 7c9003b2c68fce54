/**
 * Runs the README's commands unchanged: the seven endpoints by curl, and the same by the temporal CLI.
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
import { createApiAccess, createGitService, roleDefaults } from '../src/programs/wiring';
import type { buildWorkflow } from '../src/workflows';
import { buildQuery } from '../src/workflows/messages';
import { startStack } from './fixture';
import type { Stack } from './fixture';
import { verifies } from './requirements/verifies';

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
      access: createApiAccess(config, { warn: () => undefined }),
      artifacts: deps.artifacts,
      ...{ documents: deps.documents, projectSettings: deps.projectSettings },
      signText: createSigner(deps.documents),
      prompts: deps.prompts,
      readers: deps.readers,
      git: createGitService(config, deps),
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

test('O15: every command after the heading of the seven endpoints works unchanged, in this order, in one shell', async () => {
  // Fetches the CLI into the folder where the block looks for it. If TEMPORAL_CLI_PATH names another one, the block finds it by PATH.
  const cliPath = process.env.TEMPORAL_CLI_PATH || undefined;
  await findBinary({ cliPath });
  const PATH = cliPath === undefined ? {} : { PATH: `${process.env.PATH}:${dirname(cliPath)}` };
  const folder = await mkdtemp(join(tmpdir(), 'q-test-readme-'));
  try {
    const [
      endpointLines,
      coderLines,
      pushLines,
      handoffLines,
      findingLines,
      recordLines,
      cliLines,
      tokenLines,
      ...moreBlocks
    ] = await runBlocks(blocksAfter('## The seven endpoints'), {
      folder,
      env: { ...PATH, DATA_DIR: stack.config.dataDir },
    });
    expect(moreBlocks).toEqual([]);
    expect(endpointLines?.map(parse)).toEqual([
      expect.objectContaining({ workflow_id: `${PROJECT}.dark-mode`, initial_state: 'discovery', status: 'started' }),
      expect.objectContaining({ previous_state: 'discovery', new_state: 'planning', is_complete: false }),
      expect.objectContaining({ previous_state: 'planning', new_state: 'handoff_to_coder', next_role: 'code_writer' }),
      expect.objectContaining({ current_state: 'handoff_to_coder', completed_phases: ['discovery', 'planning'] }),
      expect.objectContaining({ handoff_count: 2 }),
      expect.objectContaining({ retry_requested: true, previous_state: 'planning' }),
      expect.objectContaining({ rollback_successful: true, new_state: 'discovery' }),
      expect.objectContaining({ project_id: PROJECT, total_workflows: 1, in_progress: 1 }),
    ]);
    expect(coderLines?.map(parse)).toEqual([
      expect.objectContaining({ new_state: 'planning' }),
      expect.objectContaining({ new_state: 'handoff_to_coder' }),
      expect.objectContaining({ new_state: 'implementation', next_role: 'code_writer' }),
      expect.objectContaining({ role: 'code_writer' }),
    ]);
    expect(pushLines?.join('\n')).toContain('Add the dark theme');
    expect(handoffLines?.map(parse)).toEqual([
      expect.objectContaining({ previous_state: 'implementation', new_state: 'handoff_to_tester' }),
    ]);
    const heads = ['HEAD', 'origin/builds/dark-mode'];
    const { stdout } = await run('git', ['-C', join(folder, PROJECT), 'rev-parse', ...heads]);
    expect(new Set(stdout.trim().split('\n')).size).toBe(1);
    expect(findingLines?.map(parse)).toEqual([
      expect.objectContaining({ open: [], approved: [] }),
      expect.objectContaining({ status: 409, field: 'digest' }),
    ]);
    expect(recordLines).toContain(`${PROJECT}.dark-mode: waiting`);
    expect(recordLines?.at(-1)).toBe('ok');
    expect(cliLines?.length).toBeGreaterThan(0);
    const [refusal, status, branch, ...tokenList] = tokenLines ?? [];
    expect(parse(refusal ?? '')).toMatchObject({ status: 401 });
    expect(parse(status ?? '')).toMatchObject({ workflow_id: `${PROJECT}.dark-mode` });
    expect(branch).toMatch(/refs\/heads\/builds\/dark-mode$/);
    expect(tokenList).toEqual([expect.stringMatching(/^ada +valid +operator,approver; readme-shop; expires /)]);
  } finally {
    await rm(folder, { recursive: true });
  }
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
}, 300_000);

test('O15: CI runs every command of the README: the tests, the demonstration among them, and a sample of the corpus', () => {
  const firstPart = README.slice(0, README.indexOf('## The seven endpoints'));
  const commandsIn = (text: string) => [...text.matchAll(BASH)].map(([, code = '']) => code.trim());
  const commands = commandsIn(firstPart);
  expect(commands).toEqual(['npm install && npm run demo', 'npm install && npm test']);
  const ci = readFileSync(join(__dirname, '../.ci/run'), 'utf8').split('\n');
  expect(ci.filter((line) => commands.includes(line))).toEqual(commands.slice(1, 2));
  expect(ci).toContain('npm run test:programs');
  const forDevelopers = commandsIn(readFileSync(join(__dirname, '../docs/development.md'), 'utf8'));
  expect(forDevelopers).toEqual(['npm run corpus']);
  expect(ci).toContain(`${forDevelopers[0]} -- --sample`);
  expect(README).toContain(`/temporal-${CLI_VERSION}"`);
});

verifies('9.18');
test('every setting that the README names is one that the program reads', () => {
  const table = README.slice(README.indexOf('## Configuration'), README.indexOf('## When something'));
  const named = [...table.matchAll(/`([A-Z][A-Z0-9_]+)(?:=[^`]*)?`/g)].map((match) => match[1]);
  const known = SETTINGS.map((setting) => setting.name as string);
  expect(named.filter((name) => name !== undefined && !known.includes(name))).toEqual([]);
  expect(named.length).toBeGreaterThan(10);
});

verifies('9.18');
test('every npm script that the README and the guides name exists, and the build needs only the compiler', () => {
  const { scripts } = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const texts = ['README.md', 'docs/development.md', 'docs/operators.md'].map((file) =>
    readFileSync(join(__dirname, '..', file), 'utf8'),
  );
  const named = [...texts.join('\n').matchAll(/npm run ([a-z:-]+)/g)].map((match) => match[1]);
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => name !== undefined && !(name in scripts))).toEqual([]);
  expect(scripts.build).toBe('tsc -p tsconfig.build.json');
  expect(readFileSync(join(__dirname, '../.ci/run'), 'utf8')).toMatch(/^npm run build$/m);
});

test('the README sends the files of an external Code Writer in the form of its schema, and says where they end up', async () => {
  const sentResult = /"phase_result": (\{"summary": [^`\n]*"files": .*\})\}'$/m.exec(README)?.[1] ?? '';
  expect(codeSchema.shape.files.safeParse((JSON.parse(sentResult) as { files: unknown }).files).success).toBe(true);
  expect(README).toContain('$DATA_DIR/repositories/<project>.git');
  expect(README).toContain('$DATA_DIR/releases/<project>/current');
});

/** Stands for `shop`, a project that other tests have on the same server. */
const PROJECT = 'readme-shop';

function withOwnProject(script: string): string {
  return script.replaceAll(/\bshop\b/g, PROJECT);
}

const BASH = /```bash\n([\s\S]*?)```/g;

function blocksAfter(heading: string): string[] {
  return [...README.slice(README.indexOf(heading)).matchAll(BASH)].map(([, code = '']) => code);
}

/** Runs the blocks one after the other in one shell; any command that fails ends it. Gives the lines that each printed. */
async function runBlocks(blocks: string[], { folder, env }: { folder: string; env: object }): Promise<string[][]> {
  // A block that clones runs in a folder for clones.
  const adaptedBlocks = blocks.map((block) => (/^git clone /.test(block) ? `(cd "$CLONES"\n${block})\n` : block));
  const script = withOwnProject(adaptedBlocks.join(`echo ${BETWEEN}\n`))
    .replaceAll('http://127.0.0.1:8000', origin)
    .replaceAll('127.0.0.1:7233', stack.config.temporal.address ?? '')
    .replaceAll('record.json', join(folder, 'record.json'))
    // An answer of the API has no line end.
    .replaceAll(/^curl -s (.*)$/gm, 'curl -s $1; echo');
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], {
    env: { ...process.env, ...GIT_USER, CLONES: folder, ...env },
  });
  return stdout.split(`${BETWEEN}\n`).map((lines) => lines.split('\n').filter((line) => line !== ''));
}

const GIT_USER = {
  ...{ GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@example.org' },
  ...{ GIT_COMMITTER_NAME: 'Ada', GIT_COMMITTER_EMAIL: 'ada@example.org' },
};
const BETWEEN = '----between-blocks----';

function parse(line: string): unknown {
  return JSON.parse(line);
}
