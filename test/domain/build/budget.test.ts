/**
 * Tests the budget gate of a build, the counting of calls, and the command that raises a budget.
 */
import { budgetGateOf, stepAtOf } from '../../../src/domain/build/budget-gate';
import { cardOf } from '../../../src/domain/build/card';
import { applyDue, nextDueAt } from '../../../src/domain/build/due';
import { expectationOf } from '../../../src/domain/build/expects';
import { isHeld } from '../../../src/domain/build/holds';
import { buildInputProblem } from '../../../src/domain/build/input';
import { applyOutcome } from '../../../src/domain/build/outcomes';
import { countSpend, spentBy, withUncounted } from '../../../src/domain/build/spend';
import { beginBuild } from '../../../src/domain/build/state';
import type { BuildState } from '../../../src/domain/build/state';
import { statusOf } from '../../../src/domain/build/status';
import { NOTHING_USED } from '../../../src/domain/build/usage';
import type { CapReached } from '../../../src/domain/money/budget';
import { addSpend } from '../../../src/domain/money/spend';
import { PHASES } from '../../../src/domain/roles';
import { NOW, apply, newBuild, refusalOf } from '../a-build';

const BUDGET = { microUsd: 10_000_000, tokens: 1_000, calls: 5, wallClockS: 3_600 };
const CALL = 'shop.b1.discovery.g1.a1.s1';
const PAID = [
  {
    ...{ model: 'a:1', calls: 1, inputTokens: 10, cachedInputTokens: 0, outputTokens: 5, reasoningTokens: 0 },
    ...{ microUsd: 7, unknownCalls: 0 },
  },
];
const begun = (): BuildState => beginBuild({ ...newBuild({ mode: 'llm' }), budget: BUDGET });
const held = (over: Partial<CapReached> = {}): BuildState => {
  const reached: CapReached = {
    scope: 'build',
    kind: 'usd',
    cap: 10_000_000,
    spent: 9_900_000,
    needed: 530_000,
    ...over,
  };
  const at = { step: 3, transcript: 'sha256:t', tree: 'abc' };
  return applyOutcome(begun(), { kind: 'over_budget', reached, ...at, usage: NOTHING_USED }, NOW);
};

test('a build at its budget stays in its phase, waits, and says what is missing and how to give it', () => {
  const build = held();
  expect([build.state, statusOf(build), isHeld(build)]).toEqual(['discovery', 'waiting', true]);
  expect(expectationOf(build).task).toBe(
    'The budget of this build is reached: 9.90 of 10.00 USD spent, the next call may take 0.53 USD; POST shop.b1/budget raises it, to 10.43 USD or more',
  );
  expect(stepAtOf(build)).toMatchObject({ step: 3, transcript: 'sha256:t', tree: 'abc' });
  expect(build.uncountedCalls).toEqual(['shop.b1.discovery.g1.a1.s3']);
  expect(buildInputProblem({ resumed: JSON.parse(JSON.stringify(build)) })).toBeNull();
});

test('a higher total opens the gate, with the reason in the trail, and the work goes on at its step', () => {
  const build = apply(held(), 'budget', { usd: 12.5, reason: 'a large change', actor: 'ada' });
  expect(build.budget).toEqual({ ...BUDGET, microUsd: 12_500_000 });
  expect([budgetGateOf(build), statusOf(build), stepAtOf(build)?.step]).toEqual([null, 'in_progress', 3]);
  expect(build.events.at(-1)).toMatchObject({
    ...{ type: 'budget_raised', actor: 'ada' },
    data: { reason: 'a large change', usd: '10.00 USD -> 12.50 USD' },
  });
});

test.each([
  [{ usd: 10, reason: 'r' }, 'usd must be higher than the present total of 10.00 USD, not 10.00 USD'],
  [{ usd: 20, calls: 4, reason: 'r' }, 'calls must be higher than the present total of 5, not 4'],
  [{ wall_clock: '30m', reason: 'r' }, 'wall_clock must be higher than the present total of 1h, not 30m'],
  [{ reason: 'r' }, '(input) must name the new total of at least one of usd, tokens, calls and wall_clock'],
  [{ usd: 20 }, 'reason must be 1 to 2000 characters of text, not absent'],
  [
    { usd: '20', reason: 'r' },
    'usd must be a number of US dollars from 0 to 1000000000 with at most 6 decimals, not "20"',
  ],
  [{ tokens: 1.5, reason: 'r' }, 'tokens must be a whole number from 0 on, not 1.5'],
  [{ wall_clock: 'soon', reason: 'r' }, 'wall_clock must be a duration such as "90m"'],
  [{ euros: 5, reason: 'r' }, 'euros is not a field of budget'],
])('the command %j is refused', (wire, message) => {
  expect(refusalOf(held(), 'budget', wire).message).toContain(message);
});

test('a build of an older version has no limit, so nothing of it can be raised', () => {
  expect(refusalOf(newBuild(), 'budget', { usd: 5, reason: 'r' })).toMatchObject({
    ...{ type: 'Command.NotHigher', message: 'usd of this build is not limited, so it cannot be raised' },
  });
});

test('the budget of the build does not open a gate of the project', () => {
  const build = apply(held({ scope: 'project' }), 'budget', { usd: 20, reason: 'more' });
  expect(budgetGateOf(build)).toMatchObject({ scope: 'project' });
});

test('the gate of a day opens at midnight in UTC, once', () => {
  const build = held({ scope: 'day' });
  expect(nextDueAt(build)).toBe('2026-11-22T00:00:00.000Z');
  expect(applyDue(build, '2026-11-21T23:59:59.999Z')).toBe(build);
  const open = applyDue(build, '2026-11-22T00:00:00.000Z');
  expect([budgetGateOf(open), nextDueAt(open), open.events.at(-1)?.type]).toEqual([null, null, 'budget_returned']);
  expect(expectationOf(build).task).toContain('wait until 2026-11-22T00:00:00.000Z');
});

test('a change of state makes the gate and the step void', () => {
  const build = { ...held(), turn: held().turn + 1 };
  expect([budgetGateOf(build), stepAtOf(build), isHeld(build)]).toEqual([null, null, false]);
  expect(build.uncountedCalls).toHaveLength(1);
});

test('a call that was not counted counts once, when it is found', () => {
  const build = withUncounted(withUncounted(begun(), CALL), CALL);
  const found = { call: 'shop.b1.discovery.g1.a2.s1', paid: PAID, found: [{ call: CALL, paid: PAID }] };
  const counted = countSpend(build, found);
  expect(counted.uncountedCalls).toBeUndefined();
  expect(spentBy(counted)).toEqual({ microUsd: 14, tokens: 30, calls: 2 });
  expect(counted.spend?.map(({ attempt }) => attempt)).toEqual([1, 2]);
  // The same call is found again by an activity that began earlier.
  expect(spentBy(countSpend(counted, { ...found, paid: [] })).calls).toBe(2);
});

test('a call that goes on after a gate counts with its own outcome', () => {
  const call = 'shop.b1.discovery.g1.a1.s3';
  const counted = countSpend(held(), { call, paid: PAID, found: [{ call, paid: PAID }] });
  expect(spentBy(counted).calls).toBe(1);
  expect(counted.uncountedCalls).toBeUndefined();
});

test('a build without a budget counts no spend', () => {
  expect(countSpend(newBuild(), { call: CALL, paid: PAID })).toEqual(newBuild());
  expect(withUncounted(newBuild(), CALL)).toEqual(newBuild());
});

test('the card of a build with the longest spend, forecast and gate stays below its limit', () => {
  const spend = PHASES.flatMap((phase) =>
    Array.from({ length: 10 }, (_, n) => ({ phase, generation: 1, attempt: n + 1 })),
  ).reduce(
    (entries: NonNullable<BuildState['spend']>, at) =>
      addSpend(entries, at, [
        { ...PAID[0]!, model: `openrouter:${'x'.repeat(80)}`, inputTokens: 98_765_432, microUsd: 1e9 },
      ]),
    [],
  );
  const quantiles = { median: 123_456_789, p90: 987_654_321 };
  const phases = Object.fromEntries(PHASES.map((phase) => [phase, quantiles]));
  const build = {
    ...held(),
    spend,
    forecast: { builds: 200, phases, total: quantiles, at: NOW },
    title: '長'.repeat(200),
  };
  expect(Buffer.byteLength(JSON.stringify(cardOf(build)))).toBeLessThanOrEqual(1_900);
  const short = cardOf({ ...build, spend: spend.slice(0, 3), title: 'Page' });
  expect(short.money?.rows).toHaveLength(3);
  expect(short.money?.gate?.slice(0, 3)).toEqual(['build', 'usd', 10_000_000]);
});
