/**
 * Tests the project's ledger: its counts are exact for every end of a build, for repeated reports, and after continue-as-new.
 */
import { randomUUID } from 'node:crypto';
import { beginProject, statsOf, applyReport } from '../../src/domain/project';
import type { BuildReport, ProjectStats } from '../../src/domain/project';
import { isObject } from '../../src/domain/json';
import { STATES } from '../../src/domain/states';
import { PROJECT_WORKFLOW, projectWorkflowId, reportSignal, statsQuery } from '../../src/workflows/messages';
import type { ProjectInput } from '../../src/workflows/messages';
import { until } from '../fixture';
import { advanceOf, openStage } from './stage';
import type { Run, Stage } from './stage';
import { verifies } from '../requirements/verifies';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.stop());

const newProject = () => `p-${randomUUID().slice(0, 8)}`;
const ledgerOf = (projectId: string) => stage.stack.client.workflow.getHandle(projectWorkflowId(projectId));
const statsWhen = (projectId: string, ready: (stats: ProjectStats) => boolean) =>
  until(() => ledgerOf(projectId).query(statsQuery), ready);

/** A small result by reference, so that a step costs no activity. */
const light = {
  phase_result: undefined,
  phase_result_ref: { digest: `sha256:${'0'.repeat(64)}`, bytes: 2, excerpt: '' },
};

async function walk(run: Run, steps: number): Promise<void> {
  for (const state of STATES.slice(0, steps)) await run.send('advance', advanceOf(state, light));
}

const ENDS: Record<string, (run: Run) => Promise<unknown>> = {
  complete: async (run) => {
    await walk(run, 10);
    await run.handle.result();
  },
  error: async (run) => {
    await walk(run, 5);
    await run.send('advance', advanceOf('testing', { ...light, next_state: 'error' }));
  },
  cancelled: async (run) => {
    await walk(run, 1);
    await run.send('cancel', { reason: 'no more' });
    await run.handle.result().catch(() => undefined);
  },
  open: (run) => walk(run, 3),
};

verifies('4.7');
test('stats are exact after forty builds, ten of each end', async () => {
  const projectId = newProject();
  const ends = Object.values(ENDS).flatMap((end) => Array<typeof end>(10).fill(end));
  await Promise.all(
    ends.map(async (end) => end(await stage.begin({ roles: 'external', start: { projectId, userId: 'ada' } }))),
  );
  // The ledger takes reports in as they come: until all are in, a build that has ended counts as open.
  const stats = await statsWhen(
    projectId,
    ({ failed, inProgress, total }) => total === 40 && failed === 20 && inProgress === 10,
  );
  expect(stats).toMatchObject({
    ...{ total: 40, completed: 0, completedWithoutRelease: 10, inProgress: 10, failed: 20 },
    ...{ successRatePercent: 0, mostCommonFailurePoint: 'testing' },
    // Ten completed ones with ten handoffs, ten cancelled ones with one.
    averageHandoffs: 5.5,
  });
  expect(stats.averageDurationMs).toBeNull();
});

test('a build that fails and recovers is in progress again, and its failure point stays counted', async () => {
  const projectId = newProject();
  const run = await stage.begin({ roles: 'external', start: { projectId } });
  await ENDS.error?.(run);
  await statsWhen(projectId, ({ failed }) => failed === 1);
  await run.send('retry', { reason: 'repaired' });
  const stats = await statsWhen(projectId, ({ failed }) => failed === 0);
  expect(stats).toMatchObject({ total: 1, inProgress: 1, mostCommonFailurePoint: 'testing' });
});

test('a failure that a retry ends before its report is sent is counted', async () => {
  const projectId = newProject();
  const run = await stage.begin({ roles: 'external', start: { projectId } });
  await walk(run, 5);
  // Both in one workflow task: the worker is away while they come.
  await stage.stack.stopWorker();
  await run.signal('advance', advanceOf('testing', { ...light, next_state: 'error' }));
  await run.signal('retry', { reason: 'at once' });
  await stage.stack.startWorker();
  await run.reach(({ failures }) => failures.testing === 1);
  const stats = await statsWhen(projectId, ({ mostCommonFailurePoint }) => mostCommonFailurePoint !== null);
  expect(stats).toMatchObject({ inProgress: 1, failed: 0, mostCommonFailurePoint: 'testing' });
});

describe('a ledger of its own', () => {
  async function begin(input: (projectId: string) => ProjectInput) {
    const projectId = newProject();
    await stage.stack.client.workflow.start(PROJECT_WORKFLOW, {
      workflowId: projectWorkflowId(projectId),
      taskQueue: stage.stack.config.temporal.taskQueue,
      args: [input(projectId)],
    });
    return {
      projectId,
      /** As a worker sends it: with a proof. */
      report: async (...reports: unknown[]) => {
        const { proofs } = stage.stack.deps;
        const proven = await Promise.all(
          reports.map((one) => (isObject(one) ? proofs.prove(projectId, one as never) : one)),
        );
        await ledgerOf(projectId).signal(reportSignal, proven as BuildReport[]);
      },
    };
  }
  const started: BuildReport = { buildId: 'b1', sequence: 1, kind: 'started' };
  const completed: BuildReport = { buildId: 'b1', sequence: 10, kind: 'completed', durationMs: 60_000, handoffs: 10 };

  test('counts a repeated report once, and an older one not at all', async () => {
    const { projectId, report } = await begin((id) => ({ projectId: id }));
    await report(started, started, completed, completed, { ...started, sequence: 5 }, { ...completed, sequence: 11 });
    const stats = await statsWhen(projectId, ({ total }) => total > 0);
    expect(stats).toMatchObject({ total: 1, completed: 1, averageHandoffs: 10 });
  });

  test('ignores a signal that is no report', async () => {
    const { projectId, report } = await begin((id) => ({ projectId: id }));
    const bad = [null, 7, 'x', {}, { ...started, sequence: '1' }, { ...started, kind: 'exploded' }];
    const sly = [
      { ...completed, durationMs: 'long' },
      { ...completed, handoffs: {} },
      { ...started, failures: { lunch: 1 } },
    ];
    await report(...bad, ...sly, started);
    await ledgerOf(projectId).signal('explode', { all: true });
    await ledgerOf(projectId).signal(reportSignal, 'all' as never);
    const stats = await statsWhen(projectId, ({ total }) => total > 0);
    expect(stats).toMatchObject({ total: 1, completed: 0, inProgress: 1 });
  });

  test('has the same counts after continue-as-new', async () => {
    const knownOf = (id: string) =>
      [started, completed, { ...started, buildId: 'b2' }].reduce(applyReport, beginProject(id));
    const { projectId, report } = await begin((id) => ({ resumed: knownOf(id) }));
    expect(await ledgerOf(projectId).query(statsQuery)).toMatchObject(statsOf(knownOf(projectId)));
    await report(completed, { ...completed, buildId: 'b2' });
    const stats = await statsWhen(projectId, ({ completed: ended }) => ended === 2);
    expect(stats).toMatchObject({ total: 2, completed: 2, inProgress: 0 });
  });

  test('S11: times its next look also after continue-as-new, when no open build reports', async () => {
    const { projectId } = await begin((id) => ({ resumed: applyReport(beginProject(id), started) }));
    expect(await ledgerOf(projectId).query(statsQuery)).toMatchObject({ total: 1, inProgress: 1 });
    const { events } = await ledgerOf(projectId).fetchHistory();
    expect(events?.filter((event) => event.timerStartedEventAttributes)).toHaveLength(1);
  });
});
