/** Refusals repeat only a little of the input, since they are stored in failures and in the audit trail. */
import type { CommandName } from '../../../src/domain/commands';
import { buildIn, newBuild, refusalOf } from '../a-build';

const LONG = 'x'.repeat(1_000_000);
const DEEP: unknown = JSON.parse(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`);
const buildWithQuestion = { ...newBuild(), questions: [{ id: 'Q1', text: '?' }] };

test.each<[CommandName, object]>([
  ['advance', { role: LONG }],
  ['advance', { role: 'q_assistant', completed_state: LONG }],
  ['rollback', { target_state: LONG, reason: 'r' }],
  ['cancel', { reason: LONG }],
  ['pause', { [LONG]: 1 }],
  ['pause', { reason: 'r', actor: LONG }],
  ['pause', { reason: 'r', idempotency_key: LONG }],
  ['answer', { answers: { [LONG]: 'yes' } }],
  ['answer', { answers: { Q1: LONG } }],
  ['answer', { answers: LONG }],
  ['approve', { gate: LONG }],
  ['approve', { gate: 'tampering', digest: LONG }],
])('the refusal of a %s with a million characters is shorter than 600 characters', (name, wire) => {
  for (const build of [buildWithQuestion, buildIn('planning')]) {
    expect(JSON.stringify(refusalOf(build, name, wire)).length).toBeLessThan(600);
  }
});

test.each<[CommandName, object]>([
  ['advance', { role: 'q_assistant', completed_state: 'discovery', phase_result: DEEP }],
  ['pause', { reason: DEEP }],
  ['pause', { reason: 'r', idempotency_key: 'k', other: DEEP }],
  ['answer', { answers: DEEP }],
])('a %s nested 100,000 levels deep is refused without exhausting the stack', (name, wire) => {
  expect(refusalOf(buildWithQuestion, name, wire)).toMatchObject({ type: 'Command.Malformed', field: '(input)' });
});

test.each<[CommandName, object, string]>([
  ['pause', { reason: 'a\ud800' }, 'reason has half a character (a lone surrogate) at position 1'],
  ['pause', { reason: 'r', actor: '\udfff' }, 'actor has half a character (a lone surrogate) at position 0'],
  [
    'advance',
    { phase_result: { files: [{ content: 'ab\udc00' }] } },
    'phase_result.files.0.content has half a character',
  ],
  ['answer', { answers: { 'Q\ud800': 'yes' } }, 'answers.Q\ufffd has half a character'],
])('M12: a %s with a lone surrogate is refused, with its field and position', (name, wire, says) => {
  const refusal = refusalOf(buildWithQuestion, name, wire);
  expect(refusal.message).toContain(says);
  expect(refusal).toMatchObject({ type: 'Command.Malformed' });
  expect(JSON.stringify(refusal)).not.toMatch(/\\ud[89a-f]/);
});
