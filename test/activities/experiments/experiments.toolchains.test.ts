/** Runs experiments on whole changes with real git, a real sandbox and node:test: a broken change must make a passing run fail. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { runExperiments } from '../../../src/activities/experiments/run-experiments';
import type { Candidate } from '../../../src/activities/experiments/subject';
import { measureTests } from '../../../src/activities/testing/measure';
import type { Experiments } from '../../../src/domain/experiments/summary';
import { isTestPath } from '../../../src/domain/files';
import { openTestContext, SILENT } from '../on-activity';
import type { TestContext } from '../on-activity';

const MANIFEST = '{ "name": "till", "type": "module", "scripts": { "test": "node --test" } }\n';
const PRICE = 'export function price(n) {\n  if (n > 10) return n * 9;\n  return n * 10;\n}\n';
const PRICE_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { price } from '../src/price.js';
test('few have the full price', () => assert.equal(price(2), 20));
test('ten have the full price', () => assert.equal(price(10), 100));
test('more than ten are cheaper', () => assert.equal(price(11), 99));
`;

let testContext: TestContext;
beforeAll(async () => (testContext = await openTestContext(() => ({ output: {} }))));
afterAll(() => testContext?.close());

type Files = Record<string, string>;
interface Change {
  base?: Files;
  code: Files;
  /** The tests of the Test Auditor. */
  locked?: Files;
  keepsAll?: boolean;
  overrides?: Candidate['overrides'];
}
const filesOf = (files: Files) => Object.entries(files).map(([path, content]) => ({ path, content }));
const textsOf = (files: Files) => Object.entries(files).map(([path, text]) => ({ path, text }));

async function commitChange(buildId: string, { base = {}, code, locked = {}, ...rest }: Change) {
  const { workspace } = testContext.deps;
  const repo = { projectId: 'shop', buildId };
  const empty = await workspace.prepare(repo);
  const start = filesOf({ 'package.json': MANIFEST, ...base });
  const { commit: from } = await workspace.apply({ ...repo, ...empty }, start, 'base');
  const { commit } = await workspace.apply({ ...repo, commit: from }, filesOf({ ...code, ...locked }), 'change');
  const tests = textsOf(code).filter(({ path }) => path.startsWith('test/'));
  const input = {
    ...{ repo, base: from, commit, commands: undefined, overrides: {} },
    ...{ approved: [], changedTests: tests, needsControl: false },
    locked: { files: textsOf(locked), lock: null },
    ...{
      excused: { moved: new Map<string, string>(), mayBeLost: () => false },
      isTest: isTestPath,
      keepsAll: rest.keepsAll ?? false,
    },
  };
  return { input, keepsAll: rest.keepsAll ?? false, overrides: { seconds: 600, ...rest.overrides } };
}

async function run(buildId: string, change: Change): Promise<Experiments> {
  return runOn(await commitChange(buildId, change));
}

async function runOn({ input, keepsAll, overrides }: Awaited<ReturnType<typeof commitChange>>): Promise<Experiments> {
  const { deps } = testContext;
  return new MockActivityEnvironment({}, { logger: SILENT }).run(async () => {
    const measured = await measureTests(deps, input);
    if (measured === undefined) throw new Error('no way to run the tests');
    expect({ output: measured.candidate.run.output, exit: measured.evidence.exitCode }).toMatchObject({ exit: 0 });
    return runExperiments(deps, { ...measured.candidate, keepsAll, overrides });
  });
}

const kinds = ({ findings }: Experiments): string[] => findings.map(({ kind }) => kind);

test("a break in a line that no test runs, by the project's own count, is tried only if it would be a finding", async () => {
  const source = `${PRICE}export function bulk(n) {\n  return price(n) * 2;\n}\n`;
  const test = `${PRICE_TEST}import { bulk } from '../src/price.js';\nassert.ok(bulk);\n`;
  const result = await run('unrun', { code: { 'src/price.js': source, 'test/price.test.js': test } });
  expect(kinds(result)).toEqual(['function_not_needed']);
  expect(result.findings[0]).toMatchObject({ path: 'src/price.js', line: 5 });
  expect(result.notes).toContainEqual(expect.stringMatching(/^\d breaks are in lines that no test runs/));
});

test('an honest change has no finding: each break and each changed expectation turns a test red', async () => {
  const result = await run('honest', { code: { 'src/price.js': PRICE, 'test/price.test.js': PRICE_TEST } });
  expect(result).toMatchObject({ findings: [], sharePercent: 100, tests: { asked: 3, red: 3 } });
  expect(result.units.asked).toBeGreaterThan(4);
});

test('tests whose failures are swallowed are found', async () => {
  const quiet = (text: string): string =>
    text.replace(/=> (assert.*\))\);$/gm, (_all, assertion: string) => `=> { try { ${assertion}; } catch {} });`);
  const code = { 'src/price.js': 'export const price = (n) => n;\n', 'test/price.test.js': quiet(PRICE_TEST) };
  const result = await run('forged', { code });
  expect(kinds(result)).toContain('test_shows_nothing');
});

test('empty tests are found, and each is named with its line and its writer', async () => {
  const empty = `import { test } from 'node:test';\nimport { price } from '../src/price.js';\ntest('is cheaper', () => { void price; });\n`;
  const result = await run('empty', { code: { 'src/price.js': PRICE }, locked: { 'test/price.audit.test.js': empty } });
  expect(result.findings).toMatchObject([
    { kind: 'test_shows_nothing', path: 'test/price.audit.test.js', line: 3, mender: 'test_auditor' },
    { kind: 'function_not_needed', path: 'src/price.js', line: 1, mender: 'code_writer' },
  ]);
});

test('a module that is compared with itself is found', async () => {
  const itself = PRICE_TEST.replace(/, \d+\)/g, (_found, at: number) => `, price(${at % 2 === 0 ? 2 : 11}))`).replace(
    /price\((\d+)\), price\(\d+\)/g,
    'price($1), price($1)',
  );
  const result = await run('itself', { code: { 'src/price.js': PRICE, 'test/price.test.js': itself } });
  expect(kinds(result)).toContain('function_not_needed');
});

test('a back door on one line that no test takes is found', async () => {
  const open = PRICE.replace('{\n', "{\n  if (n === 'free') return 0;\n");
  const result = await run('door', { code: { 'src/price.js': open, 'test/price.test.js': PRICE_TEST } });
  expect(result.findings).toMatchObject([{ kind: 'branch_never_taken', path: 'src/price.js', line: 2 }]);
});

test('a test that compares the text of the source does not count as noticing a break', async () => {
  const text = `import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import '../src/price.js';
test('is as it was written', () => assert.equal(readFileSync('src/price.js', 'utf8').length, ${PRICE.length}));
`;
  const result = await run('text', { code: { 'src/price.js': PRICE, 'test/price.test.js': text } });
  expect(kinds(result)).toEqual(expect.arrayContaining(['comment_turns_red']));
});

test('a test that compares the text of a function does not count as noticing its break', async () => {
  const text = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { price } from '../src/price.js';
test('is as it was written', () => assert.equal(price.toString().length, ${PRICE.trim().length - 'export '.length}));
`;
  const result = await run('function-text', { code: { 'src/price.js': PRICE, 'test/price.test.js': text } });
  expect(kinds(result)).toEqual(expect.arrayContaining(['comment_turns_red']));
});

test('a command that fails although its tests pass does not count as noticing a break', async () => {
  const text = PRICE_TEST.replace(/, \d+\)/g, ', price(2))').replace(/price\(1[01]\)/g, 'price(2)');
  const exits = `${text}import { readFileSync } from 'node:fs';
const code = price.toString().replaceAll('void 0; ', '').replaceAll('void 0;', '').replace(/\\s+/g, '').length;
process.on('exit', () => { if (code !== ${PRICE.replace('export ', '').replace(/\s+/g, '').length}) process.exitCode = 1; });
`;
  const result = await run('exit-code', { code: { 'src/price.js': PRICE, 'test/price.test.js': exits } });
  // The check of the source's length makes the command fail; no test turns red.
  expect(result.findings).not.toEqual([]);
});

test('a locked test that passes only if a test file of the Code Writer also runs is found', async () => {
  const writer = `import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
writeFileSync('answer.json', '99');
test('writes', () => {});
`;
  const reader = `import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { price } from '../src/price.js';
while (!existsSync('answer.json') && existsSync('test/a-writer.test.js')) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
test('more than ten are cheaper', () => assert.equal(price(11), 99));
`;
  const wrong = `import { existsSync } from 'node:fs';\nexport const price = (n) => (existsSync('answer.json') ? 99 : n);\n`;
  const code = { 'src/price.js': wrong, 'test/a-writer.test.js': writer };
  const result = await run('beside', { code, locked: { 'test/price.audit.test.js': reader } });
  expect(kinds(result)).toContain('passes_only_beside');
});

test('if the plan keeps all behaviour, changed code needs an old test that notices its breaks', async () => {
  const base = { 'src/price.js': PRICE, 'test/price.test.js': PRICE_TEST };
  const simpler = { 'src/price.js': 'export function price(n) {\n  return n > 10 ? n * 9 : n * 10;\n}\n' };
  expect(await run('kept', { base, code: simpler, keepsAll: true })).toMatchObject({ findings: [] });
  const code = {
    'src/tax.js': 'export function tax(n) {\n  return n + 5;\n}\n',
    'test/tax.test.js':
      PRICE_TEST.replace(/^test.*\n/gm, '').replace(/price/g, 'tax') + "test('adds', () => assert.equal(tax(1), 6));\n",
  };
  expect(await run('new', { base, code, keepsAll: true })).toMatchObject({ findings: [{ kind: 'kept_not_shown' }] });
});

test('a file that computes and that no test loads is found, and constants that tests know by name are not', async () => {
  const code = {
    'src/price.js': PRICE.replace('{\n', '{\n  if (n > MOST) n = MOST;\n').replace(
      'export',
      "import { MOST } from './limits.js';\nexport",
    ),
    'test/price.test.js': `${PRICE_TEST}import { MOST } from '../src/limits.js';\ntest('at most', () => assert.equal(price(MOST + 5), price(MOST)));\n`,
    'src/limits.js': 'export const MOST = 40;\n',
    'src/limits-of-shop.js': 'export const MOST = 4000;\n',
  };
  const result = await run('file', { code });
  expect(result.findings).toMatchObject([{ kind: 'file_not_needed', path: 'src/limits-of-shop.js', line: 1 }]);
});

test('a new statement at the top of a module and a removed guard are found if no test notices them', async () => {
  const guarded = PRICE.replace('{\n', "{\n  if (n < 0) throw new Error('less than none');\n");
  const base = { 'src/price.js': guarded, 'test/price.test.js': PRICE_TEST };
  const result = await run('guard', {
    base,
    code: { 'src/price.js': PRICE.replace('n * 10', 'n * 20 / 2').replace('export', "process.env.TLS = '0';\nexport") },
  });
  expect(result.findings.map(({ kind, line }) => [kind, line])).toEqual([
    ['statement_not_needed', 1],
    ['guard_taken_away', 3],
  ]);
});

test('an error that is swallowed, and that no test lets happen, is found', async () => {
  const quiet = PRICE.replace('return n * 10;', 'try {\n    charge(n);\n  } catch {}\n  return n * 10;');
  const code = {
    'src/price.js': `${quiet}function charge(n) {\n  if (n > 10) throw new Error('too much');\n}\n`,
    'test/price.test.js': PRICE_TEST,
  };
  expect(kinds(await run('quiet', { code }))).toContain('branch_never_taken');
});

test('answers are stored: the same experiments make only the run with a comment when they are repeated', async () => {
  const code = { 'src/price.js': PRICE, 'test/price.test.js': PRICE_TEST };
  const change = await commitChange('twice', { code });
  const first = await runOn(change);
  const again = await runOn(change);
  expect(first.runs).toBeGreaterThan(5);
  expect(again).toMatchObject({ runs: 1, findings: [], units: first.units, tests: first.tests });
});

test('if the budget ends early, a note names how many breaks were not tried', async () => {
  const code = { 'src/price.js': PRICE, 'test/price.test.js': PRICE_TEST };
  const result = await run('short', { code, overrides: { runs: 4 } });
  expect(result.notes).toContainEqual(
    expect.stringMatching(/^\d+ of \d+ breaks of the change were not asked: the budget/),
  );
  // One more run, beside the budget, replays the calls of the tests.
  expect(result.runs).toBeLessThanOrEqual(5);
});

test('assertions that compare nothing, and a file that the run writes and compares with, are found', async () => {
  const testText = `${PRICE_TEST}import { existsSync, readFileSync, writeFileSync } from 'node:fs';
const golden = 'prices.json';
test('all', () => {
  if (!existsSync(golden)) writeFileSync(golden, String(price(3)));
  assert.equal(readFileSync(golden, 'utf8'), String(price(3)));
  assert.ok(price(3), 30);
});\n`;
  const result = await run('idle', { code: { 'src/price.js': PRICE, 'test/price.test.js': testText } });
  expect(result.findings).toMatchObject([{ line: 12 }, { line: 10 }]);
});
