/**
 * The worker is killed by SIGKILL in the third step of every role, at five moments: no model call whose answer was stored is
 * paid again.
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
import { askedIn, usageOfSteps, wrongIn } from './third-step/audit';
import { openSite } from './third-step/site';
import type { Kill, Site } from './third-step/site';
import { printTable, writeTable } from './third-step/table';
import type { Row } from './third-step/table';

const everywhere = (moment: Moment) =>
  Object.fromEntries(PHASES.map((phase) => [phase, moment])) as Record<Phase, Moment>;
/** Before it arrives and while it streams, in turns. */
const ASKED = Object.fromEntries(
  PHASES.map((phase, at) => [phase, at % 2 === 0 ? 'before the request arrives' : 'while the answer streams']),
) as Record<Phase, Moment>;

const all: Row[] = [];
let site: Site | undefined;
afterEach(() => site?.close());
afterAll(() => {
  printTable(all);
  if (process.env.WRITE_RESULT === '1') writeTable(all);
});

test.each([
  ['before the request arrives, and while the answer streams', ASKED],
  ['right after the last byte of the answer', everywhere('after the last byte')],
  ['while a tool is carried out', everywhere('tool')],
  ['while the finish is processed', everywhere('finish')],
])(
  'killed %s, in each phase: the build completes, and no stored answer is asked for again',
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
    all.push(...kills.map((kill) => ({ ...askedIn(model, kill), ended: build?.state ?? 'open' })));

    expect(wrongIn(model, kills)).toEqual([]);
    expect(kills.filter(({ moment }) => moment === 'tool' || moment === 'finish').every(isStored)).toBe(true);
    expect(kills.filter(({ moment }) => moment === 'tool').every(({ isUnderWay }) => isUnderWay)).toBe(true);
    expect(build).toMatchObject({ state: 'complete', failure: null, usage: usageOfSteps(model) });
    expect(Object.values(build?.attempts ?? {})).toEqual(PHASES.map(() => 1));
    expectTree(site, build as BuildState, moments);
  },
  900_000,
);

const isStored = (kill: Kill): boolean => kill.isStored;

/** One commit of the Code Writer and one of the Test Auditor, and what each added in its third step is there once. */
function expectTree(site: Site, { base, commit }: BuildState, moments: Record<Phase, Moment>): void {
  expect(site.git('rev-list', `${base}..${commit}`).split('\n')).toHaveLength(2);
  for (const [phase, change] of Object.entries(CHANGES)) {
    const text = site.git('show', `${commit}:${change.path}`);
    expect(text.split(MARK)).toHaveLength(moments[phase as Phase] === 'finish' ? 1 : 2);
  }
}

test('each role was hit', () => {
  expect(new Set(all.map(({ phase }) => PHASE_OWNER[phase])).size).toBe(5);
  expect(all.length).toBeGreaterThanOrEqual(20);
});
