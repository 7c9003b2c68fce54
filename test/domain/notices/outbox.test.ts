/**
 * The outbox: each notice is tried until it arrives or three days are over, is never taken twice, and none is lost without a trace.
 */
import fc from 'fast-check';
import type { Delivery } from '../../../src/domain/notices/notice';
import {
  KEPT,
  TRIED_FOR_S,
  applyTry,
  beginOutbox,
  dueEntries,
  nextTryAt,
  resend,
  takeDeliveries,
  waitAfter,
} from '../../../src/domain/notices/outbox';
import type { Outbox, SendResult } from '../../../src/domain/notices/outbox';
import { noticesInputProblem, readHanded } from '../../../src/domain/notices/outbox-input';

const START = Date.parse('2026-11-28T09:00:00.000Z');
const at = (seconds: number) => new Date(START + seconds * 1_000).toISOString();
const FAILED: SendResult = { kind: 'failed', why: 'the receiver answered 500' };

function delivery(id: string, over: Partial<Delivery['notice']> = {}): Delivery {
  const words = { title: 'Dark mode', state: 'planning', status: 'waiting', what: 'A person answers', deadline: null };
  const ids = { id, projectId: 'shop', buildId: 'b1', path: '/api/workflows/shop.b1/status' };
  return {
    id,
    notice: { ...ids, ...words, kind: 'waiting', at: at(0), ...over },
    target: { url: 'https://a.example/' },
  };
}
const begun = (...ids: string[]) =>
  takeDeliveries(
    beginOutbox('shop'),
    ids.map((id) => delivery(id)),
    at(0),
  );
const entryOf = (outbox: Outbox, id: string) => outbox.entries.find((entry) => entry.id === id);

test('a notice is due at once, and is not taken twice', () => {
  const outbox = begun('n1', 'n2', 'n1');
  expect(dueEntries(outbox, at(0)).map(({ id }) => id)).toEqual(['n1', 'n2']);
  expect(takeDeliveries(outbox, [delivery('n2')], at(1))).toBe(outbox);
  expect(takeDeliveries(outbox, [delivery('n3', { projectId: 'other' })], at(1))).toBe(outbox);
});

test('the waits between tries double from one second up to six hours, and a receiver may ask for more', () => {
  expect([1, 2, 3, 4, 10, 16, 40].map((tries) => waitAfter(tries))).toEqual([1, 2, 4, 8, 512, 21_600, 21_600]);
  expect([waitAfter(1, 120), waitAfter(10, 120), waitAfter(1, 1e9)]).toEqual([120, 512, 21_600]);
});

test('a notice that fails three times first is sent by the fourth try, with one id', () => {
  let outbox = begun('n1');
  for (const seconds of [0, 1, 3]) {
    expect(dueEntries(outbox, at(seconds)).map(({ id }) => id)).toEqual(['n1']);
    outbox = applyTry(outbox, 'n1', { result: FAILED, now: at(seconds) });
  }
  expect(nextTryAt(outbox, new Set())).toBe(at(7));
  expect(nextTryAt(outbox, new Set(['n1']))).toBeNull();
  outbox = applyTry(outbox, 'n1', { result: { kind: 'sent' }, now: at(7) });
  expect(entryOf(outbox, 'n1')).toMatchObject({ state: 'sent', tries: 4, nextAt: null, lastError: null });
});

test('a notice that never arrives is dead after three days of tries, and a person can send it again', () => {
  let outbox = begun('n1');
  let tries = 0;
  let last = 0;
  for (let next = nextTryAt(outbox, new Set()); next !== null; next = nextTryAt(outbox, new Set())) {
    outbox = applyTry(outbox, 'n1', { result: FAILED, now: next });
    last = (Date.parse(next) - START) / 1_000;
    tries += 1;
  }
  expect(entryOf(outbox, 'n1')).toMatchObject({ state: 'dead', lastError: FAILED.why, tries });
  expect(tries).toBeGreaterThan(20);
  expect(tries).toBeLessThan(30);
  expect(last).toBeLessThanOrEqual(TRIED_FOR_S);
  expect(last).toBeGreaterThan(TRIED_FOR_S - 6 * 3_600 - 1);
  const again = resend(outbox, 'n1', at(400_000));
  expect(again).toMatchObject({ kind: 'resent' });
  const resent = again.kind === 'resent' ? again.outbox : outbox;
  expect(entryOf(resent, 'n1')).toMatchObject({ id: 'n1', state: 'pending', tries: 0, nextAt: at(400_000) });
  expect(resend(resent, 'n1', at(400_001))).toEqual({ kind: 'pending' });
  expect(resend(resent, 'n9', at(400_001))).toEqual({ kind: 'unknown' });
});

test('a try that can never succeed makes the notice dead at once; the end of a late try changes nothing', () => {
  const outbox = applyTry(begun('n1'), 'n1', { result: { ...FAILED, isFinal: true }, now: at(0) });
  expect(entryOf(outbox, 'n1')).toMatchObject({ state: 'dead', tries: 1 });
  expect(applyTry(outbox, 'n1', { result: { kind: 'sent' }, now: at(1) })).toEqual(outbox);
});

test('above the limits the oldest pending notices become dead, the oldest ended ones are counted, and no newer one is lost', () => {
  const many = Array.from({ length: KEPT.pending + KEPT.dead + 5 }, (_, index) => `n${index}`);
  const outbox = begun(...many);
  const states = outbox.entries.map(({ state }) => state);
  expect(states.filter((state) => state === 'pending')).toHaveLength(KEPT.pending);
  expect(states.filter((state) => state === 'dead')).toHaveLength(KEPT.dead);
  expect(outbox.forgotten).toEqual({ sent: 0, dead: 5 });
  expect(outbox.entries[0]).toMatchObject({
    id: 'n5',
    state: 'dead',
    lastError: `more than ${KEPT.pending} notices of the project are pending`,
  });
  expect(outbox.entries.at(-1)).toMatchObject({ id: many.at(-1), state: 'pending' });
});

test('the state with the longest texts fits into one payload of Temporal, and is read back after continue-as-new', () => {
  const long = (id: string): Delivery => ({
    ...delivery(id, { title: '😀'.repeat(100), what: '😀'.repeat(400) }),
    target: { url: `https://a.example/${'x'.repeat(982)}` },
  });
  let outbox = beginOutbox('shop');
  for (let index = 0; index < KEPT.sent + KEPT.dead + KEPT.pending; index += 1) {
    const id = `shop.${'b'.repeat(64)}.waiting.${index}`;
    outbox = takeDeliveries(outbox, [long(id)], at(index));
    if (index >= KEPT.sent + KEPT.dead) continue;
    const result: SendResult =
      index < KEPT.sent ? { kind: 'sent' } : { ...FAILED, why: 'x'.repeat(200), isFinal: true };
    outbox = applyTry(outbox, id, { result, now: at(index) });
  }
  expect(outbox.entries).toHaveLength(500);
  expect(Buffer.byteLength(JSON.stringify(outbox))).toBeLessThan(2 * 1024 * 1024);
  expect(noticesInputProblem({ resumed: JSON.parse(JSON.stringify(outbox)) })).toBeNull();
});

test('for any order of tries, repeated signals and resends each entry stays in exactly one list', () => {
  const action = fc.record({
    what: fc.constantFrom('take', 'fail', 'final', 'send', 'resend'),
    which: fc.integer({ min: 0, max: 30 }),
  });
  fc.assert(
    fc.property(fc.array(action, { maxLength: 80 }), (actions) => {
      let outbox = beginOutbox('shop');
      const taken = new Set<string>();
      actions.forEach(({ what, which }, index) => {
        const id = `n${which}`;
        const now = at(index);
        if (what === 'take') {
          outbox = takeDeliveries(outbox, [delivery(id)], now);
          taken.add(id);
        } else if (what === 'resend') {
          const again = resend(outbox, id, now);
          if (again.kind === 'resent') outbox = again.outbox;
        } else {
          const result: SendResult =
            what === 'send' ? { kind: 'sent' } : what === 'final' ? { ...FAILED, isFinal: true } : FAILED;
          outbox = applyTry(outbox, id, { result, now });
        }
        expect(outbox.entries.map((entry) => entry.id).sort()).toEqual([...taken].sort());
        for (const { state, nextAt } of outbox.entries) expect(nextAt !== null).toBe(state === 'pending');
      });
      expect(noticesInputProblem({ resumed: outbox })).toBeNull();
    }),
    { numRuns: 300 },
  );
});

test.each([
  [undefined, 'the input must be an object with projectId or resumed'],
  [{ projectId: 'a b' }, 'projectId must be 1 to 64 letters, digits, "_" or "-", not "a b"'],
  [{ resumed: { ...begun('n1'), entries: 'x' } }, 'resumed.entries must be a list, not "x"'],
  [
    { resumed: { ...begun(), entries: [{ ...begun('n1').entries[0], target: { url: 'u', email: 'e' } }] } },
    'resumed.entries[0].target must have exactly one of url, email and setting',
  ],
])('an input of another form is refused with the name of the wrong member', (input, problem) => {
  expect(noticesInputProblem(input)).toBe(problem);
});

test.each([
  null,
  [],
  { deliveries: [delivery('n1')] },
  { deliveries: [{ ...delivery('n1'), id: '../x' }], proof: 'p' },
  { deliveries: [delivery('n1', { what: 'x'.repeat(401) })], proof: 'p' },
  { deliveries: Array.from({ length: 201 }, (_, index) => delivery(`n${index}`)), proof: 'p' },
])('a signal that holds no notices is ignored (%#)', (payload) => {
  expect(readHanded(payload)).toBeNull();
});
