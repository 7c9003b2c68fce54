/**
 * The answers of the dark-mode example, applied to a copy of its project, give the test results that the example states.
 *
 * It uses no orchestrator: only files, the schemas and `node --test`.
 */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { OUTPUT_SCHEMAS } from '../../src/activities/outputs';
import type { PhaseOutput } from '../../src/activities/outputs';
import { PHASES } from '../../src/domain/roles';
import type { Phase } from '../../src/domain/roles';

interface ScriptedFile {
  path: string;
  content: string | null;
}
interface Answer {
  output?: unknown;
  tools?: Array<{ name: string; input: unknown }>;
  delay_ms: number;
}
type Script = { name: string; phases: Record<Phase, Answer[][]> };

const EXAMPLE = resolve(__dirname, '../../examples/dark-mode');
const script = JSON.parse(readFileSync(join(EXAMPLE, 'script.json'), 'utf8'), replaceContentFile) as Script;

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'dark-mode-'));
  cpSync(join(EXAMPLE, 'project'), project, { recursive: true });
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

test('every scripted output fits the schema of its phase', () => {
  for (const phase of PHASES)
    for (const steps of script.phases[phase]) {
      expect(steps.at(-1)?.output).toBeDefined();
      for (const { output } of steps)
        if (output !== undefined) expect(OUTPUT_SCHEMAS[phase].parse(output)).toMatchObject(output as object);
    }
});

test('every requirement has a criterion, and every criterion is judged in each round of testing', () => {
  const { requirements } = outputOf('discovery', 1);
  const { success_criteria: criteria } = outputOf('planning', 1);
  expect(new Set(criteria.flatMap((one) => one.requirement_ids))).toEqual(new Set(requirements.map((one) => one.id)));
  for (const round of [1, 2, 3])
    expect(outputOf('testing', round).criteria.map((one) => one.criterion_id)).toEqual(criteria.map((one) => one.id));
});

test("the example's own tests pass before any change", async () => {
  expect(await runTests()).toMatchObject({ passed: 5, failing: [] });
});

test('the code of the first attempt passes its own tests', async () => {
  apply('implementation', 1);
  const { passed, failing, names } = await runTests();
  expect({ passed, failing }).toEqual({ passed: 11, failing: [] });
  expect(names).toEqual(expect.arrayContaining(outputOf('implementation', 1).test_cases.map((one) => one.name)));
});

test("with the auditor's tests, exactly one test fails on the code of the first attempt", async () => {
  apply('implementation', 1);
  apply('testing', 1);
  expect(await runTests()).toMatchObject({
    passed: 14,
    failing: ['a light choice of an earlier visit wins on a system that prefers dark'],
  });
});

test('with the answers of the second attempts all tests pass', async () => {
  for (const attempt of [1, 2]) {
    apply('implementation', attempt);
    apply('testing', attempt);
  }
  expect(await runTests()).toMatchObject({ passed: 15, failing: [] });
});

test('without the code the locked tests fail', async () => {
  apply('testing', 1);
  expect((await runTests()).failing).not.toEqual([]);
});

/** Replaces `content_file` by the text of that file, as the scripted model does. */
function replaceContentFile(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('content_file' in value)) return value;
  const { content_file: name, ...rest } = value;
  return { ...rest, content: readFileSync(join(EXAMPLE, String(name)), 'utf8') };
}

/** `attempt` counts from 1. */
function outputOf<P extends Phase>(phase: P, attempt: number): PhaseOutput<P> {
  return script.phases[phase][attempt - 1]?.at(-1)?.output as PhaseOutput<P>;
}

function apply(phase: 'implementation' | 'testing', attempt: number): void {
  const writtenFiles = (script.phases[phase][attempt - 1] ?? [])
    .flatMap((step) => step.tools ?? [])
    .filter((tool) => tool.name === 'write')
    .map((tool) => tool.input as ScriptedFile);
  const returnedFiles =
    phase === 'testing' ? outputOf('testing', attempt).tests_added : outputOf('implementation', attempt).files;
  for (const { path, content } of [...writtenFiles, ...returnedFiles]) {
    const file = join(project, path);
    mkdirSync(dirname(file), { recursive: true });
    if (content === null) rmSync(file);
    else writeFileSync(file, content);
  }
}

function runTests(): Promise<{ passed: number; failing: string[]; names: string[] }> {
  const options = { cwd: project, env: { PATH: process.env['PATH'] } };
  return new Promise((settle) => {
    execFile(process.execPath, ['--test', '--test-reporter=tap'], options, (_error, report) => {
      const results = [...report.matchAll(/^(not ok|ok) \d+ - (.*)$/gm)].map(([, result, name]) => ({ result, name }));
      const namesOf = (wanted: string) => results.filter((one) => one.result === wanted).map((one) => String(one.name));
      settle({
        passed: namesOf('ok').length,
        failing: namesOf('not ok'),
        names: results.map((one) => String(one.name)),
      });
    });
  });
}
