/**
 * Repeats two of the kills of third-step.chaos.test.ts: the worker dies by SIGKILL in the third step of the Q Assistant.
 */
import type { BuildState } from '../../src/domain/build/state';
import { until } from '../fixture';
import type { Moment } from './third-step/answers';
import { countThirdStep, usageOfSteps, findErrors } from './third-step/audit';
import { openSite } from './third-step/site';
import type { Site } from './third-step/site';
import { verifies } from '../requirements/verifies';

let site: Site | undefined;
afterEach(() => site?.close());

verifies('5.4');
test('a worker that is killed after the last byte of an answer, or after it stored the answer, pays for no stored answer again', async () => {
  const finish: Moment = 'finish';
  site = await openSite(
    {
      ...{ discovery: 'after the last byte', planning: finish, implementation: finish },
      ...{ testing: finish, verification: finish, deployment: finish },
    },
    {
      ...{ code_writer: 'external', test_auditor: 'external' },
      ...{ verification_overseer: 'external', release_manager: 'external' },
    },
  );
  const kills = [await site.kill('discovery'), await site.kill('planning')];
  const handle = await site.handle();
  const build = await until(
    () => handle.query<BuildState>('build'),
    ({ state }) => state === 'implementation' || state === 'error',
  );
  const { model } = site;
  expect(findErrors(model, kills)).toEqual([]);
  expect(kills.map((kill) => countThirdStep(model, kill))).toMatchObject([
    { phase: 'discovery', keys: 1, bodies: 1 },
    { phase: 'planning', isStored: true, requestCount: 1 },
  ]);
  expect(build).toMatchObject({ state: 'implementation', failure: null, usage: usageOfSteps(model) });
}, 300_000);
