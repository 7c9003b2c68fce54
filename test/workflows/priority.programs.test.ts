/**
 * Tests in which order the embedded server gives out the waiting work of builds: by priority, then fairly between projects.
 *
 * All builds wait with one activity each before a worker that does one at a time takes them. A task queue has several partitions,
 * each with its own order, so the tests compare mean places.
 */
import { ApplicationFailure } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import { createActivities } from '../../src/activities';
import type { StepTask } from '../../src/activities/contract';
import { connectWorker } from '../../src/adapters/temporal/connect';
import type { BuildStart } from '../../src/domain/build/start';
import { ROLES } from '../../src/domain/roles';
import type { Role, RoleMode } from '../../src/domain/roles';
import { temporalTarget } from '../../src/programs/wiring';
import { startBuild, startStack, until } from '../fixture';
import type { Handle } from './stage';
import { verifies } from '../requirements/verifies';

const Q_ASSISTANT_ONLY = Object.fromEntries(
  ROLES.map((role) => [role, role === 'q_assistant' ? 'llm' : 'external']),
) as Record<Role, RoleMode>;

/** Gives the ids of the builds in the order in which their activities ran. */
async function orderOf(starts: Array<Partial<BuildStart>>): Promise<string[]> {
  const stack = await startStack({ worker: false });
  const handles: Handle[] = [];
  for (const start of starts) handles.push(await startBuild(stack, { start: { ...start, roles: Q_ASSISTANT_ONLY } }));
  const connection = await connectWorker(temporalTarget(stack.config, process.env.TEST_TEMPORAL_ADDRESS ?? ''));
  const common = { connection, taskQueue: stack.config.temporal.taskQueue };
  const activities = createActivities(stack.deps);
  const workflows = await Worker.create({
    ...{ ...common, activities, enableNonLocalActivities: false },
    workflowBundle: { codePath: process.env.TEST_WORKFLOW_BUNDLE ?? '' },
  });
  const order: string[] = [];
  const discover = ({ buildId }: StepTask): Promise<never> => {
    order.push(buildId);
    return Promise.reject(ApplicationFailure.nonRetryable('the order is all that is wanted', 'Model.BadRequest'));
  };
  const areQueued = async () => {
    const builds = await Promise.all(handles.map((handle) => handle.describe()));
    return builds.every(({ raw }) => raw.pendingActivities?.length === 1);
  };
  await workflows.runUntil(async () => {
    await until(areQueued, (queued) => queued);
    const workers = { ...common, activities: { ...activities, discover }, maxConcurrentActivityTaskExecutions: 1 };
    const hasAll = until(
      () => Promise.resolve(order.length),
      (count) => count === starts.length,
    );
    await (await Worker.create(workers)).runUntil(hasAll);
  });
  await connection.close();
  await stack.stop();
  return order;
}

const meanPlace = (order: string[], isOne: (id: string) => boolean): number => {
  const places = order.flatMap((id, place) => (isOne(id) ? [place] : []));
  return places.reduce((sum, place) => sum + place, 0) / places.length;
};

const builds = (count: number, name: string, start: Partial<BuildStart>) =>
  Array.from({ length: count }, (_, index) => ({ ...start, buildId: `${name}-${index}` }));

verifies('9.13');
test('of waiting builds, those of a lower number begin first, also if they were started last', async () => {
  const order = await orderOf(
    [5, 3, 1].flatMap((priority) => builds(16, `p${priority}`, { projectId: 'one', priority })),
  );
  const [first, middle, last] = ['p1', 'p3', 'p5'].map((name) => meanPlace(order, (id) => id.startsWith(name)));
  expect(first).toBeLessThan(middle as number);
  expect(middle).toBeLessThan(last as number);
});

test('a project with few builds does not wait for all those of a project with many', async () => {
  const order = await orderOf([
    ...builds(80, 'large', { projectId: 'large' }),
    ...builds(8, 'small', { projectId: 'small' }),
  ]);
  // In the order of their starts, the places of the small project would be 80 to 87.
  expect(meanPlace(order, (id) => id.startsWith('small'))).toBeLessThan(44);
});
