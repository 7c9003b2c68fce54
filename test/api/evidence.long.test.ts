/**
 * Tests GET evidence on live builds: one page for each gate and each experiment, line by line, and the same in the record.
 */
import pino from 'pino';
import { createSigner } from '../../src/adapters/record/signature';
import { PAGE_NAMES } from '../../src/domain/evidence/pages';
import { verifyRecord } from '../../src/domain/record/verify';
import { TOOLS } from '../../src/programs/cli/verify-file';
import { HANG } from '../workflows/fake-models';
import { openStage } from '../workflows/stage';
import type { Stage } from '../workflows/stage';
import { ALL_EXTERNAL, serve } from './served';
import type { Body } from './served';
import { verifies } from '../requirements/verifies';

let stage: Stage;
let api: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  stage = await openStage({ env: { EXPERIMENT_RUNS: '40' } });
  const { client, deps, config } = stage.stack;
  api = await serve({
    ...{ client, taskQueue: config.temporal.taskQueue, searchAttributesKnown: true },
    ...{ artifacts: deps.artifacts, documents: deps.documents, signText: createSigner(deps.documents) },
    ...{ prompts: deps.prompts, roleDefaults: ALL_EXTERNAL, repositoryRoots: [], log: pino({ level: 'silent' }) },
  });
});
afterAll(async () => {
  await api?.close();
  await stage?.stop();
});

const PRICE = `exports.price = (n) => n * 10;
exports.label = function label(n) {
  return 'n = ' + n;
};
`;
const testCode = (name: string, assertion: string): string => `test('${name}', () => assert.${assertion});\n`;
const TEST_IMPORTS = `const test = require('node:test');
const assert = require('node:assert/strict');
const { price, label } = require('../src/price.js');
`;
const COMPLETE_TESTS =
  TEST_IMPORTS +
  testCode('it costs ten', 'equal(price(1), 10)') +
  testCode('it has a label', "equal(label(2), 'n = 2')");
/** These tests call `label`, and no assertion checks its value. */
const TESTS_WITHOUT_LABEL =
  TEST_IMPORTS +
  testCode('it costs ten', 'equal(price(1), 10)') +
  testCode('with a label', 'equal((label(2), price(2)), 20)');

async function build(
  name: string,
  tests: string,
  { laterAnswer, ...start }: { laterAnswer?: typeof HANG; retriesPerPhase?: number } = {},
) {
  const codeAnswer = {
    files: [
      { path: 'src/price.js', content: PRICE },
      { path: 'test/price.test.js', content: tests },
    ],
  };
  const criteria = [{ criterion_id: 'C1', tested_by: 'test/price.test.js', satisfied: true, note: '' }];
  const run = await stage.begin({
    answers: {
      implementation: (request) =>
        request.attempt === 1 || laterAnswer === undefined ? codeAnswer : laterAnswer(request),
      testing: () => ({ criteria }),
      verification: () => ({
        checklist: [{ item: 'security', finding: 'Nothing found.', severity: 'none', evidence: 'src/price.js' }],
      }),
    },
    start: { projectId: `evidence-${name}`, ...start },
  });
  return { ...run, path: `/api/workflows/evidence-${name}.${run.buildId}` };
}

const pageIn = (body: Body, name: string): Body => body.pages.find((page: Body) => page.name === name);

verifies('9.15');
test('a released build has a page for each gate and experiment: what ran, what was expected and seen, and what helps', async () => {
  const { path, handle, state } = await build('released', COMPLETE_TESTS);
  await handle.result();
  const { commit } = await state();
  const { body, status } = await api.get(`${path}/evidence`);
  expect(status).toBe(200);
  expect(body.pages.map(({ name }: Body) => name)).toEqual(PAGE_NAMES);
  expect(body.pages.filter(({ verdict }: Body) => verdict === 'held')).toEqual([]);
  const missing = body.pages.filter(({ verdict }: Body) => verdict === 'not_measured').map(({ name }: Body) => name);
  // The gate `apart` needs a test of the Test Auditor, who added none.
  expect(missing).toEqual(['apart']);
  expect(pageIn(body, 'tests')).toMatchObject({
    ran: { commit, is_current: true, commands: ['node --test'] },
    digests: [expect.objectContaining({ what: 'log of node --test' })],
  });
  for (const { expected, helps, seen } of body.pages) expect([expected, helps, seen.join()]).not.toContain('');
  const units = pageIn(body, 'broken_units');
  expect(units.places).toContainEqual(
    expect.objectContaining({ path: 'src/price.js', line: 1, outcome: 'noticed', asked: 1, red: ['it costs ten'] }),
  );
  for (const { url } of body.pages.flatMap(({ digests }: Body) => digests))
    expect(await api.get(url)).toMatchObject({ status: 200 });
});

test('the record has the same pages, and can be verified', async () => {
  const { path, handle } = await build('recorded', COMPLETE_TESTS);
  await handle.result();
  const { body } = await api.get(`${path}/record`);
  expect(verifyRecord(body, TOOLS)).toMatchObject({ flaws: [] });
  const pages = body.entries.filter(({ kind }: Body) => kind === 'page').map((entry: Body) => entry.body);
  expect(pages.map(({ name }: Body) => name)).toEqual(PAGE_NAMES);
  const shownPages = (await api.get(`${path}/evidence`)).body.pages;
  const comparableParts = ({ name, verdict, seen, places }: Body) => ({ name, verdict, seen, places });
  expect(pages.map(comparableParts)).toEqual(shownPages.map(comparableParts));
});

test('the page of broken units names a function that no test checks, with file and line, after two runs', async () => {
  const { path, reach } = await build('held', TESTS_WITHOUT_LABEL, { laterAnswer: HANG });
  await reach(({ attempts }) => attempts.implementation === 2);
  const { body } = await api.get(`${path}/evidence?name=broken_units`);
  expect(body.pages).toHaveLength(1);
  const [page] = body.pages;
  expect(page).toMatchObject({ kind: 'experiment', verdict: 'held' });
  expect(page.places[0]).toMatchObject({ path: 'src/price.js', line: 3, outcome: 'not_noticed', asked: 2, red: [] });
  expect(page.seen.join('\n')).toContain('src/price.js:2 label');
  const all = (await api.get(`${path}/evidence`)).body;
  expect(pageIn(all, 'experiments')).toMatchObject({ verdict: 'held', digests: expect.anything() });
  expect(pageIn(all, 'overseer')).toMatchObject({ verdict: 'not_measured' });
});

test('an auditor whose answer is held by a finding is not called again if a person approves the finding', async () => {
  const { path, handle, reach, state, calls } = await build('approved', TESTS_WITHOUT_LABEL, { retriesPerPhase: 0 });
  await reach(({ state: at }) => at === 'error');
  const { body } = await api.get(`${path}/approvals`);
  expect(body.open).toEqual([expect.objectContaining({ gate: 'experiments', on_approve: 'continues with testing' })]);
  const [{ gate, digest }] = body.open as [Body];
  expect(await api.post(`${path}/approve`, { gate, digest, reason: 'only shown' })).toMatchObject({ status: 200 });
  await handle.result();
  expect(calls().filter(({ phase }) => phase === 'testing')).toHaveLength(1);
  const { attempts, outputs, usage } = await state();
  expect(attempts).toMatchObject({ implementation: 1, testing: 2 });
  expect(outputs.testing).toMatchObject({ source: 'measured' });
  expect(usage.calls).toBe(calls().length);
});

test('a build without measurements has every page, marked as not measured', async () => {
  const { path } = await build('begun', COMPLETE_TESTS, { laterAnswer: HANG });
  const { body } = await api.get(`${path}/evidence`);
  expect(body.pages).toHaveLength(PAGE_NAMES.length);
  expect(pageIn(body, 'live')).toMatchObject({ verdict: 'not_measured' });
});

test('an unknown page is refused', async () => {
  const { path } = await build('named', COMPLETE_TESTS, { laterAnswer: HANG });
  const { status, body } = await api.get(`${path}/evidence?name=no-such-page`);
  expect({ status, field: body.field }).toEqual({ status: 400, field: 'name' });
});
