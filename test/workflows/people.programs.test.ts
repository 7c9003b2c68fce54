/**
 * Tests what people decide, answer and say while a build with models runs: approvals, questions, notes, pause and cancel.
 */
import { openFindings } from '../../src/domain/build/state';
import type { BuildState } from '../../src/domain/build/state';
import type { GatePolicy } from '../../src/domain/people/policy';
import { HANG } from './fake-models';
import { openStage, promptsOf } from './stage';
import type { Run, Scene, Stage } from './stage';
import { verifies } from '../requirements/verifies';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.stop());

const required = (over: Partial<GatePolicy> = {}): GatePolicy => ({ approval: 'required', ...over });
const isAt = (gate: string) => (build: BuildState) => openFindings(build).some((one) => one.gate === gate);
const eventsOf = ({ events }: BuildState, type: string) => events.filter((event) => event.type === type);

async function pageOf(run: Run, gate = 'plan_approval') {
  const build = await run.reach(isAt(gate));
  const digest = build.approvalGate?.digest ?? '';
  const text = (await stage.stack.deps.artifacts.get(digest)).toString('utf8');
  return { gate, digest, content: JSON.parse(text) as Record<string, unknown> };
}

verifies('9.10');
test('a build waits for the approval of its plan and of its release, each by the page that shows what is judged', async () => {
  const run = await stage.begin({ start: { gates: { plan: required(), release: required() } } });
  const plan = await pageOf(run);
  expect(plan.content).toMatchObject({
    ...{ gate: 'plan_approval', plan: { summary: 'One page.' }, criteria: [{ id: 'C1' }] },
    ...{ commands: { test: ['node', '--test'] }, forecast: null, assumptions: [] },
  });
  expect(run.calls().some(({ phase }) => phase === 'implementation')).toBe(false);
  const { gate, digest } = plan;
  await run.send('approve', { gate, digest, actor: 'bob' });
  // A double click, and one that comes too late.
  expect(await run.refusal('approve', { gate, digest, actor: 'bob' })).toMatchObject({
    type: 'Command.AlreadyApproved',
  });
  expect(await run.refusal('approve', { gate, digest, actor: 'cyd' })).toMatchObject({ type: 'Command.NotOpen' });
  const release = await pageOf(run, 'release_approval');
  const waiting = await run.state();
  expect(release.content).toMatchObject({
    ...{ commit: waiting.commit, base: waiting.base, evidence_digest: waiting.evidence?.logDigest },
    ...{ target: { target: 'directory' }, changed_files: expect.arrayContaining(['index.html']) },
  });
  expect(waiting).toMatchObject({ state: 'handoff_to_releaser', release: null });
  await run.send('approve', { gate: release.gate, digest: release.digest, actor: 'bob' });
  const done = await run.reach('complete');
  expect(eventsOf(done, 'gate_passed').map(({ data }) => data.digest)).toEqual([digest, release.digest]);
});

test('a rejected plan is made anew with the reason, and a rejected release goes where the rejection says', async () => {
  const run = await stage.begin({ start: { gates: { plan: required(), release: required() } } });
  const first = await pageOf(run);
  await run.send('reject', { gate: first.gate, digest: first.digest, reason: 'say how it is undone', actor: 'bob' });
  const second = await run.reach((build) => (build.approvalGate?.digest ?? first.digest) !== first.digest);
  expect(promptsOf(run, 'planning').at(-1)).toContain('say how it is undone');
  expect(second.approvalGate).toMatchObject({ previousDigest: first.digest, opening: 2 });
  const late = { gate: first.gate, digest: first.digest, actor: 'bob' };
  expect(await run.refusal('approve', late)).toMatchObject({ type: 'Command.NotOpen' });
  await run.send('approve', { ...late, digest: second.approvalGate?.digest });
  const release = await pageOf(run, 'release_approval');
  const wire = { gate: release.gate, digest: release.digest, reason: 'look again at security', actor: 'bob' };
  expect(await run.refusal('reject', { ...wire, to: 'deployment' })).toMatchObject({
    type: 'Command.Malformed',
    field: 'to',
  });
  await run.send('reject', { ...wire, to: 'verification' });
  await run.reach((build) => (build.approvalGate?.opening ?? 0) === 4);
  expect(promptsOf(run, 'verification').at(-1)).toContain('look again at security');
  await run.send('cancel', { reason: 'enough' });
});

const ASKING: Scene = {
  answers: {
    discovery: ({ attempt }) => ({
      open_questions: [
        { id: 'Q1', text: 'Which page?', blocking: attempt === 1, assumption: '' },
        { id: 'Q2', text: 'Which users?', blocking: attempt === 1, assumption: '' },
        { id: 'Q3', text: 'Which blue?', blocking: false, assumption: 'navy' },
      ],
    }),
    planning: HANG,
  },
};

test('questions are answered one by one; a second answer is refused; the optional one is assumed', async () => {
  const run = await stage.begin(ASKING);
  await run.reach(({ questions }) => questions.length === 3);
  await run.send('answer', { answers: { Q2: 'all' }, actor: 'bob' });
  expect(await run.state()).toMatchObject({ state: 'discovery', attempts: { discovery: 1 } });
  expect(await run.refusal('answer', { answers: { Q2: 'some' } })).toMatchObject({ type: 'Command.AlreadyAnswered' });
  await run.send('answer', { answers: { Q1: 'the first' }, actor: 'cyd' });
  const build = await run.reach('planning');
  expect(build.assumptions).toEqual([{ id: 'Q3', text: 'Which blue?', assumption: 'navy', phase: 'discovery' }]);
  expect(eventsOf(build, 'assumed')).toHaveLength(1);
  expect(build.conversation).toMatchObject([
    { id: 'Q2', question: 'Which users?', answer: 'all', by: 'bob' },
    { id: 'Q1', question: 'Which page?', answer: 'the first', by: 'cyd' },
  ]);
  expect(promptsOf(run, 'discovery').at(-1)).toContain('Which users?');
  await run.send('cancel', { reason: 'enough' });
});

test('where the start says so, a second answer replaces the first, and an event has both', async () => {
  const run = await stage.begin({ ...ASKING, start: { questionPolicy: { secondAnswer: 'replace' } } });
  await run.reach(({ questions }) => questions.length === 3);
  await run.send('answer', { answers: { Q2: 'all' } });
  await run.send('answer', { answers: { Q2: 'some' } });
  const build = await run.state();
  expect(build.answers).toEqual({ Q2: 'some' });
  expect(eventsOf(build, 'answer_replaced')).toMatchObject([
    { data: { question: 'Q2', former: 'all', answer: 'some' } },
  ]);
  await run.send('cancel', { reason: 'enough' });
});

test('a Code Writer asks where requirement and code contradict each other, and goes on in the same attempt', async () => {
  const input = { question: 'Which holds?', requirement: 'R1: it greets', contradiction: 'index.html:1 says goodbye' };
  const asks = { tools: [{ id: 't1', name: 'ask_person', input }] };
  const run = await stage.begin({ answers: { implementation: ({ step }) => (step === 1 ? asks : {}) } });
  const waiting = await run.reach(({ questions }) => questions.length === 1);
  expect(waiting).toMatchObject({ state: 'implementation', questions: [{ text: expect.stringContaining('R1') }] });
  await run.send('answer', { answers: { [waiting.questions[0]?.id ?? '']: 'the requirement holds' } });
  const done = await run.reach('complete');
  expect(done.attempts.implementation).toBe(1);
  const prompts = promptsOf(run, 'implementation');
  expect(prompts).toHaveLength(2);
  expect(prompts[1]).toContain('the requirement holds');
});

verifies('9.15');
test('a note reaches the next step of the role, once', async () => {
  const look = { tools: [{ id: 't1', name: 'list', input: {} }] };
  let proceed: () => void = () => undefined;
  const isNoted = new Promise<void>((resolve) => (proceed = resolve));
  const run = await stage.begin({
    answers: {
      implementation: async ({ step }) => {
        if (step === 1) await isNoted;
        return step < 3 ? look : {};
      },
    },
  });
  await run.reach(() => run.calls().some(({ phase }) => phase === 'implementation'));
  await run.send('note', { text: 'mind the footer', actor: 'bob' });
  proceed();
  const done = await run.reach('complete');
  const prompts = promptsOf(run, 'implementation');
  expect(prompts[0]).not.toContain('mind the footer');
  expect(prompts[1]?.split('mind the footer')).toHaveLength(2);
  expect(prompts[2]?.split('mind the footer')).toHaveLength(2);
  expect(done).toMatchObject({ notes: [] });
  expect(eventsOf(done, 'noted')).toMatchObject([{ actor: 'bob', data: { text: 'mind the footer' } }]);
});

test('a pause lets the running call end and starts no other', async () => {
  let proceed: () => void = () => undefined;
  const isPaused = new Promise<void>((resolve) => (proceed = resolve));
  const run = await stage.begin({
    answers: {
      planning: async () => {
        await isPaused;
        return {};
      },
    },
  });
  await run.reach(() => run.calls().some(({ phase }) => phase === 'planning'));
  await run.send('pause', { reason: 'lunch' });
  proceed();
  const paused = await run.reach(({ outputs }) => outputs.planning !== undefined);
  expect(paused).toMatchObject({ state: 'handoff_to_coder', paused: true });
  expect(run.calls().filter(({ phase }) => phase === 'implementation')).toEqual([]);
  await run.send('resume', {});
  await run.reach('complete');
});

test('a cancel ends the running call within the heartbeat', async () => {
  let ended: (after: number) => void = () => undefined;
  const hasEnded = new Promise<number>((resolve) => (ended = resolve));
  const run = await stage.begin({
    answers: {
      planning: (request) => {
        request.signal.addEventListener('abort', () => ended(Date.now()));
        return HANG(request);
      },
    },
  });
  await run.reach(() => run.calls().some(({ phase }) => phase === 'planning'));
  const cancelledAt = Date.now();
  await run.send('cancel', { reason: 'no more' });
  // The heartbeat is sent each second; the rest is for a busy machine.
  expect((await hasEnded) - cancelledAt).toBeLessThan(10_000);
});
