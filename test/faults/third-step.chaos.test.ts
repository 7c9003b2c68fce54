/**
 * Kills the worker by SIGKILL in the third step of every role, at five moments: a model call whose answer was stored is never paid
 * again.
 *
 * Four builds, each with one kill in each of its six phases. `WRITE_RESULT=1 npm run test:chaos -- --testPathPatterns
 * third-step` writes the dated table to docs/chaos.md.
 */
import type { BuildState } from '../../src/domain/build/state';
import { PHASES, PHASE_OWNER } from '../../src/domain/roles';
import type { Phase } from '../../src/domain/roles';
import { until } from '../fixture';
import { CHANGES, MARK } from './third-step/answers';
import type { Moment } from './third-step/answers';
import { countThirdStep, usageOfSteps, findErrors } from './third-step/audit';
import { openSite } from './third-step/site';
import type { Kill, Site } from './third-step/site';
import { printTable, writeTable } from './third-step/table';
import type { Row } from './third-step/table';

const atEachPhase = (moment: Moment) =>
  Object.fromEntries(PHASES.map((phase) => [phase, moment])) as Record<Phase, Moment>;
/** One of the two moments of a request for each phase, alternately. */
const REQUEST_MOMENTS = Object.fromEntries(
  PHASES.map((phase, at) => [phase, at % 2 === 0 ? 'before the request arrives' : 'while the answer streams']),
) as Record<Phase, Moment>;

const tableRows: Row[] = [];
let site: Site | undefined;
afterEach(() => site?.close());
afterAll(() => {
  printTable(tableRows);
  if (process.env.WRITE_RESULT === '1') writeTable(tableRows);
});

test.each([
  ['before the request arrives, and while the answer streams', REQUEST_MOMENTS],
  ['right after the last byte of the answer', atEachPhase('after the last byte')],
  ['while a tool is carried out', atEachPhase('tool')],
  ['while the finish is processed', atEachPhase('finish')],
])(
  'after a kill %s in each phase, the build completes, and no stored answer is requested again',
  async (_, moments) => {
    site = await openSite(moments);
    const kills: Kill[] = [];
    for (const phase of PHASES) kills.push(await site.kill(phase));
    const handle = await site.handle();
    await until(
      async () => (await handle.describe()).status.name,
      (name) => name !== 'RUNNING',
      240_000,
    );
    const build = await site.stack.deps.documents.load('records', handle.workflowId);
    const { model } = site;
    tableRows.push(...kills.map((kill) => ({ ...countThirdStep(model, kill), endState: build?.state ?? 'open' })));

    expect(findErrors(model, kills)).toEqual([]);
    expect(kills.filter(({ moment }) => moment === 'tool' || moment === 'finish').every(isStored)).toBe(true);
    expect(kills.filter(({ moment }) => moment === 'tool').every(({ isUnderWay }) => isUnderWay)).toBe(true);
    expect(build).toMatchObject({ state: 'complete', failure: null, usage: usageOfSteps(model) });
    expect(Object.values(build?.attempts ?? {})).toEqual(PHASES.map(() => 1));
    expectTree(site, build as BuildState, moments);
  },
  900_000,
);

const isStored = (kill: Kill): boolean => kill.isStored;

/** Expects one commit of the Code Writer and one of the Test Auditor, each with the change of its third step once. */
function expectTree(site: Site, { base, commit }: BuildState, moments: Record<Phase, Moment>): void {
  expect(site.git('rev-list', `${base}..${commit}`).split('\n')).toHaveLength(2);
  for (const [phase, change] of Object.entries(CHANGES)) {
    const text = site.git('show', `${commit}:${change.path}`);
    expect(text.split(MARK)).toHaveLength(moments[phase as Phase] === 'finish' ? 1 : 2);
  }
}

test('the worker was killed in a step of each role', () => {
  expect(new Set(tableRows.map(({ phase }) => PHASE_OWNER[phase])).size).toBe(5);
  expect(tableRows.length).toBeGreaterThanOrEqual(20);
});
