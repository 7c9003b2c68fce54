/**
 * Tests the pace of a provider: how many calls and tokens any minute has, in which order callers get their places, who keeps one.
 */
import fc from 'fast-check';
import { createPace } from '../../../src/adapters/models/pace';
import type { PaceLimits } from '../../../src/adapters/models/pace';

function paceOf(limits: PaceLimits) {
  let now = 0;
  const pace = createPace(limits, () => now);
  return {
    set: (ms: number) => void (now = ms),
    placeOf: (key: string, tokens = 1, keepsPlace = true) => pace.placeOf({ key, tokens, keepsPlace }),
  };
}

test('calls up to the limit are sent at once; the next one gets the place a minute after the first', () => {
  const { placeOf, set } = paceOf({ callsPerMinute: 2 });
  placeOf('a').take();
  set(10_000);
  placeOf('b').take();
  expect(placeOf('c').at).toBe(60_000);
  expect(placeOf('d').at).toBe(70_000);
  expect(placeOf('e').at).toBe(120_000);
});

test('a caller that comes back finds its place, and later callers stand behind it', () => {
  const { placeOf, set } = paceOf({ callsPerMinute: 1 });
  placeOf('a').take();
  expect(placeOf('b').at).toBe(60_000);
  expect(placeOf('c').at).toBe(120_000);
  set(60_000);
  const place = placeOf('b');
  expect(place.at).toBe(60_000);
  place.take();
  expect(placeOf('c').at).toBe(120_000);
});

test('a caller that calls another provider instead keeps no place', () => {
  const { placeOf } = paceOf({ callsPerMinute: 1 });
  placeOf('a').take();
  expect(placeOf('b', 1, false).at).toBe(60_000);
  expect(placeOf('c', 1, false).at).toBe(60_000);
});

test('tokens count as estimated until the answer names them, and a call larger than a minute is sent alone', () => {
  const { placeOf, set } = paceOf({ tokensPerMinute: 1_000 });
  const first = placeOf('a', 100);
  first.take();
  first.measure(900);
  expect(placeOf('b', 200, false).at).toBe(60_000);
  placeOf('c', 100).take();
  set(60_000);
  expect(placeOf('d', 5_000, false).at).toBe(60_000);
});

test('no minute has more calls or tokens than the limits, in whatever order callers come and come back', () => {
  const arrivals = fc.array(
    fc.record({ pauseMs: fc.integer({ min: 0, max: 30_000 }), tokens: fc.integer({ min: 1, max: 400 }) }),
    { minLength: 1, maxLength: 60 },
  );
  fc.assert(
    fc.property(arrivals, fc.integer({ min: 1, max: 5 }), (calls, callsPerMinute) => {
      const { placeOf, set } = paceOf({ callsPerMinute, tokensPerMinute: 1_000 });
      const sent: Array<{ at: number; tokens: number }> = [];
      const waiting: Array<{ key: string; at: number; tokens: number }> = [];
      const comeBack = (until: number) => {
        waiting.sort((a, b) => a.at - b.at);
        while (waiting[0] !== undefined && waiting[0].at <= until) {
          const { key, at, tokens } = waiting.shift() as (typeof waiting)[number];
          set(at);
          const place = placeOf(key, tokens);
          expect(place.at).toBeLessThanOrEqual(at);
          place.take();
          sent.push({ at, tokens });
        }
      };
      let now = 0;
      for (const [index, { pauseMs, tokens }] of calls.entries()) {
        now += pauseMs;
        comeBack(now);
        set(now);
        const key = String(index);
        const place = placeOf(key, tokens);
        if (place.at > now) waiting.push({ key, at: place.at, tokens });
        else {
          place.take();
          sent.push({ at: now, tokens });
        }
      }
      comeBack(Infinity);
      expect(sent).toHaveLength(calls.length);
      for (const { at } of sent) {
        const minute = sent.filter((one) => one.at > at - 60_000 && one.at <= at);
        expect(minute.length).toBeLessThanOrEqual(callsPerMinute);
        expect(minute.reduce((sum, { tokens }) => sum + tokens, 0)).toBeLessThanOrEqual(1_000);
      }
    }),
  );
});
