/**
 * Compares the twelve states with the contract: who owns each, who acts next, and that no other role may act.
 */
import { ROLES } from '../../src/domain/roles';
import type { Role } from '../../src/domain/roles';
import { STATES, nextRoleOf, ownerOf } from '../../src/domain/states';
import type { State } from '../../src/domain/states';
import { verifies } from '../requirements/verifies';
import { advanceOf, apply, buildIn, refusalOf } from './a-build';

/** Contract section 1, written out by hand: state, owner, next role. */
const CONTRACT: ReadonlyArray<readonly [State, Role | null, Role | null]> = [
  ['discovery', 'q_assistant', 'q_assistant'],
  ['planning', 'q_assistant', 'q_assistant'],
  ['handoff_to_coder', 'q_assistant', 'code_writer'],
  ['implementation', 'code_writer', 'code_writer'],
  ['handoff_to_tester', 'code_writer', 'test_auditor'],
  ['testing', 'test_auditor', 'test_auditor'],
  ['handoff_to_verifier', 'test_auditor', 'verification_overseer'],
  ['verification', 'verification_overseer', 'verification_overseer'],
  ['handoff_to_releaser', 'verification_overseer', 'release_manager'],
  ['deployment', 'release_manager', 'release_manager'],
  ['complete', 'release_manager', null],
  ['error', null, null],
];

verifies('1.1', '1.2', '1.3', '1.4', '1.5', '1.6', '1.7', '1.8', '1.9', '1.10', '1.11', '1.12');
test('each state has the owner and the next role of the contract', () => {
  expect(STATES.map((state) => [state, ownerOf(state), nextRoleOf(state)])).toEqual(CONTRACT);
});

const AT_WORK = CONTRACT.filter(([state]) => state !== 'complete' && state !== 'error');
const PAIRS = AT_WORK.flatMap(([state, owner]) => ROLES.map((role) => [role, state, role === owner] as const));

verifies('3.1');
test.each(PAIRS)('role %s may complete %s: %s', (role, state, isOwner) => {
  const advance = { ...advanceOf(state), role };
  if (isOwner) expect(apply(buildIn(state), 'advance', advance).state).not.toBe(state);
  else
    expect(refusalOf(buildIn(state), 'advance', advance)).toMatchObject({
      type: 'Command.WrongRole',
      legal: [ownerOf(state)],
    });
});

verifies('3.1');
test.each(ROLES)('role %s can complete nothing in error', (role) => {
  expect(refusalOf(buildIn('error'), 'advance', { ...advanceOf('error'), role }).type).toBe('Command.WrongRole');
});
