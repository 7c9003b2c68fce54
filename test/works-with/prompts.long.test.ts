/**
 * Tests `npm run prompts`: the prompts of a revision, the table, and a whole build with each set of prompts by a mock engineer.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from '../../src/inspect/digest';
import { PHASES } from '../../src/domain/roles';
import type { Phase } from '../../src/domain/roles';
import { startMock } from '../../works-with/engineer/mock-server';
import { playerOf } from '../../works-with/engineer/run-engineer';
import type { Script } from '../../works-with/engineer/script';
import { presentPrompts, promptsOf } from '../../works-with/prompts/prompt-sets';
import type { PromptSet } from '../../works-with/prompts/prompt-sets';
import { runBuild } from '../../works-with/prompts/run-build';
import type { PromptBuild } from '../../works-with/prompts/run-build';
import { rowOf, totalsOf } from '../../works-with/prompts/table';
import { commitAll, gitIn, writeTree } from '../../works-with/repository';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'q-prompts-test-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const FILES = [
  'q-assistant.discovery.md',
  'q-assistant.planning.md',
  'code-writer.md',
  'test-auditor.md',
  'verification-overseer.md',
  'release-manager.md',
];

function repositoryOfPrompts(text: string): ReturnType<typeof gitIn> {
  const git = gitIn(root);
  git('init', '-q', '-b', 'main');
  mkdirSync(join(root, 'prompts'));
  for (const file of FILES) writeFileSync(join(root, 'prompts', file), `${text} ${file}\n`);
  commitAll(git);
  return git;
}

test('the prompts of a revision are read from git, not from disk', () => {
  const git = repositoryOfPrompts('first');
  git('tag', 'v1');
  for (const file of FILES) writeFileSync(join(root, 'prompts', file), 'second');
  commitAll(git);
  const { name, prompts } = promptsOf('v1', root);
  expect(prompts.of('testing').text).toBe('first test-auditor.md');
  expect(name).toBe(`v1 (${git('rev-parse', 'v1').slice(0, 7)})`);
});

test('a revision that does not exist, or lacks a prompt, is an error that names the revision or the prompt', () => {
  const git = repositoryOfPrompts('first');
  expect(() => promptsOf('v9', root)).toThrow('--against: there is no revision "v9"');
  expect(() => promptsOf('--help', root)).toThrow('--against: there is no revision "--help"');
  git('rm', '-q', 'prompts/code-writer.md');
  git('commit', '-q', '-m', 'Remove a prompt');
  expect(() => promptsOf('HEAD', root)).toThrow('code-writer.md');
});

test('the table has a row for each set of prompts, and the difference between the sets', () => {
  const buildWith = (prompts: string, promptBytes: number, outcome: string): PromptBuild => ({
    ...{ repository: 'shop', prompts, outcome, tokens: { input: 11, output: 0 } },
    sent: [
      { phase: 'discovery', promptBytes, restBytes: 1_000 },
      { phase: 'planning', promptBytes, restBytes: 1_000 },
    ],
  });
  const [old, now] = [buildWith('v1', 1_000, 'error: a | b\nc'), buildWith('now', 750, 'complete')];
  expect(rowOf(old)).toBe('| shop | v1 | 1 + 1 + 0 + 0 + 0 + 0 | 2 | 2,000 | 2,000 | 11 | 0 | error: a \\| b c |');
  expect(totalsOf([old, now], ['v1', 'now']).split('\n')).toEqual([
    '| all | v1 |  | 2 | 2,000 | 2,000 | 11 | 0 | 0 of 1 complete |',
    '| all | now |  | 2 | 1,500 | 2,000 | 11 | 0 | 1 of 1 complete |',
    '| change |  |  | 0.0 % | -25.0 % | 0.0 % | 0.0 % | 0 % |  |',
  ]);
  expect(totalsOf([now], ['now'])).not.toContain('change');
});

const DOUBLE = 'export const double = (n) => 2 * n;\n';
const TEST = `import assert from 'node:assert/strict';
import test from 'node:test';
import { double } from '../src/double.js';

test('a number is doubled', () => {
  assert.equal(double(21), 42);
});
`;

const SCRIPT: Script = {
  ...{ name: 'small', from: { ecosystem: 'npm', package: 'small', version: '1.0.0' }, files: 3 },
  ...{ intent: 'Add a function that doubles a number.', test_command: ['node', '--test'], workdir: '.', setup: null },
  specification: {
    summary: 'A function that doubles a number.',
    requirements: [{ id: 'R1', text: 'double(21) gives 42.' }],
    success_criteria: ['double(21) is 42'],
  },
  plan: {
    summary: 'Add double in src/double.js.',
    files: ['src/double.js', 'test/double.test.js'],
    criteria: [{ id: 'C1', requirement_ids: ['R1'], text: 'A number is doubled.', tested_by: 'test/double.test.js' }],
  },
  roles: {
    'q_assistant.discovery': [[{ tool: 'list', input: {} }]],
    'q_assistant.planning': [],
    code_writer: [
      [
        { tool: 'write', input: { path: 'src/double.js', content: DOUBLE } },
        { tool: 'write', input: { path: 'test/double.test.js', content: TEST } },
      ],
    ],
    ...{ test_auditor: [], verification_overseer: [], release_manager: [] },
  },
  test_names: [{ file: 'test/double.test.js', name: 'a number is doubled', criterion_id: 'C1' }],
  release: { version: '0.1.0', notes: 'A number can be doubled.' },
};

/** The present prompts, each with this text at its end. */
function longerPrompts(more: string): PromptSet {
  const { prompts } = presentPrompts();
  const texts = new Map(PHASES.map((phase) => [phase, `${prompts.of(phase).text}${more}`]));
  const of = (phase: Phase) => ({ text: texts.get(phase) ?? '', digest: digestOf(texts.get(phase) ?? '') });
  return { name: 'longer', prompts: { of } };
}

function countsOf({ sent }: PromptBuild): Array<[Phase, number]> {
  return sent.map(({ phase, promptBytes }) => [phase, promptBytes]);
}

function smallRepository(): string {
  const path = join(root, 'small');
  mkdirSync(path);
  const git = gitIn(path);
  git('init', '-q', '-b', 'main');
  writeTree(path, {
    'package.json': '{ "name": "small", "version": "1.0.0", "type": "module" }\n',
    'src/one.js': 'export const one = 1;\n',
    'test/one.test.js': TEST.replaceAll('double.js', 'one.js')
      .replace('{ double }', '{ one }')
      .replace('double(21), 42', 'one, 1'),
  });
  commitAll(git);
  return path;
}

test('builds with other prompts differ only in the bytes of the prompts in each call', async () => {
  const job = { script: SCRIPT, path: smallRepository(), root };
  const presentBuild = await runBuild({ ...job, set: presentPrompts() });
  const longerBuild = await runBuild({ ...job, set: longerPrompts('\n"é"') });
  expect([presentBuild.outcome, longerBuild.outcome]).toEqual(['complete', 'complete']);
  expect(presentBuild.sent.map(({ phase }) => phase)).toEqual([
    ...['discovery', 'discovery', 'planning', 'implementation', 'implementation'],
    ...['testing', 'verification', 'deployment'],
  ]);
  // On the wire: \n, two quotes with a backslash each, and two bytes for the letter.
  expect(countsOf(longerBuild)).toEqual(countsOf(presentBuild).map(([phase, bytes]) => [phase, bytes + 8]));
  expect(presentBuild.sent.every(({ restBytes }) => restBytes > 1_000)).toBe(true);
  expect(presentBuild.tokens).toEqual({ input: 11 * presentBuild.sent.length, output: 7 * presentBuild.sent.length });
});

describe('with --model', () => {
  const environment = { ...process.env };
  afterEach(() => {
    process.env = { ...environment };
  });

  test('the named model does the work, with the settings of the environment', async () => {
    const mock = await startMock(playerOf(SCRIPT));
    process.env.COMPATIBLE_BASE_URL = mock.baseUrl;
    try {
      const model = 'compatible:a-model';
      const built = await runBuild({ script: SCRIPT, path: smallRepository(), root, set: presentPrompts(), model });
      expect(built.outcome).toBe('complete');
      expect(mock.requests.map(({ phase }) => phase)).toEqual(built.sent.map(({ phase }) => phase));
      const bytes = built.sent.map(({ promptBytes, restBytes }) => promptBytes + restBytes);
      expect(mock.requests.map(({ bytes: sent }) => sent)).toEqual(bytes);
    } finally {
      await mock.stop();
    }
  });

  test('a model without its key is an error that names the variable, before any call', async () => {
    delete process.env.ANTHROPIC_API_KEY;
    const job = { script: SCRIPT, path: root, root, set: presentPrompts(), model: 'anthropic:a-model' };
    await expect(runBuild(job)).rejects.toThrow('ANTHROPIC_API_KEY');
  });
});
