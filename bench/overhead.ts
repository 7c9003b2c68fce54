/**
 * Bench `overhead`: how much of a build is orchestration where each model call takes two seconds.
 *
 * Activities are timed from inside; what of the whole build lies outside of all of them is orchestration.
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
    const count = quick ? 2 : 3;
    const canned = await cannedBuilds(count);
    const real = await realBuilds(count);
    const share = (splits: Split[]) => spreadOf(splits.map(orchestrationShare));
    const row = (what: string, splits: Split[]) => {
      const p50 = (pick: (split: Split) => number) => digits(spreadOf(splits.map(pick)).p50);
      const work = p50((split) => split.activityMs - split.modelMs);
      const rest = p50((split) => split.totalMs - split.activityMs);
      const { p50: half, p95, min, max } = share(splits);
      const spread = `${digits(half)} %  (p95 ${digits(p95)}, ${digits(min)}..${digits(max)})`;
      return [what, p50((split) => split.totalMs), p50((split) => split.modelMs), work, rest, spread];
    };
    return {
      title: `a build whose model calls take ${CALL_MS / 1_000} s each`,
      notes: [TUNED, `${count} builds at once on each side; orchestration is what lies outside of all activities`],
      columns: ['', 'build ms', 'model ms', 'git, tests, release ms', 'orchestration ms', 'share p50'],
      rows: [row('canned roles, 6 calls', canned), row('dark mode without rework, 7 calls, real work', real)],
      figures: [
        atMost('overhead: orchestration share, canned roles', 2, share(canned).p50, ' %'),
        atMost('overhead: orchestration share, real work', 2, share(real).p50, ' %'),
      ],
    };
  },
};

function orchestrationShare({ totalMs, activityMs }: Split): number {
  return ((totalMs - activityMs) / totalMs) * 100;
}

async function cannedBuilds(count: number): Promise<Split[]> {
  const stage = await setStage();
  const clock: Clock = new Map();
  const stop = await stage.startWorker(
    timed(
      cannedActivities(() => pause(CALL_MS)),
      clock,
    ),
  );
  const splits = await buildAtOnce(stage, count, clock, {}, 6);
  await stop();
  return splits;
}

async function realBuilds(count: number): Promise<Split[]> {
  const folder = await makeFolder();
  const repository = makeRepository(folder);
  const stage = await setStage({ env: { MODEL: writeScript(folder, { delayMs: CALL_MS, rework: false }) } });
  const clock: Clock = new Map();
  const { discover, plan, writeCode, auditTests, verify, release } = createActivities(stage.deps);
  const stop = await stage.startWorker(timed({ discover, plan, writeCode, auditTests, verify, release }, clock));
  const splits = await buildAtOnce(stage, count, clock, { repository: { path: repository } }, 7);
  await stop();
  return splits;
}

async function buildAtOnce(
  stage: Stage,
  count: number,
  clock: Clock,
  request: object,
  calls: number,
): Promise<Split[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const began = performance.now();
      const handle = await startBuild(stage, { request, roles: ALL_LLM });
      await handle.result();
      const totalMs = performance.now() - began;
      const { state, attempts, buildId } = await handle.query(buildQuery);
      if (state !== 'complete' || attempts.implementation !== 1)
        throw new Error('the build did not go straight through');
      return { totalMs, modelMs: calls * CALL_MS, activityMs: clock.get(buildId) ?? 0 };
    }),
  );
}

/** Adds up how long the activities of a build ran; within a build they run one at a time. */
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
