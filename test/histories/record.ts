/**
 * Records the histories that the replay test reads: `npx tsx test/histories/record.ts [name ...]`, all if none is named.
 *
 * On a server of its own in a temporary folder. Record again only with a release: the old shapes are what is tested.
 * `refused-pause.json` is not made here: it is of commit 0956107, which refused `pause` and `resume` by signal without a reason.
 * Nor is `deep-advance.json`: that commit took a phase result of any depth. Nor `remark-refused.json`, of commit dac9a90: it knew no
 * `remark`, so a signal that had one was refused.
 */
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { startEmbedded } from '../../src/adapters/temporal/embedded';
import { Failure } from '../../src/domain/failures';
import { STATES } from '../../src/domain/states';
import { HANG, RED, files, testOf } from '../workflows/fake-models';
import { writeStartRequest } from '../../src/requests/start-request';
import { BUILD_WORKFLOW, outboxQuery, resendUpdate } from '../../src/workflows/messages';
import { until } from '../until';
import { advanceOf, openStage, talkTo } from '../workflows/stage';
import type { Handle, Run, Stage } from '../workflows/stage';
import { makeTestedPage } from '../workflows/tested-page';
import { writeTestBundle } from '../workflow-bundle';

const RECORDINGS: Record<string, (stage: Stage) => Promise<Handle>> = {
  'complete-with-rework': async (stage) => {
    const run = await stage.begin({
      start: { projectId: 'rework' },
      answers: { implementation: ({ attempt }) => (attempt === 1 ? files(RED) : {}) },
    });
    await run.handle.result();
    return run.handle;
  },
  external: async (stage) => {
    const run = await stage.begin({ start: { projectId: 'external' }, roles: 'external' });
    await run.signal('advance', { role: 'nobody' });
    for (const state of STATES.slice(0, 10)) await run.send('advance', advanceOf(state));
    await run.handle.result();
    return run.handle;
  },
  approved: async (stage) => {
    const plan = { approval: 'required' as const, approvers: ['ada', 'bob'], remindAfterS: 1, expiresAfterS: 3_600 };
    const run = await stage.begin({ start: { projectId: 'approved', gates: { plan } }, roles: 'external' });
    for (const state of ['discovery', 'planning'] as const) await run.send('advance', advanceOf(state));
    const reminded = await run.reach(({ events }) => events.some(({ type }) => type === 'reminded'));
    const edited = await stage.stack.deps.artifacts.put('{"summary":"edited","success_criteria":[]}');
    const expected = { expected_digest: reminded.approvalGate?.digest, actor: 'ada' };
    await run.send('edit_plan', { plan: edited.digest, bytes: edited.bytes, ...expected });
    const { approvalGate } = await run.reach((build) => build.approvalGate?.opening === 2);
    await run.signal('note', { text: 'mind the footer' });
    await run.send('delegate', { gate: 'plan_approval', to: 'cyd', actor: 'ada' });
    await run.send('approve', { gate: 'plan_approval', digest: approvalGate?.digest, actor: 'bob' });
    for (const state of STATES.slice(2, 10)) await run.send('advance', advanceOf(state));
    await run.handle.result();
    return run.handle;
  },
  'surveyed-outside': async (stage) => {
    const repository = { path: makeTestedPage(stage, 'surveyed') };
    const start = { projectId: 'surveyed', looksFirst: true as const };
    const run = await stage.begin({ start, roles: 'external', request: { repository } });
    await run.reach(({ survey }) => survey != null);
    for (const state of STATES.slice(0, 10)) await run.send('advance', advanceOf(state));
    await run.handle.result();
    return run.handle;
  },
  'error-retry-rollback': async (stage) => {
    const run = await stage.begin({
      start: { projectId: 'error' },
      answers: {
        testing: ({ generation, attempt }) => {
          if (generation === 1 && attempt === 1) throw new Failure('Model.Unauthorized', 'the provider refused the key');
          return {};
        },
        verification: (request) => (request.generation > 1 ? {} : HANG(request)),
      },
    });
    await run.reach('error');
    await run.send('retry', { reason: 'a new key' });
    await asked(run, 'verification');
    await run.send('rollback', { target_state: 'implementation', reason: 'the wrong colour' });
    await run.handle.result();
    return run.handle;
  },
  'paused-with-questions': async (stage) => {
    let goOn: () => void = () => undefined;
    const second = new Promise<void>((resolve) => (goOn = resolve));
    const run = await stage.begin({
      start: { projectId: 'questions' },
      answers: {
        discovery: ({ attempt }) => (attempt > 1 ? {} : { open_questions: [{ id: 'Q1', text: 'Which?', blocking: true }] }),
        implementation: async ({ messages }) => {
          if (messages.length === 3) await second;
          return messages.length > 3 ? {} : { tools: [{ id: 't', name: 'list', input: {} }] };
        },
      },
    });
    await run.reach(({ questions }) => questions.length > 0);
    await run.send('answer', { answers: { Q1: 'This one.' } });
    await run.reach(() => run.calls().filter(({ phase }) => phase === 'implementation').length === 2);
    await run.send('pause', { reason: 'lunch' });
    goOn();
    await run.reach(({ usage }) => usage.calls === 5);
    await run.send('resume', { reason: 'back' });
    await run.handle.result();
    return run.handle;
  },
  // The run after continue-as-new; the one before it is megabytes long.
  resumed: async (stage) => {
    const run = await stage.begin({ start: { projectId: 'before' }, roles: 'external' });
    for (const state of STATES.slice(0, 3)) await run.send('advance', advanceOf(state));
    const build = await run.reach(({ unsaved }) => Object.keys(unsaved).length === 0);
    const handle = (await stage.stack.client.workflow.start(BUILD_WORKFLOW, {
      workflowId: 'resumed.1',
      taskQueue: stage.stack.config.temporal.taskQueue,
      args: [{ resumed: { ...build, projectId: 'resumed', buildId: '1' } }],
    })) as Handle;
    const anew = talkTo(handle);
    for (const state of STATES.slice(3, 10)) await anew.send('advance', advanceOf(state));
    await handle.result();
    return handle;
  },
  // A finding rejected, the next one approved; a signal that names what is not open.
  decided: async (stage) => {
    const loosened = (word: string) => files(testOf(`require('node:assert').match(page, /${word}/)`, 'it greets'), word);
    const run = await stage.begin({
      start: { projectId: 'decided', retriesPerPhase: 0 },
      request: { repository: { path: makeTestedPage(stage, 'decided') } },
      answers: { implementation: ({ attempt }) => loosened(attempt === 1 ? 'hello' : 'welcome') },
    });
    const decide = async (name: 'approve' | 'reject') => {
      const { findings = [] } = await run.reach('error');
      await run.send(name, { gate: 'tampering', digest: findings[0]?.digest, reason: 'seen' });
    };
    await run.reach('error');
    await run.signal('approve', { gate: 'tampering', digest: `sha256:${'0'.repeat(64)}` });
    await run.reach(({ refused }) => refused === 1);
    await decide('reject');
    await run.reach(({ attempts }) => attempts.implementation === 2);
    await decide('approve');
    await run.handle.result();
    return run.handle;
  },
  // A request amended while its build waits, by signal and by update.
  amended: async (stage) => {
    const repository = { path: makeTestedPage(stage, 'amended') };
    const begun = { start: { projectId: 'amended' }, answers: { planning: HANG }, request: { repository, commands: { test: ['no-such-runner'] } } };
    const run = await stage.begin(begun);
    const { request } = await run.reach('error');
    const { digest } = await stage.stack.deps.artifacts.put(
      writeStartRequest({
        ...{ user_id: 'ada', project_id: 'amended', build_id: run.buildId, requirements: 'A page' },
        ...{ repository, commands: { test: ['node', '--test'] } },
      }),
    );
    const change = { request: digest, changed: ['commands'], reason: 'there is no such program' };
    await run.signal('amend', { ...change, expected_request: digest });
    await run.reach(({ refused }) => refused === 1);
    await run.send('amend', { ...change, expected_request: request });
    await run.send('retry', { reason: 'amended' });
    await run.reach('planning');
    await run.send('cancel', { reason: 'seen' });
    await run.handle.result().catch(() => undefined);
    return run.handle;
  },
  // A build that tells of its waits and of two commands, one of which has its answer held back until the notice is handed over.
  noticed: async (stage) => {
    const run = await stage.begin({ start: { projectId: 'noticed', notify: [GONE] }, roles: 'external' });
    for (const state of STATES.slice(0, 2)) await run.send('advance', advanceOf(state));
    await run.send('rollback', { target_state: 'discovery', reason: 'the wrong plan' });
    await run.send('cancel', { reason: 'seen' });
    await run.handle.result().catch(() => undefined);
    return run.handle;
  },
  // The workflow that sends notices: one that is dead at once and is sent again, and one that is tried by timers.
  outbox: async (stage) => {
    const notify = [GONE, { url: 'https://receiver.invalid/' }];
    const run = await stage.begin({ start: { projectId: 'outbox', notify }, roles: 'external' });
    const outbox = stage.stack.client.workflow.getHandle('notices:outbox');
    const entries = () => outbox.query(outboxQuery).then((found) => found.entries, () => []);
    const [dead] = await until(entries, (all) => all.some(({ tries }) => tries === 2));
    await outbox.executeUpdate(resendUpdate, { args: [dead?.id ?? ''] });
    await until(entries, (all) => all.some(({ tries }) => tries === 3));
    await run.send('cancel', { reason: 'seen' });
    await until(entries, (all) => all.length === 4);
    return outbox as unknown as Handle;
  },
  cancelled: async (stage) => {
    const run = await stage.begin({
      start: { projectId: 'cancelled' },
      answers: { planning: HANG },
    });
    await asked(run, 'planning');
    await run.send('cancel', { reason: 'no more' });
    await run.handle.result().catch(() => undefined);
    return run.handle;
  },
};

/** A target of a setting that nobody has: its notices are dead after one try. */
const GONE = { setting: 'gone' };

async function asked(run: Run, phase: string): Promise<void> {
  await run.reach(() => run.calls().some((call) => call.phase === phase));
}

/** Names of this machine, its processes and its folders do not belong into a repository. */
function scrub(history: string): string {
  const withoutStacks = JSON.parse(history, (name, value: unknown) => (name === 'stackTrace' ? '' : value)) as unknown;
  const text = JSON.stringify(withoutStacks, null, 1);
  return text.replaceAll(`${process.pid}@${hostname()}`, 'worker').replaceAll(hostname(), 'host');
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'q-record-'));
  const server = await startEmbedded({ dataDir: folder, cliPath: process.env.TEMPORAL_CLI_PATH || undefined, log: () => {} });
  process.env.TEST_TEMPORAL_ADDRESS = server.address;
  process.env.TEST_WORKFLOW_BUNDLE = await writeTestBundle(folder);
  const stage = await openStage();
  try {
    const wanted = process.argv.slice(2);
    for (const [name, record] of Object.entries(RECORDINGS)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      const handle = await record(stage);
      const history = historyToJSON(await handle.fetchHistory());
      writeFileSync(join(__dirname, `${name}.json`), `${scrub(history)}\n`);
    }
  } finally {
    await stage.stop();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
