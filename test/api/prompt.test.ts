/**
 * Tests that GET prompt shows, in every phase and on a retry, exactly what the role's model was sent.
 */
import pino from 'pino';
import { createSigner } from '../../src/adapters/record/signature';
import { PHASES } from '../../src/domain/roles';
import type { Phase } from '../../src/domain/roles';
import type { ModelRequest } from '../../src/ports/model';
import { roleDefaults } from '../../src/programs/wiring';
import { GREEN, atFirst, files } from '../workflows/fake-models';
import type { Answer } from '../workflows/fake-models';
import { advanceOf, openStage } from '../workflows/stage';
import { serve } from './served';
import { verifies } from '../requirements/verifies';

interface Call {
  phase: Phase;
  attempt: number;
  sentText: string;
  shownText: string;
}

const calls: Call[] = [];
let stage: Awaited<ReturnType<typeof openStage>>;
let api: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  stage = await openStage();
  const { client, config, deps } = stage.stack;
  const { artifacts, documents, prompts } = deps;
  const { workspace } = deps;
  api = await serve({
    ...{ client, artifacts, documents, prompts, workspace, taskQueue: config.temporal.taskQueue },
    ...{ signText: createSigner(documents), roleDefaults: roleDefaults(config), repositoryRoots: [] },
    ...{ searchAttributesKnown: true, log: pino({ level: 'silent' }) },
  });
  const answers = Object.fromEntries(PHASES.map((phase) => [phase, recordPrompt]));
  const run = await stage.begin({ answers });
  await run.handle.result();
});
afterAll(async () => {
  await api?.close();
  await stage?.stop();
});

/** Records the prompt. Rejects the tests once, so that every phase from implementation on runs a second time. */
const recordPrompt: Answer = async (request) => {
  const { phase, attempt, idempotencyKey = '', messages } = request;
  const { body } = await api.get(`/api/workflows/${idempotencyKey.split('.', 2).join('.')}/prompt`);
  calls.push({ phase, attempt, sentText: textOf(messages), shownText: body.context });
  return phase === 'testing' && attempt === 1 ? { verdict: 'fail', objections: ['NO-EDGE-CASES'] } : {};
};

verifies('6.8');
test.each([
  ['discovery', 1],
  ['planning', 1],
  ['implementation', 1],
  ['implementation', 2],
  ['verification', 1],
  ['deployment', 1],
] as const)('in %s, attempt %i, the context is exactly what the model was sent', (phase, attempt) => {
  const call = callOf(phase, attempt);
  expect(call.shownText).toBe(call.sentText);
});

test.each([1, 2])('in testing, attempt %i, only the evidence that is measured with the call differs', (attempt) => {
  const { sentText, shownText } = callOf('testing', attempt);
  expect(sentText).toContain('<data name="measured_evidence">');
  expect(shownText).toMatch(/^measured_evidence: not measured yet.*$/m);
  const sharedText = shownText.replace(/\n\nmeasured_evidence: .*/, '');
  expect(sharedText).toBe(sentText.replace(/\n\n<data name="measured_evidence">[^]*?\n<\/data>/, ''));
});

test('the overseer gets the table of the gates, and the Code Writer gets the objections on a retry', () => {
  expect(callOf('verification', 1).shownText).toMatch(/<data name="gates">[^]*"pass": true/);
  expect(callOf('implementation', 2).shownText).toContain('NO-EDGE-CASES');
});

test('the prompt of an external overseer says that the gates are not judged yet', async () => {
  const run = await stage.begin({ roles: { verification_overseer: 'external' } });
  const { projectId, buildId, evidence } = await run.reach('verification');
  const { body } = await api.get(`/api/workflows/${projectId}.${buildId}/prompt`);
  expect(body.context).toMatch(/^gates: not judged yet/m);
  // Testing measured this very commit.
  expect(body.context).toContain(evidence?.logDigest);
});

test('in the handoff before a phase, the prompt is the one of the next attempt', async () => {
  const answers = { testing: atFirst({ verdict: 'fail', objections: ['again, please'] }) };
  const run = await stage.begin({ answers, roles: { code_writer: 'external' } });
  const handOver = async () => {
    const { projectId, buildId } = await run.reach('implementation');
    await run.send('advance', advanceOf('implementation', { phase_result: files(GREEN) }));
    const { body } = await api.get(`/api/workflows/${projectId}.${buildId}/prompt`);
    await run.send('advance', advanceOf('handoff_to_tester'));
    return body.context;
  };
  expect(await handOver()).toContain('Phase: testing. Role: Test Auditor. Generation 1, attempt 1.');
  await run.reach((build) => build.state === 'implementation' && build.attempts.implementation === 2);
  expect(await handOver()).toContain('Phase: testing. Role: Test Auditor. Generation 1, attempt 2.');
  await run.handle.result();
});

function callOf(phase: Phase, attempt: number): Call {
  const call = calls.find((one) => one.phase === phase && one.attempt === attempt);
  if (call === undefined) throw new Error(`no call in ${phase}, attempt ${attempt}`);
  return call;
}

function textOf([first]: ModelRequest['messages']): string {
  return first?.from === 'user' ? first.text : '';
}
