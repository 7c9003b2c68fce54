/**
 * Tests when a provider's breaker opens, who may call while it is open, and what closes it.
 */
import fc from 'fast-check';
import { MAX_OPEN_MS, createBreaker, endOf } from '../../../src/adapters/models/breaker';
import type { CallEnd } from '../../../src/adapters/models/breaker';
import { Failure } from '../../../src/domain/failures';

const OPTIONS = { failures: 3, openMs: 1_000 };

function breakerAt(options = OPTIONS) {
  let now = 0;
  const breaker = createBreaker(options, () => now);
  return {
    pass: (ms: number) => void (now += ms),
    now: () => now,
    enter: () => breaker.enter(),
    /** Makes one call, and says whether the breaker let it pass. */
    call(result: CallEnd): boolean {
      const admission = breaker.enter();
      if (admission.kind === 'closed') admission.end(result);
      return admission.kind === 'closed';
    },
  };
}

test('the breaker opens after so many failures in a row, and says until when', () => {
  const { call, enter } = breakerAt();
  for (const result of ['failed', 'failed', 'answered', 'failed', 'failed', 'failed'] as const)
    expect(call(result)).toBe(true);
  expect(enter()).toEqual({ kind: 'open', until: 1_000, failures: 3 });
});

test('after the open time one call tries the provider, and the others wait for it', () => {
  const { call, enter, pass } = breakerAt();
  for (let n = 0; n < 3; n += 1) call('failed');
  pass(1_000);
  const probe = enter();
  expect(probe.kind).toBe('closed');
  expect(enter()).toMatchObject({ kind: 'open', until: 2_000 });
  if (probe.kind === 'closed') probe.end('answered');
  expect([call('answered'), call('answered')]).toEqual([true, true]);
});

test('each failed probe doubles the open time, up to the limit; an answer sets it back', () => {
  const { call, enter, pass } = breakerAt({ failures: 1, openMs: 200_000 });
  call('failed');
  const opened: number[] = [];
  for (const waitMs of [200_000, 400_000, MAX_OPEN_MS, MAX_OPEN_MS]) {
    pass(waitMs - 1);
    expect(enter().kind).toBe('open');
    pass(1);
    expect(call('failed')).toBe(true);
    opened.push(waitMs);
  }
  expect(opened).toHaveLength(4);
  pass(MAX_OPEN_MS);
  expect(call('answered')).toBe(true);
  call('failed');
  pass(200_000);
  expect(call('answered')).toBe(true);
});

test('a probe that its caller gives up says nothing: the next call is the probe', () => {
  const { call, pass } = breakerAt({ failures: 1, openMs: 1_000 });
  call('failed');
  pass(1_000);
  expect(call('undecided')).toBe(true);
  expect(call('answered')).toBe(true);
});

test.each([
  ['Model.Unavailable', 'failed'],
  ['Model.Timeout', 'failed'],
  ['Model.NotAnAnswer', 'failed'],
  ['Model.RateLimited', 'answered'],
  ['Model.Unauthorized', 'answered'],
  ['Model.BadRequest', 'answered'],
] as const)('a %s counts as a provider that %s', (type, expected) => {
  expect(endOf(new Failure(type, 'no'))).toBe(expected);
  expect(endOf(new Failure(type, 'no', { isPaid: true }))).toBe('answered');
});

test('a provider that is down gets at most the failures that open the breaker and one probe an open time, whatever comes in which order', () => {
  const waits = fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(waits, (pauses) => {
      const { call, pass, now } = breakerAt();
      const calls = pauses.filter((ms) => {
        pass(ms);
        return call('failed');
      }).length;
      expect(calls).toBeLessThanOrEqual(OPTIONS.failures + Math.ceil(now() / OPTIONS.openMs));
    }),
  );
});
