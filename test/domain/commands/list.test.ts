/**
 * The list of commands: properties that the compiler cannot check, and reading commands from the wire.
 */
import { COMMANDS, COMMAND_NAMES, REFUSALS, usageOf } from '../../../src/domain/commands';
import type { CommandName } from '../../../src/domain/commands';
import { readBody, readCommand } from '../../../src/domain/commands/read';
import { COMMON_REFUSALS } from '../../../src/domain/commands/refusals';

const DIGEST = `sha256:${'a'.repeat(64)}`;

test('the order of the commands is the one in which the workflow registers them', () => {
  expect(COMMAND_NAMES.slice(0, 8)).toEqual('advance retry rollback cancel pause resume answer approve'.split(' '));
});

test('no two commands share a name, a path or a refusal', () => {
  const ownRefusals = COMMANDS.flatMap(({ refusals }) => Object.keys(refusals));
  for (const names of [
    COMMAND_NAMES,
    COMMANDS.map(({ path }) => path),
    [...ownRefusals, ...Object.keys(COMMON_REFUSALS)],
  ]) {
    expect(new Set(names).size).toBe(names.length);
  }
  expect(Object.keys(REFUSALS).sort()).toEqual([...ownRefusals, ...Object.keys(COMMON_REFUSALS)].sort());
});

test('a usage line shows the fields and marks the optional ones', () => {
  expect(COMMANDS.map(usageOf)).toEqual(
    expect.arrayContaining([
      '{role, completed_state, next_state?, phase_result}: the role completes its state',
      '{reason, role?}: the previous role does its work again; from error, the phase that failed',
      '{reason?}: nothing new is begun until resume',
    ]),
  );
});

test.each<[CommandName, object, object]>([
  ['advance', { role: 'Q_ASSISTANT', completed_state: 'Discovery', phase_result: {} }, { role: 'q_assistant' }],
  ['retry', { reason: 'Again', role: 'CODE_WRITER' }, { reason: 'Again', role: 'code_writer' }],
  ['retry', { reason: 'Again', role: null }, { reason: 'Again', role: null }],
  ['rollback', { target_state: 'PLANNING', reason: 'Back' }, { target_state: 'planning', reason: 'Back' }],
  ['approve', { gate: 'TAMPERING', digest: DIGEST }, { gate: 'tampering', digest: DIGEST, reason: '' }],
  ['pause', {}, { reason: 'paused by ada' }],
  ['resume', { reason: null }, { reason: 'resumed by ada' }],
])('%s %j is read as %j', (name, wire, fields) => {
  expect(readCommand(name, { ...wire, actor: 'ada' })).toMatchObject({
    kind: 'value',
    value: { actor: 'ada', fields },
  });
});

test('a canonical body has names in lower case and other values unchanged', () => {
  expect(readBody('approve', { gate: 'TAMPERING', digest: DIGEST, reason: 'Seen', expected_revision: 2 })).toEqual({
    kind: 'value',
    value: { gate: 'tampering', digest: DIGEST, reason: 'Seen', expected_revision: 2 },
  });
});

test("a result by digest is accepted from the API, and refused in a client's body", () => {
  const step = { role: 'q_assistant', completed_state: 'discovery' };
  const storedResult = { ...step, phase_result_ref: { digest: DIGEST, bytes: 2, excerpt: '{}' } };
  const readResult = { digest: DIGEST, bytes: 2, excerpt: '{}', content: null };
  expect(readCommand('advance', storedResult)).toMatchObject({
    kind: 'value',
    value: { fields: { phase_result: readResult } },
  });
  expect(readBody('advance', storedResult)).toMatchObject({ kind: 'unreadable', field: 'phase_result_ref' });
  const invalidResult = { ...step, phase_result_ref: { digest: 'x', bytes: 2, excerpt: '{}' } };
  expect(readCommand('advance', invalidResult)).toMatchObject({ kind: 'unreadable', field: 'phase_result_ref' });
});
