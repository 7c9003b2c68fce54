/**
 * Findings over HTTP, on live builds: open ones are listed with their content, and a decision continues the build.
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

const CHANGED = files(testOf("require('node:assert').match(page, /hello/)", 'it greets'), 'hello');

/** A build that waits because its Code Writer changed a test that was there. */
async function held(name: string, later: ModelAnswer = HANG, retriesPerPhase = 0): Promise<Run & { path: string }> {
  const run = await stage.begin({
    answers: { implementation: (request) => (request.attempt === 1 ? CHANGED : later(request)) },
    request: { repository: { path: makeTestedPage(stage, name) } },
    start: { projectId: `held-${name}`, retriesPerPhase },
  });
  await run.reach(({ findings = [] }) => findings.length > 0);
  return { ...run, path: `/api/workflows/held-${name}.${run.buildId}` };
}

async function openOf(path: string): Promise<Body> {
  const { body } = await api.get(`${path}/approvals`);
  return body.open[0];
}

const decide = (path: string, verb: string, found: Body, reason?: string): Promise<Answer> =>
  api.post(`${path}/${verb}`, { gate: found.gate, digest: found.digest, ...(reason === undefined ? {} : { reason }) });

test('open findings are listed with the content that was judged, in a form that a person can read', async () => {
  const { path } = await held('listed');
  const { body, status } = await api.get(`${path}/approvals`);
  expect(status).toBe(200);
  expect(body).toMatchObject({ current_state: 'error', approved: [] });
  const [found] = body.open;
  expect(found).toMatchObject({
    gate: 'tampering',
    can_be_mended_by: 'code_writer',
    on_approve: 'continues with testing',
  });
  expect(found.content.files).toEqual([
    expect.objectContaining({ path: TEST_FILE, what: 'changed', diff: expect.stringContaining('/hello/') }),
  ]);
  expect((await api.get(found.content_url)).body).toEqual(found.content);
  const { failure, status: standing, next_expectations: next } = (await api.get(`${path}/status`)).body;
  expect({ type: failure.type, standing }).toEqual({ type: 'Decision.Needed', standing: 'error' });
  expect(failure.message).toContain(found.digest);
  expect(next.task).toContain('approves or rejects');
});

test('of a build that is cancelled nothing is left to decide', async () => {
  const { path } = await held('cancelled');
  expect(await api.post(`${path}/cancel`, { reason: 'not wanted' })).toMatchObject({ status: 200 });
  expect((await api.get(`${path}/approvals`)).body.open).toEqual([]);
});

verifies('9.15');
test('an approval continues the build without a further command, and is in the list; a second one is refused', async () => {
  const { path, handle, state } = await held('approved');
  const found = await openOf(path);
  const answer = await decide(path, 'approve', found, 'the old test was too weak');
  expect(answer).toMatchObject({
    status: 200,
    body: { approved: 'tampering', digest: found.digest, current_state: 'testing' },
  });
  await handle.result();
  expect(await state()).toMatchObject({ state: 'complete', release: { number: 1 } });
  const { body } = await api.get(`${path}/approvals`);
  expect(body).toMatchObject({ open: [], approved: [{ gate: 'tampering', digest: found.digest, by: 'anonymous' }] });
  expect(await decide(path, 'approve', found)).toMatchObject({ status: 409 });
});

test('a rejection goes back to the Code Writer with the reason', async () => {
  const { path, state, ...run } = await held('rejected');
  const answer = await decide(path, 'reject', await openOf(path), 'THE-OLD-TEST-WAS-RIGHT');
  expect(answer).toMatchObject({ status: 200, body: { rejected: 'tampering', current_state: 'implementation' } });
  await run.reach(() => promptsOf({ path, state, ...run } as Run, 'implementation').length === 2);
  expect(promptsOf({ path, state, ...run } as Run, 'implementation')[1]).toContain('THE-OLD-TEST-WAS-RIGHT');
  expect(await openOf(path)).toBeUndefined();
});

test('an approval while the Code Writer mends it lifts the finding, and what stands passes with its next attempt', async () => {
  let goOn: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => (goOn = resolve));
  const { path, handle } = await held('meanwhile', async () => (await asked, { files: [] }), 2);
  const found = await openOf(path);
  expect(await decide(path, 'approve', found)).toMatchObject({
    status: 200,
    body: { current_state: 'implementation' },
  });
  goOn();
  expect(await handle.result()).toMatchObject({ status: 'complete' });
});

test.each(['approve', 'reject'])(
  'O10: %s of a digest that is not open is answered with 409 and the open findings',
  async (verb) => {
    const { path, state } = await held(`outdated-${verb}`);
    const found = await openOf(path);
    const { revision } = await state();
    const other = `sha256:${'0'.repeat(64)}`;
    const answer = await decide(path, verb, { ...found, digest: other });
    expect(answer).toMatchObject({
      status: 409,
      body: {
        type: 'urn:q-orchestrator:problem:command-not-open',
        field: 'digest',
        legal: [`tampering ${found.digest}`],
      },
    });
    expect(answer.body.detail).toContain(other);
    expect((await state()).revision).toBe(revision);
  },
);

test('a change of what was judged makes a new digest, and the old one is refused', async () => {
  const again = files(testOf("require('node:assert').match(page, /hello/i)", 'it greets'), 'hello');
  const { path, reach } = await held('changed', () => again, 1);
  const first = await openOf(path);
  await reach(({ findings = [] }) => findings.length > 0 && findings[0]?.digest !== first.digest);
  expect(await decide(path, 'approve', first)).toMatchObject({ status: 409 });
  expect((await openOf(path)).digest).not.toBe(first.digest);
});
