/**
 * Grants of a project's money by a real ledger: signals, proofs, documents, the queue of waiting builds, and a worker that ends meanwhile.
 */
import { randomUUID } from 'node:crypto';
import { addAmounts } from '../../src/domain/money/amounts';
import type { Amounts } from '../../src/domain/money/amounts';
import type { GrantCaps } from '../../src/domain/money/room';
import type { BuildReport } from '../../src/domain/project';
import { PROJECT_WORKFLOW, askSignal, capsSignal, projectWorkflowId } from '../../src/workflows/messages';
import type { Grant, Grants } from '../../src/ports/grants';
import { startStack, until } from '../fixture';
import type { Stack } from '../fixture';

let stack: Stack;
const capsOf = new Map<string, GrantCaps>();
beforeAll(async () => {
  stack = await startStack({
    deps: { projectCaps: (projectId) => Promise.resolve(capsOf.get(projectId) ?? { total: {}, day: {} }) },
  });
});
afterAll(() => stack?.stop());

function grants(): Grants {
  const { grants: own } = stack.deps;
  if (own === undefined) throw new Error('the stack grants nothing');
  return own;
}

const amounts = (microUsd: number): Amounts => ({ microUsd, tokens: microUsd, calls: microUsd });

function newProject(usd: number): string {
  const projectId = `p-${randomUUID().slice(0, 8)}`;
  capsOf.set(projectId, { total: { microUsd: usd }, day: {} });
  return projectId;
}

/** A build of a test: it asks and reports as activities and workflows do, and Temporal knows nothing of it. */
function newBuild(projectId: string) {
  const buildId = randomUUID();
  let sequence = 0;
  const { signal } = new AbortController();
  return {
    buildId,
    ensure: (spent: Amounts, needed: Amounts, epoch = 0): Promise<Grant> =>
      grants().ensure({ projectId, buildId, epoch, spent, needed, signal }),
    report: (over: Partial<BuildReport>) =>
      stack.deps.ledger.report(projectId, [
        {
          buildId,
          kind: 'started',
          epoch: 0,
          spent: amounts(0),
          at: new Date().toISOString(),
          ...over,
          sequence: sequence++,
        },
      ]),
    granted: async () => (await stack.deps.documents.load('grants', `${projectId}.${buildId}`))?.granted.microUsd,
  };
}

test('builds of one project together are granted no more than its cap', async () => {
  const projectId = newProject(1_000);
  const builds = Array.from({ length: 30 }, () => newBuild(projectId));
  const grants = await Promise.all(builds.map((build) => build.ensure(amounts(0), amounts(90))));
  const granted = grants.map((grant) => ('granted' in grant ? grant.granted.microUsd : 0));
  expect(granted.reduce((sum, one) => sum + one)).toBeLessThanOrEqual(1_000);
  expect(granted.filter((one) => one >= 90).length).toBeGreaterThan(5);
  const refused = grants.find((grant) => 'refused' in grant);
  expect(refused).toMatchObject({ refused: { scope: 'project', kind: 'usd', cap: 1_000, needed: 90 } });
});

test('a grant covers several calls: the second one asks nobody', async () => {
  const projectId = newProject(1_000_000);
  const build = newBuild(projectId);
  await build.ensure(amounts(0), amounts(100));
  await stack.stopWorker();
  expect(await build.ensure(amounts(100), addAmounts(amounts(100), amounts(100)))).toMatchObject({
    granted: { microUsd: 400 },
  });
  await stack.startWorker();
});

test('what a build gave back goes to the build that waits, also where the worker is away in between', async () => {
  const projectId = newProject(100);
  const [first, second] = [newBuild(projectId), newBuild(projectId)];
  expect(await first.ensure(amounts(0), amounts(100))).toHaveProperty('granted');
  expect(await second.ensure(amounts(0), amounts(60))).toHaveProperty('refused');
  await second.report({ epoch: 1, waitsFor: amounts(60) });
  await stack.stopWorker();
  await first.report({ kind: 'completed', spent: amounts(40) });
  await stack.startWorker();
  expect(await second.ensure(amounts(0), amounts(60), 1)).toHaveProperty('granted');
});

test('a raise of the cap lets the waiting builds go on, in the order in which they began to wait', async () => {
  const projectId = newProject(0);
  const builds = Array.from({ length: 3 }, () => newBuild(projectId));
  for (const build of builds) {
    expect(await build.ensure(amounts(0), amounts(10))).toHaveProperty('refused');
    await build.report({ epoch: 1, waitsFor: amounts(10) });
  }
  const ledger = stack.client.workflow.getHandle(projectWorkflowId(projectId));
  capsOf.set(projectId, { total: { microUsd: 20 }, day: {} });
  await ledger.signal(capsSignal);
  await until(
    () => Promise.all(builds.map(({ granted }) => granted())),
    ([a, b]) => a === 10 && b === 10,
  );
  expect(await builds[2]?.granted()).toBe(0);
  capsOf.set(projectId, { total: { microUsd: 30 }, day: {} });
  await ledger.signal(capsSignal);
  await until(
    async () => builds[2]?.granted(),
    (granted) => granted === 10,
  );
});

test('a forged ask is ignored, whatever it holds', async () => {
  const projectId = newProject(1_000);
  const build = newBuild(projectId);
  const forged = {
    ...{ id: 'x', buildId: build.buildId, epoch: 0, spent: amounts(0), needed: amounts(500) },
    ...{ sentAt: new Date().toISOString(), proof: 'AAAA' },
  };
  await stack.client.workflow.signalWithStart(PROJECT_WORKFLOW, {
    workflowId: projectWorkflowId(projectId),
    taskQueue: stack.config.temporal.taskQueue,
    args: [{ projectId }],
    signal: askSignal,
    signalArgs: [[forged, null, 7, { ...forged, spent: -1 }] as never],
  });
  expect(await build.ensure(amounts(0), amounts(1))).toMatchObject({ granted: { microUsd: 4 } });
});

test('a ledger that was terminated knows again what open builds were granted', async () => {
  const projectId = newProject(100);
  const first = newBuild(projectId);
  expect(await first.ensure(amounts(0), amounts(80))).toHaveProperty('granted');
  await stack.client.workflow.getHandle(projectWorkflowId(projectId)).terminate('test');
  const second = newBuild(projectId);
  expect(await second.ensure(amounts(0), amounts(60))).toHaveProperty('refused');
});
