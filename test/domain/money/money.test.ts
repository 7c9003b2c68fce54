/**
 * Tests the rules of money: caps, spend, forecasts, sums, dollars and durations.
 */
import fc from 'fast-check';
import { readDuration, showDuration } from '../../../src/domain/durations';
import { capReachedBy, describeReached, wallClockReached } from '../../../src/domain/money/caps';
import { addSample, byPhase, forecastFrom, SAMPLES_LIMIT } from '../../../src/domain/money/forecast';
import { addSpend, boundSpend, totalOf } from '../../../src/domain/money/spend';
import type { PaidCalls, SpendEntry } from '../../../src/domain/money/spend';
import { MODELS_LIMIT, NO_SUMS, addSums, subtractSums, sumsOf } from '../../../src/domain/money/spend-sums';
import { readUsd, showUsd, usdOf } from '../../../src/domain/money/usd';
import { PHASES } from '../../../src/domain/roles';
import { NOW } from '../a-build';

const paid = (model: string, microUsd: number): PaidCalls => ({
  ...{ model, calls: 1, inputTokens: 10, cachedInputTokens: 4, outputTokens: 5, reasoningTokens: 2 },
  ...{ microUsd, unknownCalls: 0 },
});
const entries = fc
  .array(
    fc.tuple(fc.constantFrom(...PHASES), fc.integer({ min: 1, max: 30 }), fc.constantFrom('a:1', 'b:2'), fc.nat(1e6)),
    {
      maxLength: 150,
    },
  )
  .map((rows) =>
    rows.reduce<SpendEntry[]>(
      (spend, [phase, attempt, model, microUsd]) =>
        addSpend(spend, { phase, generation: 1, attempt }, [paid(model, microUsd)]),
      [],
    ),
  );

test('a cap is reached by what is spent and needed together, and not by exactly the cap', () => {
  const spent = { microUsd: 9_800_000, tokens: 100, calls: 3 };
  const needed = { microUsd: 200_000, tokens: 10, calls: 1 };
  expect(capReachedBy({ microUsd: 10_000_000, tokens: 110, calls: 4 }, spent, needed)).toBeNull();
  expect(capReachedBy({}, spent, needed)).toBeNull();
  expect(capReachedBy({ microUsd: 9_999_999 }, spent, needed)).toEqual({
    ...{ scope: 'build', kind: 'usd', cap: 9_999_999, spent: 9_800_000, needed: 200_000 },
  });
  expect(capReachedBy({ microUsd: 1e9, calls: 3 }, spent, needed)).toMatchObject({ kind: 'calls', cap: 3, spent: 3 });
});

test('the time of work is over when it has reached its cap', () => {
  expect(wallClockReached({ wallClockS: 60 }, 59_999)).toBeNull();
  expect(wallClockReached({}, 1e12)).toBeNull();
  const reached = wallClockReached({ wallClockS: 60 }, 60_000);
  expect(reached).toEqual({ scope: 'build', kind: 'wall_clock', cap: 60, spent: 60, needed: 0 });
  expect(describeReached(reached!)).toBe('the budget of this build is reached: 1m of 1m of work are over');
});

test('a reached cap of the project or of its day says so', () => {
  const reached = { kind: 'tokens', cap: 10, spent: 8, needed: 5 } as const;
  expect(describeReached({ ...reached, scope: 'project' })).toBe(
    'the budget of the project is reached: 8 of 10 tokens used, the next call may take 5',
  );
  expect(describeReached({ ...reached, scope: 'day' })).toMatch(/^the budget of the project for this day \(UTC\)/);
});

test('spend has one entry for each attempt and model, and keeps its sums where entries are merged', () => {
  fc.assert(
    fc.property(entries, fc.integer({ min: 0, max: 20 }), (spend, limit) => {
      const bounded = boundSpend(spend, limit);
      expect(totalOf(bounded)).toEqual(totalOf(spend));
      expect(byPhase(bounded)).toEqual(byPhase(spend));
      const merged = bounded.reduce((sum, one) => sum + (one.merged ?? 1), 0);
      expect(merged).toBe(spend.reduce((sum, one) => sum + (one.merged ?? 1), 0));
      // Each phase keeps one entry for each model.
      expect(bounded.length).toBeLessThanOrEqual(Math.max(limit, PHASES.length * 2));
      expect(spend.length).toBeLessThanOrEqual(60);
    }),
    { numRuns: 60 },
  );
});

test('calls of the same attempt and model are one entry, those of another attempt another', () => {
  const at = { phase: 'planning', generation: 1, attempt: 1 } as const;
  const once = addSpend([], at, [paid('a:1', 5), paid('b:2', 7)]);
  const twice = addSpend(addSpend(once, at, [paid('a:1', 6)]), { ...at, attempt: 2 }, [paid('a:1', 1)]);
  expect(twice.map(({ model, attempt, calls, microUsd }) => [model, attempt, calls, microUsd])).toEqual([
    ['a:1', 1, 2, 11],
    ['b:2', 1, 1, 7],
    ['a:1', 2, 1, 1],
  ]);
});

test('a forecast gives for each phase what half and nine of ten builds did not exceed', () => {
  const samples = Array.from({ length: 10 }, (_, n) => ({ buildId: `b${n}`, at: NOW, phases: { planning: n + 1 } }));
  expect(forecastFrom([...samples, { buildId: 'x', at: NOW, phases: { testing: 100 } }], NOW)).toEqual({
    builds: 11,
    phases: { planning: { median: 5, p90: 9 }, testing: { median: 100, p90: 100 } },
    total: { median: 6, p90: 10 },
    at: NOW,
  });
  expect(forecastFrom([], NOW)).toEqual({ builds: 0, phases: {}, total: null, at: NOW });
});

test('a history has each build once, and the newest ones', () => {
  const sample = (n: number) => ({ buildId: `b${n}`, at: NOW, phases: { planning: n } });
  const all = Array.from({ length: SAMPLES_LIMIT + 5 }, (_, n) => sample(n)).reduce(addSample, []);
  expect(all).toHaveLength(SAMPLES_LIMIT);
  expect(
    addSample(all, { ...sample(100), phases: { planning: 1 } }).filter(({ buildId }) => buildId === 'b100'),
  ).toEqual([{ ...sample(100), phases: { planning: 1 } }]);
});

test('sums of a build that is open again come off exactly', () => {
  fc.assert(
    fc.property(entries, entries, (one, other) => {
      const [a, b] = [sumsOf(one), sumsOf(other)];
      expect(subtractSums(addSums(a, b), b).total).toEqual(a.total);
      expect(addSums(a, b).total).toEqual(totalOf([...one, ...other]));
    }),
    { numRuns: 40 },
  );
  expect(subtractSums(NO_SUMS, NO_SUMS)).toEqual(NO_SUMS);
});

test('a ledger names a limited number of models, and the others together', () => {
  const at = { phase: 'planning', generation: 1, attempt: 1 } as const;
  const sums = Array.from({ length: MODELS_LIMIT + 10 }, (_, n) =>
    sumsOf(addSpend([], at, [paid(`m:${n}`, 1)])),
  ).reduce(addSums, NO_SUMS);
  expect(Object.keys(sums.models)).toHaveLength(MODELS_LIMIT + 1);
  expect(sums.models['others']).toMatchObject({ calls: 10 });
});

test.each([
  [10, 10_000_000],
  [0.1, 100_000],
  [0.000001, 1],
  [2.345678, 2_345_678],
  [1_000_000_000, 1e15],
  [0.0000001, null],
  [-1, null],
  [Infinity, null],
  [1e10, null],
  ['10', null],
  [null, null],
])('%p US dollars are %p micro-dollars', (value, microUsd) => {
  expect(readUsd(value)).toBe(microUsd);
});

test('every sum of whole micro-dollars is read as it is written', () => {
  fc.assert(fc.property(fc.nat(2_000_000_000), (microUsd) => expect(readUsd(usdOf(microUsd))).toBe(microUsd)));
  expect([0, 1, 10_000_000, 9_870_000, 123_456].map(showUsd)).toEqual([
    '0.00',
    '0.000001',
    '10.00',
    '9.87',
    '0.123456',
  ]);
});

test.each([
  ['90m', 5_400],
  ['24h', 86_400],
  ['7d', 604_800],
  [' 10 S ', 10],
  [3600, 3_600],
  ['0m', null],
  [0, null],
  [1.5, null],
  ['1w', null],
  ['7', null],
  ['4000d', null],
  [{}, null],
])('the duration %p has %p seconds', (value, seconds) => {
  expect(readDuration(value)).toBe(seconds);
});

test('a duration is written in its largest whole unit', () => {
  expect([604_800, 5_400, 86_400, 61, 0].map(showDuration)).toEqual(['7d', '90m', '1d', '61s', '0s']);
});
