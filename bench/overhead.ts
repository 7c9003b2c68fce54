/**
 * Bench `overhead`: measures the share of orchestration in a build whose model calls take two seconds each.
 *
 * Activities measure their own time; the rest of the build's time is orchestration.
 */
import { createActivities } from '../src/activities';
import type { PhaseTask } from '../src/activities/contract';
import { buildQuery } from '../src/workflows/messages';
import { ALL_LLM, pause, startBuild } from './builds';
import { cannedActivities } from './canned';
import { makeRepository, writeScript } from './example';
import { atMost, digits, spreadOf } from './figures';
import type { Bench, BenchOptions, Sheet } from './figures';
import { makeFolder, setStage, TUNED } from './stage';
import type { Stage } from './stage';

const CALL_MS = 2_000;

interface Split {
  totalMs: number;
  modelMs: number;
  activityMs: number;
}

/** Time within activities, by build, in ms. */
type Clock = Map<string, number>;

export const overhead: Bench = {
  name: 'overhead',
  async run({ quick }: BenchOptions): Promise<Sheet> {
    const canned = await cannedBuilds(quick);
    const real = await realBuilds(quick);
    const share = (splits: Split[]) => spreadOf(splits.map(orchestrationShare));
    const row = (what: string, splits: Split[]) => {
      const p50 = (pick: (split: Split) => number) => digits(spreadOf(splits.map(pick)).p50);
      const work = p50((split) => split.activityMs - split.modelMs);
      const rest = p50((split) => split.totalMs - split.activityMs);
      const { p50: median, p95, min, max } = share(splits);
      const spread = `${digits(median)} %  (p95 ${digits(p95)}, ${digits(min)}..${digits(max)})`;
      return [what, p50((split) => split.totalMs), p50((split) => split.modelMs), work, rest, spread];
    };
    return {
      title: `a build whose model calls take ${CALL_MS / 1_000} s each`,
      notes: [
        TUNED,
        'orchestration is what lies outside of all activities',
        `at once: ${AT_ONCE} builds that began in the same moment, so that each of their steps falls on the same two cores`,
      ],
      columns: ['', 'build ms', 'model ms', 'git, tests, release ms', 'orchestration ms', 'share p50'],
      rows: [
        row('canned roles, 6 calls', canned.alone),
        row('canned roles, 6 calls, at once', canned.atOnce),
        row('dark mode without rework, 7 calls, real work', real.alone),
        row('dark mode without rework, 7 calls, real work, at once', real.atOnce),
      ],
      figures: [
        atMost('overhead: orchestration share, canned roles', 2, share(canned.alone).p50, ' %'),
        atMost('overhead: orchestration share, real work', 2, share(real.alone).p50, ' %'),
      ],
    };
  },
};

const AT_ONCE = 3;

function orchestrationShare({ totalMs, activityMs }: Split): number {
  return ((totalMs - activityMs) / totalMs) * 100;
}

interface Sides {
  alone: Split[];
  atOnce: Split[];
}

async function cannedBuilds(quick: boolean): Promise<Sides> {
  const stage = await setStage();
  const clock: Clock = new Map();
  const stop = await stage.startWorker(
    timed(
      cannedActivities(stage.deps, () => pause(CALL_MS)),
      clock,
    ),
  );
  const sides = await measureAloneAndAtOnce(() => measureBuild(stage, clock, {}, 6), quick);
  await stop();
  return sides;
}

async function realBuilds(quick: boolean): Promise<Sides> {
  const folder = await makeFolder();
  const repository = makeRepository(folder);
  const stage = await setStage({ env: { MODEL: writeScript(folder, { delayMs: CALL_MS, rework: false }) } });
  const clock: Clock = new Map();
  const { discover, plan, writeCode, auditTests, verify, release } = createActivities(stage.deps);
  const stop = await stage.startWorker(timed({ discover, plan, writeCode, auditTests, verify, release }, clock));
  const sides = await measureAloneAndAtOnce(
    () => measureBuild(stage, clock, { repository: { path: repository } }, 7),
    quick,
  );
  await stop();
  return sides;
}

/** Measures single builds, and several at once, which wait for each other's cores. */
async function measureAloneAndAtOnce(build: () => Promise<Split>, quick: boolean): Promise<Sides> {
  const alone: Split[] = [];
  for (let count = 0; count < (quick ? 1 : 3); count++) alone.push(await build());
  return { alone, atOnce: await Promise.all(Array.from({ length: AT_ONCE }, build)) };
}

async function measureBuild(stage: Stage, clock: Clock, request: object, calls: number): Promise<Split> {
  const began = performance.now();
  const handle = await startBuild(stage, { request, roles: ALL_LLM });
  await handle.result();
  const totalMs = performance.now() - began;
  const { state, attempts, buildId } = await handle.query(buildQuery);
  if (state !== 'complete' || attempts.implementation !== 1) throw new Error('the build did not go straight through');
  return { totalMs, modelMs: calls * CALL_MS, activityMs: clock.get(buildId) ?? 0 };
}

/** Wraps the activities: sums up how long those of each build run. Within a build they run one at a time. */
function timed<T extends object>(activities: T, clock: Clock): T {
  const entries = Object.entries(activities) as Array<[string, (task: PhaseTask) => Promise<unknown>]>;
  const wrapped = entries.map(([name, run]) => {
    const timedRun = async (task: PhaseTask) => {
      const began = performance.now();
      try {
        return await run(task);
      } finally {
        clock.set(task.buildId, (clock.get(task.buildId) ?? 0) + performance.now() - began);
      }
    };
    return [name, timedRun];
  });
  return Object.fromEntries(wrapped) as T;
}
