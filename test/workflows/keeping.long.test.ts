/**
 * Tests that a build never loses content that only its workflow has, its long audit trail, or its pending effects.
 */
import { ApplicationFailure } from '@temporalio/common';
import { trailCounts } from '../../src/domain/build/archive';
import type { ArchivePage } from '../../src/domain/build/archive';
import type { BuildState } from '../../src/domain/build/state';
import type { AuditEvent } from '../../src/domain/build/trail';
import { STATES } from '../../src/domain/states';
import { until } from '../until';
import { advanceOf, openStage } from './stage';
import type { Stage } from './stage';

/** How often the artifact store fails in a row, for content that says so. */
const FAILS = 25;
let failed = 0;
let stage: Stage;
let artifacts: Stage['stack']['deps']['artifacts'];
beforeAll(async () => {
  stage = await openStage({
    activities: {
      async keepContent(content) {
        if (content.includes('DISK-FULL') && failed++ < FAILS) {
          throw ApplicationFailure.create({ type: 'Activity.Unexpected', message: 'ENOSPC', nextRetryDelay: 1 });
        }
        return artifacts.put(content);
      },
      undo: () => Promise.reject(ApplicationFailure.nonRetryable('the branch moved', 'Workspace.Overtaken')),
    },
  });
  artifacts = stage.stack.deps.artifacts;
});
afterAll(() => stage?.stop());

test('an artifact store that fails 25 times in a row delays a build and does not end it', async () => {
  const run = await stage.begin({ roles: 'external' });
  await run.send('advance', advanceOf('discovery', { phase_result: { said: 'DISK-FULL' } }));
  const build = await run.reach(({ unsaved }) => Object.keys(unsaved).length === 0);
  expect(failed).toBeGreaterThan(FAILS);
  expect(build.outputs.discovery?.digest).toMatch(/^sha256:/);
});

test('an undo that fails leaves the build open, in error, and owing', async () => {
  const run = await stage.begin({ roles: { code_writer: 'external' } });
  await run.reach('implementation');
  await run.send('rollback', { target_state: 'planning', reason: 'no' });
  const build = await run.reach('error');
  expect(build).toMatchObject({ failure: { type: 'Undo.Failed' }, owed: { restoreTree: true } });
  expect((await run.handle.describe()).status.name).toBe('RUNNING');
});

test('a build with 400 long commands really continues as new, and its audit trail stays complete', async () => {
  const run = await stage.begin({ roles: 'external' });
  const first = (await run.handle.describe()).runId;
  for (let n = 0; n < 400; n++) {
    await run.signal(n % 2 === 0 ? 'pause' : 'resume', { reason: `${n} ${'題'.repeat(1_990)}`, actor: 'ada' });
  }
  // Signals that are refused make the history long enough for Temporal to suggest going on anew.
  for (let n = 0; n < 30; n++) await run.signal('advance', { junk: 'x'.repeat(100_000) });
  await run.reach(({ refused }) => refused === 30);
  await expectAnotherRun(run.handle, first);
  for (const state of STATES.slice(0, 2)) await run.send('advance', advanceOf(state));
  const build = await run.state();
  expect(build).toMatchObject({ state: 'handoff_to_coder', revision: 402, paused: false });
  expect(trailCounts(build)).toEqual({ events: 1 + 400 + 30 + 2, handoffs: 2 });
  const trail = await wholeTrail(build);
  const told = trail.filter(({ type }) => type === 'paused' || type === 'resumed');
  expect(told.map(({ data }) => Number(String(data.reason).split(' ')[0]))).toEqual(
    Array.from({ length: 400 }, (_, n) => n),
  );
});

async function expectAnotherRun(handle: { describe(): Promise<{ runId: string }> }, first: string): Promise<void> {
  await until(
    () => handle.describe(),
    ({ runId }) => runId !== first,
  );
}

async function wholeTrail(build: BuildState): Promise<AuditEvent[]> {
  let events = build.events;
  for (let at = build.archive?.digest ?? null; at !== null;) {
    const page = JSON.parse((await artifacts.get(at)).toString()) as ArchivePage;
    events = [...page.events, ...events];
    at = page.previous;
  }
  return events;
}
