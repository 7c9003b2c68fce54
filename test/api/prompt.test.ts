/**
 * GET prompt shows, in every phase and on a retry, exactly what the role's model was sent.
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
  sent: string;
  shown: string;
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
  const answers = Object.fromEntries(PHASES.map((phase) => [phase, lookAtPrompt]));
  const run = await stage.begin({ answers });
  await run.handle.result();
});
afterAll(async () => {
  await api?.close();
  await stage?.stop();
});

/** Answers well, but fails the tests once, so that every phase from implementation on is done a second time. */
const lookAtPrompt: Answer = async (request) => {
  const { phase, attempt, idempotencyKey = '', messages } = request;
  const { body } = await api.get(`/api/workflows/${idempotencyKey.split('.', 2).join('.')}/prompt`);
  calls.push({ phase, attempt, sent: textOf(messages), shown: body.context });
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
] as const)('in %s, attempt %i, the context is what the model was sent, to the letter', (phase, attempt) => {
  const call = callOf(phase, attempt);
  expect(call.shown).toBe(call.sent);
});

test.each([1, 2])('in testing, attempt %i, all but what is measured with the call is the same', (attempt) => {
  const { sent, shown } = callOf('testing', attempt);
  expect(sent).toContain('<data name="measured_evidence">');
  expect(shown).toMatch(/^measured_evidence: not measured yet.*$/m);
  const shared = shown.replace(/\n\nmeasured_evidence: .*/, '');
  expect(shared).toBe(sent.replace(/\n\n<data name="measured_evidence">[^]*?\n<\/data>/, ''));
});

test('the overseer is shown the table of the gates, and the coder on a retry what was objected', () => {
  expect(callOf('verification', 1).shown).toMatch(/<data name="gates">[^]*"pass": true/);
  expect(callOf('implementation', 2).shown).toContain('NO-EDGE-CASES');
});

test('for an external overseer it states that nothing is judged yet', async () => {
  const run = await stage.begin({ roles: { verification_overseer: 'external' } });
  const { projectId, buildId, evidence } = await run.reach('verification');
  const { body } = await api.get(`/api/workflows/${projectId}.${buildId}/prompt`);
  expect(body.context).toMatch(/^gates: not judged yet/m);
  // Testing measured this very commit.
  expect(body.context).toContain(evidence?.logDigest);
});

test('in the handoff before a phase, the prompt is that of the attempt that follows', async () => {
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
