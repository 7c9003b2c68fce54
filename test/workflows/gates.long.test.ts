/**
 * 200 live builds with approval gates, each with random decisions, edits, changes, double clicks, rollbacks and expiries at once.
 *
 * The oracle reads the trail of each build: a gate was passed only with a page that shows what the build had then, that enough
 * different persons approved after it was opened, and no page let the build pass twice. `GATE_BUILDS=20` runs fewer.
 */
import fc from 'fast-check';
import type { BuildState } from '../../src/domain/build/state';
import type { AuditEvent } from '../../src/domain/build/trail';
import { ownerOf } from '../../src/domain/states';
import { openStage } from './stage';
import type { Run, Stage } from './stage';

const BUILDS = Number(process.env.GATE_BUILDS ?? 200);
const STEPS_EACH = 30;
const AT_ONCE = 20;
const SEED = Number(process.env.RANDOM_SEED ?? 20_261_128);
const ACTORS = ['ada', 'bob', 'cyd'] as const;
const QUORUM = 2;
const WEIGHTS = {
  advance: 12,
  approve: 10,
  double: 4,
  reject: 1,
  edit: 1,
  amend: 1,
  rollback: 1,
  pause: 1,
  resume: 3,
  rest: 1,
};
type Action = keyof typeof WEIGHTS;
const WEIGHTED = (Object.keys(WEIGHTS) as Action[]).flatMap((name) => Array<Action>(WEIGHTS[name]).fill(name));

interface Step {
  action: Action;
  actor: (typeof ACTORS)[number];
  pick: number;
}
const step: fc.Arbitrary<Step> = fc.record({
  action: fc.constantFrom(...WEIGHTED),
  actor: fc.constantFrom(...ACTORS),
  pick: fc.nat(1_000),
});

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.stop());

test(
  `${BUILDS} live builds pass a gate only with what enough persons have approved, and once`,
  async () => {
    const lists = fc.sample(fc.array(step, { minLength: STEPS_EACH, maxLength: STEPS_EACH }), {
      numRuns: BUILDS,
      seed: SEED,
    });
    const tally = { passed: 0, expired: 0, approved: 0 };
    const next = lists.entries();
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (const [index, steps] of next) await live(steps, index, tally);
      }),
    );
    // Lives in which nothing happens would prove nothing.
    expect(tally.passed).toBeGreaterThan(BUILDS / 4);
    expect(tally.approved).toBeGreaterThan(BUILDS);
    expect(tally.expired).toBeGreaterThan(0);
  },
  Math.max(240_000, BUILDS * 6_000),
);

async function live(
  steps: Step[],
  index: number,
  tally: Record<'passed' | 'expired' | 'approved', number>,
): Promise<void> {
  const gate = { approval: 'required' as const, quorum: QUORUM, ...(index % 4 === 0 ? EXPIRING : {}) };
  const run = await stage.begin({ roles: 'external', start: { gates: { plan: gate, release: gate } } });
  const first = (await run.state()).request;
  for (const one of steps) {
    const build = await run.state();
    if (build.state === 'complete') break;
    await Promise.all(sendAll(run, build, one).map((sending) => sending.catch(() => undefined)));
  }
  const end = await run.state();
  await judge(end, first);
  for (const { type } of end.events) {
    if (type === 'gate_passed') tally.passed += 1;
    if (type === 'expired') tally.expired += 1;
    if (type === 'approved') tally.approved += 1;
  }
  await run.send('cancel', { reason: 'enough' }).catch(() => undefined);
}
const EXPIRING = { expiresAfterS: 1, onExpiry: 'reject' as const };

/** Sends what the step says, by what the person has just read. A double click sends twice at once, beside a change of the build. */
function sendAll(run: Run, build: BuildState, { action, actor, pick }: Step): Array<Promise<unknown>> {
  const page = (build.findings ?? []).at(-1);
  const decision = { gate: page?.gate ?? 'plan_approval', digest: page?.digest ?? DIGEST(pick), actor, reason: 'r' };
  const approve = () => run.send('approve', decision);
  const amend = () => amendRetries(run, build, pick);
  switch (action) {
    case 'advance':
      return [run.send('advance', advanceOf(build, pick))];
    case 'approve':
      return [approve()];
    case 'double':
      return [
        approve(),
        approve(),
        pick % 2 === 0 ? edit(run, build, pick) : amend(),
        run.send('approve', { ...decision, actor: 'bob' }),
      ];
    case 'reject':
      return [run.send('reject', decision)];
    case 'edit':
      return [edit(run, build, pick), approve()];
    case 'amend':
      return [amend(), approve()];
    case 'rollback':
      return [
        run.send('rollback', { target_state: pick % 2 === 0 ? 'planning' : 'implementation', reason: 'r' }),
        approve(),
      ];
    case 'pause':
    case 'resume':
      return [run.send(action, {})];
    case 'rest':
      return [run.reach(({ revision }) => revision !== build.revision, 1_500)];
  }
}

const DIGEST = (pick: number): string => `sha256:${String(pick % 10).repeat(64)}`;

function advanceOf({ state }: BuildState, pick: number) {
  return { role: ownerOf(state), completed_state: state, phase_result: { done: state, pick }, actor: 'ada' };
}

/** Stores an amended request, as PATCH request does. */
async function amendRetries(run: Run, { request }: BuildState, pick: number): Promise<unknown> {
  const { artifacts } = stage.stack.deps;
  const stored = JSON.parse((await artifacts.get(request)).toString('utf8')) as object;
  const amended = await artifacts.put(JSON.stringify({ ...stored, retries: { per_phase: pick % 20 } }));
  const wire = { request: amended.digest, expected_request: request, changed: ['retries'], reason: 'r' };
  return run.send('amend', { ...wire, retries_per_phase: pick % 20 });
}

/** A person's plan must be in the store, as PUT plan puts it there. */
async function edit(run: Run, build: BuildState, pick: number): Promise<unknown> {
  const stored = await stage.stack.deps.artifacts.put(
    JSON.stringify({ summary: `edited ${pick}`, success_criteria: [] }),
  );
  const expected = build.approvalGate?.digest ?? DIGEST(pick);
  return run.send('edit_plan', { plan: stored.digest, bytes: stored.bytes, expected_digest: expected, actor: 'cyd' });
}

/** Goes through the trail of a build and checks each passage against what the build had at that moment. */
async function judge({ events, handoffs }: BuildState, firstRequest: string): Promise<void> {
  const has = { request: firstRequest, plan: null as string | null, generation: 1 };
  const opened = new Set<string>();
  const voices = new Map<string, Set<string>>();
  const passed = new Set<string>();
  const planOf = (at: string) =>
    handoffs.find((one) => one.fromState === 'planning' && one.at === at)?.data?.digest ?? null;
  for (const { type, data, actor, at } of events) {
    const digest = String(data.digest);
    if (type === 'advanced' && data.from === 'planning') has.plan = planOf(at);
    if (type === 'plan_edited') has.plan = String(data.plan);
    if (type === 'amended') has.request = String(data.request);
    if (type === 'rolled_back') has.generation += 1;
    if (type === 'gate_opened') opened.add(digest);
    if (type === 'approved') voices.set(digest, approve(voices.get(digest), { actor, isOpen: opened.has(digest) }));
    if (type === 'gate_passed') await judgePassage({ data, digest, has, voices, passed });
  }
}

function approve(before: Set<string> | undefined, { actor, isOpen }: { actor: string; isOpen: boolean }): Set<string> {
  expect(isOpen).toBe(true);
  expect(before?.has(actor) ?? false).toBe(false);
  return new Set([...(before ?? []), actor]);
}

interface Passage {
  data: AuditEvent['data'];
  digest: string;
  has: { request: string; plan: string | null; generation: number };
  voices: Map<string, Set<string>>;
  passed: Set<string>;
}

async function judgePassage({ data, digest, has, voices, passed }: Passage): Promise<void> {
  expect(passed.has(digest)).toBe(false);
  passed.add(digest);
  expect(voices.get(digest)?.size ?? 0).toBeGreaterThanOrEqual(QUORUM);
  const page = JSON.parse((await stage.stack.deps.artifacts.get(digest)).toString('utf8')) as Record<string, unknown>;
  expect(page).toMatchObject({ gate: data.gate, request_digest: has.request, generation: has.generation });
  if (data.gate === 'plan_approval') expect(page.plan_digest).toBe(has.plan);
}
