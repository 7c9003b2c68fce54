/**
 * Sends wrong signals: none of them fails, blocks or changes a build, and each is in its audit trail.
 */
import type { Payload } from '@temporalio/common';
import { describeRefused, openStage, sendRaw } from './hostile';
import { advanceOf } from './stage';
import type { Run, Stage } from './stage';
import { STATES } from '../../src/domain/states';
import { statusQuery } from '../../src/workflows/messages';

let stage: Stage;
let run: Run;
beforeAll(async () => {
  stage = await openStage();
  run = await stage.begin({ roles: 'external' });
});
afterAll(() => stage?.stop());

const text = (value: string) => new TextEncoder().encode(value);
const payload = (encoding: string | null, data: Uint8Array): Payload => ({
  metadata: encoding === null ? {} : { encoding: text(encoding) },
  data,
});
const json = (value: unknown) => payload('json/plain', text(JSON.stringify(value)));
const good = advanceOf('discovery');
const deepJson = (levels: number) =>
  JSON.stringify({ ...good, phase_result: { deep: 0 } }).replace('0', '['.repeat(levels) + ']'.repeat(levels));

/** What is sent, and what the trail must say about it. */
const BAD: ReadonlyArray<readonly [string, string, Payload[], RegExp]> = [
  ['null', 'advance', [json(null)], /must be a JSON object/],
  ['a string', 'advance', [json('advance please')], /must be a JSON object/],
  ['a number', 'retry', [json(7)], /must be a JSON object/],
  ['an array', 'cancel', [json([{ reason: 'x' }])], /must be a JSON object/],
  ['true', 'pause', [json(true)], /must be a JSON object/],
  ['no argument', 'cancel', [], /must be a JSON object/],
  ['an empty object', 'advance', [json({})], /role must be a role/],
  ['a wrong type of role', 'advance', [json({ ...good, role: 7 })], /role must be a role/],
  ['a role of a prototype', 'advance', [json({ ...good, role: '__proto__' })], /role must be a role/],
  ['a state nobody knows', 'advance', [json({ ...good, completed_state: 'done' })], /completed_state must be a state/],
  ['a state that is an object', 'rollback', [json({ target_state: {}, reason: 'x' })], /target_state must be a phase/],
  ['a result that is text', 'advance', [json({ ...good, phase_result: 'done' })], /phase_result must be a JSON object/],
  ['a huge result', 'advance', [json({ ...good, phase_result: { a: 'x'.repeat(300_000) } })], /use POST advance/],
  ['a huge reason', 'cancel', [json({ reason: 'x'.repeat(300_000) })], /reason must be 1 to 2000 characters/],
  ['a result of 100,000 levels', 'advance', [payload('json/plain', text(deepJson(100_000)))], /nested deeper than 64/],
  [
    'M12: half a character',
    'cancel',
    [json({ reason: 'x \ud800' })],
    /reason has half a character \(a lone surrogate\) at position 2/,
  ],
  ['an empty reason', 'cancel', [json({ reason: ' ' })], /reason must be/],
  ['an unknown field', 'cancel', [json({ reason: 'x', force: true })], /force is not a field of cancel/],
  ['a huge unknown field', 'pause', [json({ reason: 'x', ['y'.repeat(5_000)]: 1 })], /is not a field of pause/],
  ['answers as a list', 'answer', [json({ answers: ['yes'] })], /answers must be an object/],
  ['an actor that is no text', 'cancel', [json({ reason: 'x', actor: { root: true } })], /actor must be/],
  ['a key that is no text', 'cancel', [json({ reason: 'x', idempotency_key: [] })], /idempotency_key must be/],
  ['a stale revision', 'cancel', [json({ reason: 'x', expected_revision: 99 })], /expected_revision is 99/],
  ['the wrong role', 'advance', [json({ ...good, role: 'release_manager' })], /does not own "discovery"/],
  ['a state it is not in', 'advance', [json(advanceOf('deployment'))], /but the build is in "discovery"/],
  ['an unknown name', 'explode', [json({ reason: 'x' })], /"explode" is not a command/],
  ['a very long name', 'n'.repeat(900), [json({})], /is not a command/],
  ['bytes of an unknown encoding', 'cancel', [payload('binary/encrypted', new Uint8Array([0, 255, 7]))], /JSON object/],
  ['no encoding at all', 'cancel', [payload(null, text('{"reason":"x"}'))], /must be a JSON object/],
  ['JSON that is cut off', 'advance', [payload('json/plain', text('{"role":'))], /must be a JSON object/],
  ['bytes that are no UTF-8', 'advance', [payload('json/plain', new Uint8Array([255, 254, 253]))], /JSON object/],
  ['plain bytes', 'cancel', [payload('binary/plain', new Uint8Array([1, 2, 3]))], /must be|is not a field/],
  ['protobuf that is none', 'cancel', [payload('json/protobuf', text('{}'))], /must be a JSON object/],
  ['an empty payload', 'cancel', [payload('binary/null', new Uint8Array())], /must be a JSON object/],
  ['several arguments, the first one bad', 'cancel', [json(1), json({ reason: 'x' })], /must be a JSON object/],
];

test.each(BAD)('%s leaves the build healthy and is seen as refused', async (_what, name, payloads, reason) => {
  const before = await run.state();
  await sendRaw(stage, run, name, payloads);
  const build = await run.reach(({ refused }) => refused === before.refused + 1);
  expect(build).toMatchObject({ state: 'discovery', revision: before.revision, turn: before.turn, paused: false });
  const refused = build.events.at(-1);
  expect(refused).toMatchObject({ type: 'refused', data: { command: name.slice(0, 60) } });
  expect(refused?.data.reason).toMatch(reason);
});

test('they are counted on the card in the memo, with the last reason, and the card stays small', async () => {
  const shown = await describeRefused(run, BAD.length);
  expect(shown.card.refused.count).toBe(BAD.length);
  expect(shown.card.refused.last).toMatch(/must be a JSON object/);
  expect(shown.bytes).toBeLessThan(2_048);
  expect((await run.handle.query(statusQuery)).refused).toEqual(shown.card.refused);
});

test('no workflow task failed', async () => {
  const { events } = await run.handle.fetchHistory();
  expect(events?.filter((event) => event.workflowTaskFailedEventAttributes)).toEqual([]);
});

test('a valid first argument counts, and further arguments are ignored', async () => {
  await sendRaw(stage, run, 'pause', [json({ reason: 'lunch' }), json('more')]);
  expect(await run.reach((build) => build.paused)).toMatchObject({ refused: BAD.length });
  await run.signal('resume', { reason: 'back' });
});

test('hundreds of bad signals keep the trail bounded', async () => {
  await Promise.all(Array.from({ length: 100 }, () => sendRaw(stage, run, 'cancel', [json(null)])));
  const build = await run.reach(({ refused }) => refused === BAD.length + 100);
  expect(build.events.filter((event) => event.type === 'refused')).toHaveLength(50);
});

test('after all that, the build still completes by good signals', async () => {
  for (const state of STATES.slice(0, 10)) await run.signal('advance', advanceOf(state));
  expect((await run.handle.result()).status).toBe('complete');
});
