/**
 * Tests what operators see of a build in Temporal: memo, lists, summaries and descriptions; and that its history is small.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMAND_NAMES } from '../../src/domain/commands';
import { STATES } from '../../src/domain/states';
import type { BuildMemo } from '../../src/workflows/messages';
import { until } from '../fixture';
import { GREEN, TEST_FILE } from './fake-models';
import { memoBytes } from './hostile';
import { advanceOf, openStage } from './stage';
import type { Run, Stage } from './stage';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.stop());

/** The part of the SDK's answer that the Web UI shows. */
interface Metadata {
  definition: Record<
    'updateDefinitions' | 'signalDefinitions' | 'queryDefinitions',
    Array<{ name: string; description: string }>
  >;
  currentDetails: string;
}

async function seen({ handle }: Run, state: string) {
  const described = await until(
    () => handle.describe(),
    ({ memo }) => (memo as BuildMemo | undefined)?.card.state === state,
  );
  return { described, bytes: memoBytes(described.raw.workflowExecutionInfo?.memo?.fields) };
}

/** The builds of a list query, as visibility has them after a moment. */
const found = (query: string, count: number) =>
  until(
    async () => {
      const ids: string[] = [];
      for await (const info of stage.stack.client.workflow.list({ query })) ids.push(info.workflowId);
      return ids;
    },
    (ids) => ids.length === count,
  );

test('in every state the memo is below 2 KiB, and lists find the build by its attributes', async () => {
  const run = await stage.begin({
    roles: 'external',
    start: { userId: '利用者'.repeat(20), title: '長い題名'.repeat(50) },
  });
  for (const state of STATES.slice(0, 11)) {
    const { bytes } = await seen(run, state);
    expect(bytes).toBeLessThan(2_048);
    const status = state === 'complete' ? 'complete' : 'waiting';
    const query = `BuildId = "${run.buildId}" AND ProjectId = "shop" AND BuildState = "${state}" AND BuildStatus = "${status}"`;
    expect(await found(query, 1)).toEqual([run.handle.workflowId]);
    if (state !== 'complete') await run.send('advance', advanceOf(state));
  }
});

test('in error, with many questions, and after long refusals the memo is below 2 KiB', async () => {
  const open_questions = Array.from({ length: 100 }, (_, n) => ({
    id: `Q${n}`.padEnd(40, '-'),
    text: '何色?'.repeat(100),
    blocking: true,
  }));
  const asking = await stage.begin({ answers: { discovery: () => ({ open_questions }) } });
  await asking.reach((build) => build.questions.length === 100);
  await asking.signal('answer', { answers: { ['利'.repeat(2_000)]: 'x' } });
  await asking.reach((build) => build.refused === 1);
  const shown = await until(
    () => asking.handle.describe(),
    ({ memo }) => (memo as BuildMemo).card.refused.count === 1,
  );
  expect((shown.memo as BuildMemo).card.status).toBe('waiting');
  expect(memoBytes(shown.raw.workflowExecutionInfo?.memo?.fields)).toBeLessThan(2_048);

  const failing = await stage.begin({ roles: 'external' });
  const wire = { phase_result: { why: '壊'.repeat(5_000) }, next_state: 'error' };
  await failing.send('advance', advanceOf('discovery', wire));
  expect((await seen(failing, 'error')).bytes).toBeLessThan(2_048);
  expect(await found(`BuildId = "${failing.buildId}" AND BuildState = "error" AND BuildRole = "none"`, 1)).toHaveLength(
    1,
  );
});

test('the summary of each activity names role, phase and attempt', async () => {
  const run = await stage.begin();
  await run.handle.result();
  const { events } = await run.handle.fetchHistory();
  const summaries = events
    ?.filter((event) => event.activityTaskScheduledEventAttributes)
    .map((event) => JSON.parse(Buffer.from(event.userMetadata?.summary?.data ?? []).toString() || 'null'));
  expect(summaries).toEqual([
    'Q Assistant: discovery, attempt 1, step 1',
    'Q Assistant: planning, attempt 1, step 1',
    'Code Writer: implementation, attempt 1, step 1',
    'Test Auditor: testing, attempt 1',
    'Test Auditor: testing, attempt 1, step 1',
    'Verification Overseer: verification, attempt 1',
    'Verification Overseer: verification, attempt 1, step 1',
    'Release Manager: deployment, attempt 1, step 1',
  ]);
});

test('the Web UI shows the input of each handler and the state of the build', async () => {
  const run = await stage.begin({ roles: 'external' });
  const { definition, currentDetails } = await until(
    () => run.handle.query<Metadata>('__temporal_workflow_metadata'),
    ({ currentDetails }) => Boolean(currentDetails),
  );
  for (const kind of ['updateDefinitions', 'signalDefinitions'] as const) {
    const described = definition[kind].filter(
      ({ name, description }) => COMMAND_NAMES.some((one) => one === name) && description,
    );
    expect(described).toHaveLength(COMMAND_NAMES.length);
  }
  expect(definition.queryDefinitions.map(({ name }) => name)).toEqual(expect.arrayContaining(['build', 'status']));
  expect(currentDetails).toContain('**discovery** (q_assistant)');
  expect(currentDetails).toContain('q_assistant is external: waits for advance');
});

describe('the history of a build without rework', () => {
  const WIDE = 'x'.repeat(200_000);
  let repository: string;
  beforeAll(() => {
    repository = mkdtempSync(join(tmpdir(), 'q-test-large-'));
    mkdirSync(join(repository, 'src'));
    for (let n = 0; n < 300; n++) writeFileSync(join(repository, 'src', `module-${n}.js`), `// ${n}\n`.repeat(200));
    const git = (...args: string[]) => execFileSync('git', ['-C', repository, ...args]);
    git('init', '-q', '-b', 'main');
    git('add', '.');
    git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', 'commit', '-q', '-m', 'Many files');
  });
  afterAll(() => rmSync(repository, { recursive: true, force: true }));

  async function sizeOf(scene: Parameters<Stage['begin']>[0]) {
    const run = await stage.begin(scene);
    await run.handle.result();
    const { historyLength, historySize = 0 } = await run.handle.describe();
    return { events: historyLength, bytes: historySize };
  }

  test('is at most 80 events and 50 KB, however large the repository and the answers are', async () => {
    const small = await sizeOf({});
    const path = {
      files: Array.from({ length: 20 }, (_, n) => ({ path: `large-${n}.txt`, content: WIDE.slice(0, 10_000) })),
    };
    const large = await sizeOf({
      request: { repository: { path: repository }, requirements: WIDE },
      answers: {
        discovery: () => ({ summary: WIDE.slice(0, 2_000), risks: Array(99).fill(WIDE.slice(0, 2_000)) }),
        implementation: () => ({
          files: [
            { path: TEST_FILE, content: GREEN },
            // The plan names it, and a gate asks for it.
            { path: 'index.html', content: '<h1>page</h1>' },
            ...path.files,
          ],
        }),
        verification: () => ({ recommendations: Array(99).fill(WIDE.slice(0, 2_000)) }),
      },
    });
    for (const { events, bytes } of [small, large]) {
      expect(events).toBeLessThanOrEqual(80);
      expect(bytes).toBeLessThanOrEqual(50_000);
    }
    expect(large.bytes - small.bytes).toBeLessThan(2_500);
  });
});
