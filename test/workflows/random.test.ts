/**
 * Sends random legal and illegal commands to running workflows, and compares each answer with the answer of the pure reducer.
 *
 * 50 builds in each run of the tests; `RANDOM_BUILDS=2000 npx jest random` runs more, RANDOM_SEED chooses others.
 */
import fc from 'fast-check';
import { beginBuild } from '../../src/domain/build/state';
import type { BuildState } from '../../src/domain/build/state';
import { COMMAND_NAMES } from '../../src/domain/commands';
import type { CommandName } from '../../src/domain/commands';
import { afterUndo } from '../../src/domain/build/pending-effects';
import { execute } from '../../src/domain/build/reduce';
import { ROLES } from '../../src/domain/roles';
import { STATES, ownerOf } from '../../src/domain/states';
import { openStage } from './stage';
import type { Run, Stage } from './stage';

const BUILDS = Number(process.env.RANDOM_BUILDS ?? 50);
const COMMANDS_EACH = 8;
const AT_ONCE = 20;
/** Fixed unless chosen, so that a failure can be met again. */
const SEED = Number(process.env.RANDOM_SEED ?? 20_261_121);

interface Step {
  name: CommandName;
  role: string;
  completedState: string;
  nextState: string | null;
  targetState: string;
  fitting: number;
  key: number;
}
const step: fc.Arbitrary<Step> = fc.record({
  name: fc.oneof(
    { weight: 14, arbitrary: fc.constant('advance' as const) },
    { weight: 6, arbitrary: fc.constantFrom(...COMMAND_NAMES.filter((name) => name !== 'cancel')) },
    // A paused build refuses nearly everything.
    { weight: 3, arbitrary: fc.constant('resume' as const) },
    { weight: 1, arbitrary: fc.constantFrom('cancel' as const, 'resume' as const) },
  ),
  role: fc.constantFrom(...ROLES, 'nobody'),
  completedState: fc.constantFrom(...STATES, 'done'),
  nextState: fc.oneof(
    { weight: 7, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom<string>(...STATES) },
  ),
  targetState: fc.constantFrom(...STATES),
  fitting: fc.nat(9),
  key: fc.nat(40),
});

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.stop());

test(
  `${BUILDS} live builds answer ${COMMANDS_EACH} random commands each as the reducer does`,
  async () => {
    const lists = fc.sample(fc.array(step, { minLength: COMMANDS_EACH, maxLength: COMMANDS_EACH }), {
      numRuns: BUILDS,
      seed: SEED,
    });
    const tally = { accepted: 0, refused: 0 };
    const next = lists.entries();
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (const [, steps] of next) await compare(steps, tally);
      }),
    );
    // A floor: builds that refuse nearly everything, or nearly nothing, would prove little.
    expect(tally.accepted).toBeGreaterThan((BUILDS * COMMANDS_EACH) / 3);
    expect(tally.refused).toBeGreaterThan(BUILDS);
  },
  Math.max(120_000, BUILDS * 1_000),
);

async function compare(steps: Step[], tally: { accepted: number; refused: number }): Promise<void> {
  const run = await stage.begin({
    roles: 'external',
    start: { retriesPerPhase: 2, budget: { calls: 1, microUsd: 500_000 } },
  });
  const { buildId, ...live } = await run.state();
  let pure: BuildState = beginBuild({ buildId, ...live });
  for (const one of steps) {
    if (pure.cancelled || pure.state === 'complete') break;
    const wire = wireOf(pure, one);
    const decision = execute(pure, { name: one.name, wire, now: new Date().toISOString() });
    if (decision.kind === 'refused') {
      tally.refused += 1;
      expect(await run.refusal(one.name, wire)).toEqual(decision.refusal);
    } else {
      tally.accepted += 1;
      const { at: _, ...answer } = decision.answer;
      expect(await run.send(one.name, wire)).toMatchObject(answer);
      pure = decision.build;
    }
  }
  await agrees(run, pure);
}

async function agrees(run: Run, pure: BuildState): Promise<void> {
  const owes = ({ owed }: BuildState) => owed.undoRelease || owed.restoreTree;
  const live = await run.reach((build) => !owes(build));
  expect(bare(live)).toEqual(bare(owes(pure) ? afterUndo(pure, null, pure.updatedAt) : pure));
}

/** Without the times, which are each side's own. */
function bare(build: BuildState): unknown {
  const text = JSON.stringify(build, (name, value) =>
    ['at', 'updatedAt', 'completedAt'].includes(name) ? null : value,
  );
  return JSON.parse(text);
}

function wireOf(build: BuildState, one: Step): Record<string, unknown> {
  const fitting = one.fitting > 1;
  // Few keys, so that some come twice, with the same body and with another.
  const meta = one.key < 4 ? { idempotency_key: `k${one.key}` } : {};
  switch (one.name) {
    case 'advance': {
      const fit = { role: ownerOf(build.state) ?? one.role, completed_state: build.state };
      const said = fitting ? fit : { role: one.role, completed_state: one.completedState };
      const ref = { digest: `sha256:${'a'.repeat(64)}`, bytes: 2, excerpt: 'x' };
      const to = one.nextState === null ? {} : { next_state: one.nextState };
      return { ...said, ...to, ...meta, phase_result_ref: ref, actor: 'ada' };
    }
    case 'rollback':
      return { target_state: one.targetState, reason: 'because', ...meta };
    case 'answer':
      return { answers: { Q1: 'yes' }, ...meta };
    case 'approve':
    case 'reject':
      return { gate: 'tampering', digest: `sha256:${'b'.repeat(64)}`, reason: 'seen', ...meta };
    case 'amend': {
      const request = `sha256:${String(one.fitting).repeat(64)}`;
      const limits = { retries_per_phase: one.fitting, coverage_floor_percent: 70 + one.fitting };
      const expected = fitting ? build.request : request;
      return { request, expected_request: expected, changed: ['commands', 'retries'], ...limits, reason: 'r', ...meta };
    }
    case 'edit_plan':
      return { plan: `sha256:${'c'.repeat(64)}`, bytes: 2, expected_digest: `sha256:${'d'.repeat(64)}`, ...meta };
    case 'delegate':
      return { gate: 'plan_approval', to: 'bob', ...meta };
    case 'note':
      return fitting ? { text: 'mind the gap', ...meta } : { text: '', ...meta };
    case 'budget':
      return { calls: one.key, usd: one.fitting, reason: 'more', ...meta };
    case 'retry':
    case 'cancel':
    case 'pause':
    case 'resume':
      return fitting ? { reason: 'because', ...meta } : { reason: 7, expected_revision: one.key, ...meta };
  }
}
