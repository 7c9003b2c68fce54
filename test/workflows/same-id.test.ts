/**
 * R22: starts a build with the id of a terminated one. Earlier work is used for the same request, and never for another one.
 */
import { randomUUID } from 'node:crypto';
import { HANG } from './fake-models';
import { openStage } from './stage';
import type { Run, Scene, Stage } from './stage';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.stop());

/** Begins a build that is terminated when it has paid for its plan, and then one of the same id. */
async function beginAgain(projectId: string, second: Scene): Promise<{ paid: number; again: Run }> {
  const buildId = randomUUID();
  const start = { projectId, buildId };
  const first = await stage.begin({ start, answers: { implementation: HANG } });
  await first.reach(() => first.calls().some(({ phase }) => phase === 'implementation'));
  const paid = first.calls().filter(({ phase }) => phase !== 'implementation').length;
  // The fixture starts where the API would refuse until the workflow is deleted, which takes the server minutes.
  await first.handle.terminate();
  return { paid, again: await stage.begin({ ...second, start }) };
}

const phasesOf = (run: Run) => run.calls().map(({ phase }) => phase);

test('R22: a build with the id of a terminated one and other requirements adopts nothing of it', async () => {
  const { paid, again } = await beginAgain('other', { request: { requirements: 'Build me something else' } });
  expect(await again.handle.result()).toMatchObject({ status: 'complete', release: { number: 1 } });
  const phases = phasesOf(again);
  expect(paid).toBe(2);
  expect(phases.filter((phase) => phase === 'discovery')).toHaveLength(2);
  expect(phases.filter((phase) => phase === 'planning')).toHaveLength(2);
  const { usage } = await again.state();
  const kept = await stage.stack.deps.documents.list('calls', `other.${again.buildId}.`);
  expect(kept).toHaveLength(paid + usage.calls);
});

test('R22: a build with the id of a terminated one and the same request uses the answers that were paid for', async () => {
  const { again } = await beginAgain('same', {});
  expect(await again.handle.result()).toMatchObject({ status: 'complete' });
  expect(phasesOf(again).filter((phase) => phase === 'planning')).toHaveLength(1);
});
