/**
 * Fake models: they give a good answer for every phase, unless the test has set another answer for the build.
 */
import type { ModelReply, ModelRequest, RoleModel, ToolCall } from '../../src/ports/model';
import type { Phase } from '../../src/domain/roles';

/** Fields that differ from the good answer; `{ tools }` asks for tools instead. */
export type Answer = (request: ModelRequest) => object | Promise<object>;
export type Answers = Partial<Record<Phase, Answer>>;

/** The tests of these builds: one file of node:test, whose one test looks at the page or not at all. */
export const TEST_COMMAND = ['node', '--test'];
export const TEST_FILE = 'test/page.test.js';
export const GREEN = testOf("require('node:assert').match(page, /<h1>.+<.h1>/)");
export const RED = testOf("require('node:assert').match(page, /never written/)");
/** A test file with no test in it. */
export const EMPTY = '// Later.\n';

/** The first attempt answers so, the later ones well. */
export const atFirst =
  (answer: object): Answer =>
  ({ attempt }) =>
    attempt === 1 ? answer : {};

/** A call that ends only by being cancelled. */
export const HANG: Answer = ({ signal }) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

export function files(check: string, page = 'page'): object {
  return {
    files: [
      { path: TEST_FILE, content: check },
      { path: 'index.html', content: `<h1>${page}</h1>\n` },
    ],
  };
}

const GOOD: Record<Phase, Answer> = {
  discovery: () => ({
    summary: 'A page that greets.',
    requirements: [{ id: 'R1', text: 'It greets.' }],
    ...{ constraints: [], assumptions: [], risks: [], open_questions: [], success_criteria: ['A greeting is seen.'] },
  }),
  planning: () => ({
    summary: 'One page.',
    components: [{ name: 'Page', purpose: 'Greets.', files: ['index.html'] }],
    steps: [{ text: 'Write it.', requirement_ids: ['R1'] }],
    success_criteria: [{ id: 'C1', requirement_ids: ['R1'], text: 'It greets.', kind: 'new', tested_by: TEST_FILE }],
    ...{
      testing_strategy: 'A test that reads the page.',
      security_considerations: [],
      performance_considerations: [],
      timeline: 'Now.',
    },
  }),
  implementation: ({ generation, attempt }) => ({
    summary: 'SECRET-SUMMARY of the coder',
    ...files(GREEN, `generation ${generation}, attempt ${attempt}`),
    test_cases: [{ name: 'it works', criterion_ids: ['C1'] }],
    ...{ documentation: '', technical_notes: ['SECRET-NOTES of the coder'], fixed: [] },
  }),
  testing: () => ({
    verdict: 'pass',
    tests_added: [],
    criteria: [{ criterion_id: 'C1', tested_by: TEST_FILE, satisfied: true, note: '' }],
    objections: [],
  }),
  verification: () => ({
    approved: true,
    checklist: [{ item: 'security', finding: 'Nothing found.', severity: 'none', evidence: 'index.html' }],
    recommendations: [],
  }),
  deployment: () => ({
    ...{
      go: true,
      version: '1.0.0',
      release_notes: 'A greeting.',
      pre_checks: [{ check: 'verified', ok: true, evidence: 'the verification' }],
      rollback_plan: 'The link goes back.',
    },
  }),
};

/** Which build a call is for, from its key: `<project>.<build>.<phase>...`. */
export function buildOf({ idempotencyKey = '' }: ModelRequest): string {
  return idempotencyKey.split('.')[1] ?? '';
}

/** `scripted`: as a script, it cannot be told that its answer was not taken. */
export function fakeModel(
  answersOf: (buildId: string) => Answers,
  calls: ModelRequest[],
  { scripted = true }: { scripted?: boolean | undefined } = {},
): RoleModel {
  return {
    id: 'fake:model',
    scripted,
    async call(request): Promise<ModelReply> {
      calls.push(request);
      const given = (await answersOf(buildOf(request))[request.phase]?.(request)) ?? {};
      const base = { model: 'fake:model', scripted, usage: { inputTokens: 10, outputTokens: 5 }, calls: 1 };
      if ('tools' in given) return { ...base, kind: 'tools', text: '', toolCalls: given.tools as ToolCall[] };
      return { ...base, kind: 'output', output: { ...(await GOOD[request.phase](request)), ...given } };
    },
  };
}

/** CommonJS and one assertion: a run costs little more than starting node. */
export function testOf(assertion: string, name = 'it works'): string {
  const page = "const page = require('node:fs').readFileSync('index.html', 'utf8');";
  return `${page}\nrequire('node:test')('${name}', () => ${assertion});\n`;
}
