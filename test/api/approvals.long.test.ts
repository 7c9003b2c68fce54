/**
 * Tests findings over HTTP, on live builds: open findings are listed with their content, and a decision continues the build.
 */
import { HANG, TEST_FILE, files, testOf } from '../workflows/fake-models';
import type { Answer as ModelAnswer } from '../workflows/fake-models';
import { openStage, promptsOf } from '../workflows/stage';
import type { Run, Stage } from '../workflows/stage';
import { makeTestedPage } from '../workflows/tested-page';
import { createSigner } from '../../src/adapters/record/signature';
import pino from 'pino';
import { ALL_EXTERNAL, serve } from './served';
import type { Answer, Body } from './served';
import { verifies } from '../requirements/verifies';

let stage: Stage;
let api: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  stage = await openStage();
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

const CHANGED_TEST = files(testOf("require('node:assert').match(page, /hello/)", 'it greets'), 'hello');

/** Begins a build whose Code Writer changes an existing test, and waits until that is a finding. */
async function beginHeld(
  name: string,
  laterAnswer: ModelAnswer = HANG,
  retriesPerPhase = 0,
): Promise<Run & { path: string }> {
  const run = await stage.begin({
    answers: { implementation: (request) => (request.attempt === 1 ? CHANGED_TEST : laterAnswer(request)) },
    request: { repository: { path: makeTestedPage(stage, name) } },
    start: { projectId: `held-${name}`, retriesPerPhase },
  });
  await run.reach(({ findings = [] }) => findings.length > 0);
  return { ...run, path: `/api/workflows/held-${name}.${run.buildId}` };
}

async function readOpenFinding(path: string): Promise<Body> {
  const { body } = await api.get(`${path}/approvals`);
  return body.open[0];
}

const decide = (path: string, verb: string, finding: Body, reason?: string): Promise<Answer> =>
  api.post(`${path}/${verb}`, {
    gate: finding.gate,
    digest: finding.digest,
    ...(reason === undefined ? {} : { reason }),
  });

test('open findings are listed with the content that was judged, in a form that a person can read', async () => {
  const { path } = await beginHeld('listed');
  const { body, status } = await api.get(`${path}/approvals`);
  expect(status).toBe(200);
  expect(body).toMatchObject({ current_state: 'error', approved: [] });
  const [finding] = body.open;
  expect(finding).toMatchObject({
    gate: 'tampering',
    can_be_mended_by: 'code_writer',
    on_approve: 'continues with testing',
  });
  expect(finding.content.files).toEqual([
    expect.objectContaining({ path: TEST_FILE, what: 'changed', diff: expect.stringContaining('/hello/') }),
  ]);
  expect((await api.get(finding.content_url)).body).toEqual(finding.content);
  const { failure, status: state, next_expectations: next } = (await api.get(`${path}/status`)).body;
  expect({ type: failure.type, state }).toEqual({ type: 'Decision.Needed', state: 'error' });
  expect(failure.message).toContain(finding.digest);
  expect(next.task).toContain('approves or rejects');
});

test('a cancelled build has no open findings', async () => {
  const { path } = await beginHeld('cancelled');
  expect(await api.post(`${path}/cancel`, { reason: 'not wanted' })).toMatchObject({ status: 200 });
  expect((await api.get(`${path}/approvals`)).body.open).toEqual([]);
});

verifies('9.15');
test('an approval continues the build without a further command, and is in the list; a second one is refused', async () => {
  const { path, handle, state } = await beginHeld('approved');
  const finding = await readOpenFinding(path);
  const answer = await decide(path, 'approve', finding, 'the old test was too weak');
  expect(answer).toMatchObject({
    status: 200,
    body: { approved: 'tampering', digest: finding.digest, current_state: 'testing' },
  });
  await handle.result();
  expect(await state()).toMatchObject({ state: 'complete', release: { number: 1 } });
  const { body } = await api.get(`${path}/approvals`);
  expect(body).toMatchObject({ open: [], approved: [{ gate: 'tampering', digest: finding.digest, by: 'anonymous' }] });
  expect(await decide(path, 'approve', finding)).toMatchObject({ status: 409 });
});

test('a rejection goes back to the Code Writer with the reason', async () => {
  const { path, state, ...run } = await beginHeld('rejected');
  const answer = await decide(path, 'reject', await readOpenFinding(path), 'THE-OLD-TEST-WAS-RIGHT');
  expect(answer).toMatchObject({ status: 200, body: { rejected: 'tampering', current_state: 'implementation' } });
  await run.reach(() => promptsOf({ path, state, ...run } as Run, 'implementation').length === 2);
  expect(promptsOf({ path, state, ...run } as Run, 'implementation')[1]).toContain('THE-OLD-TEST-WAS-RIGHT');
  expect(await readOpenFinding(path)).toBeUndefined();
});

test('an approval while the Code Writer mends the finding closes it, and the unchanged work passes with the next attempt', async () => {
  let letModelAnswer: () => void = () => undefined;
  const decided = new Promise<void>((resolve) => (letModelAnswer = resolve));
  const { path, handle } = await beginHeld('meanwhile', async () => (await decided, { files: [] }), 2);
  const finding = await readOpenFinding(path);
  expect(await decide(path, 'approve', finding)).toMatchObject({
    status: 200,
    body: { current_state: 'implementation' },
  });
  letModelAnswer();
  expect(await handle.result()).toMatchObject({ status: 'complete' });
});

test.each(['approve', 'reject'])(
  'O10: %s of a digest that is not open is answered with 409 and the open findings',
  async (verb) => {
    const { path, state } = await beginHeld(`outdated-${verb}`);
    const finding = await readOpenFinding(path);
    const { revision } = await state();
    const other = `sha256:${'0'.repeat(64)}`;
    const answer = await decide(path, verb, { ...finding, digest: other });
    expect(answer).toMatchObject({
      status: 409,
      body: {
        type: 'urn:q-orchestrator:problem:command-not-open',
        field: 'digest',
        legal: [`tampering ${finding.digest}`],
      },
    });
    expect(answer.body.detail).toContain(other);
    expect((await state()).revision).toBe(revision);
  },
);

test('a change of what was judged makes a new digest, and the old one is refused', async () => {
  const changedAgain = files(testOf("require('node:assert').match(page, /hello/i)", 'it greets'), 'hello');
  const { path, reach } = await beginHeld('changed', () => changedAgain, 1);
  const first = await readOpenFinding(path);
  await reach(({ findings = [] }) => findings.length > 0 && findings[0]?.digest !== first.digest);
  expect(await decide(path, 'approve', first)).toMatchObject({ status: 409 });
  expect((await readOpenFinding(path)).digest).not.toBe(first.digest);
});
