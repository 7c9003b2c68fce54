/**
 * Compares the table of transitions with the contract, edge by edge.
 */
import { PHASES } from '../../src/domain/roles';
import { STATES } from '../../src/domain/states';
import type { State } from '../../src/domain/states';
import {
  TRANSITIONS,
  legalNextStates,
  retryTarget,
  rollbackTargets,
  transitionKind,
} from '../../src/domain/transitions';
import { advanceOf, apply, buildIn, refusalOf } from './a-build';
import { verifies } from '../requirements/verifies';

/** Contract section 2, written out by hand. */
const CONTRACT: ReadonlyArray<readonly [State, State, string]> = [
  ['discovery', 'planning', 'forward'],
  ['planning', 'handoff_to_coder', 'forward'],
  ['handoff_to_coder', 'implementation', 'forward'],
  ['implementation', 'handoff_to_tester', 'forward'],
  ['handoff_to_tester', 'testing', 'forward'],
  ['testing', 'handoff_to_verifier', 'forward'],
  ['handoff_to_verifier', 'verification', 'forward'],
  ['verification', 'handoff_to_releaser', 'forward'],
  ['handoff_to_releaser', 'deployment', 'forward'],
  ['deployment', 'complete', 'forward'],
  ['testing', 'implementation', 'rework'],
  ['verification', 'implementation', 'rework'],
  ['discovery', 'error', 'failure'],
  ['planning', 'error', 'failure'],
  ['handoff_to_coder', 'error', 'failure'],
  ['implementation', 'error', 'failure'],
  ['handoff_to_tester', 'error', 'failure'],
  ['testing', 'error', 'failure'],
  ['handoff_to_verifier', 'error', 'failure'],
  ['verification', 'error', 'failure'],
  ['handoff_to_releaser', 'error', 'failure'],
  ['deployment', 'error', 'failure'],
  ['error', 'discovery', 'recovery'],
  ['error', 'planning', 'recovery'],
  ['error', 'implementation', 'recovery'],
  ['error', 'testing', 'recovery'],
  ['error', 'verification', 'recovery'],
  ['error', 'deployment', 'recovery'],
];
const PAIRS = STATES.flatMap((from) => STATES.map((to) => [from, to] as const));
const isEdge = (from: State, to: State) => CONTRACT.some((edge) => edge[0] === from && edge[1] === to);

verifies('2.1', '2.2', '2.3', '2.4');
test('there are twelve states and exactly the 28 transitions of the contract', () => {
  expect(STATES).toHaveLength(12);
  expect(TRANSITIONS.map(({ from, to, kind }) => [from, to, kind]).sort()).toEqual([...CONTRACT].sort());
});

test.each(CONTRACT)('%s -> %s is a %s transition', (from, to, kind) => {
  expect(transitionKind(from, to)).toBe(kind);
});

verifies('2.5');
test.each(PAIRS.filter(([from, to]) => !isEdge(from, to)))('%s -> %s is no transition', (from, to) => {
  expect(transitionKind(from, to)).toBeNull();
});

verifies('2.1', '2.2', '2.3');
test.each(CONTRACT.filter(([from]) => from !== 'error'))('advance takes a build from %s to %s', (from, to) => {
  const build = apply(buildIn(from), 'advance', { ...advanceOf(from), next_state: to });
  expect(build.state).toBe(to);
  expect(build.handoffs.at(-1)).toMatchObject({ fromState: from, toState: to });
});

verifies('2.5');
test.each(PAIRS.filter(([from, to]) => from !== 'error' && from !== 'complete' && !isEdge(from, to)))(
  'advance refuses to take a build from %s to %s',
  (from, to) => {
    const refusal = refusalOf(buildIn(from), 'advance', { ...advanceOf(from), next_state: to });
    expect(refusal).toMatchObject({
      type: 'Command.IllegalTransition',
      currentState: from,
      legal: legalNextStates(from),
    });
  },
);

verifies('2.5');
test.each(STATES.map((to) => [to]))('nothing advances out of complete or error to %s', (to) => {
  expect(refusalOf(buildIn('complete'), 'advance', { ...advanceOf('complete'), next_state: to }).type).toBe(
    'Command.Finished',
  );
  const inError = refusalOf(buildIn('error'), 'advance', { ...advanceOf('error'), next_state: to });
  expect(inError.type).toBe('Command.WrongRole');
});

verifies('2.7');
test.each([
  ['discovery', null],
  ['planning', null],
  ['handoff_to_coder', 'planning'],
  ['implementation', 'planning'],
  ['handoff_to_tester', 'implementation'],
  ['testing', 'implementation'],
  ['handoff_to_verifier', 'implementation'],
  ['verification', 'implementation'],
  ['handoff_to_releaser', 'verification'],
  ['deployment', 'verification'],
  ['complete', null],
] as const)('a retry in %s does %s again', (state, target) => {
  expect(retryTarget(state, null)).toBe(target);
});

verifies('2.4', '2.7');
test.each(PHASES.map((phase) => [phase]))('a retry in error does the phase that failed again: %s', (phase) => {
  expect(retryTarget('error', phase)).toBe(phase);
});

verifies('2.8');
test.each([
  ['discovery', []],
  ['planning', ['discovery']],
  ['handoff_to_coder', ['discovery', 'planning']],
  ['implementation', ['discovery', 'planning']],
  ['handoff_to_tester', ['discovery', 'planning', 'implementation']],
  ['testing', ['discovery', 'planning', 'implementation']],
  ['deployment', ['discovery', 'planning', 'implementation', 'testing', 'verification']],
  ['complete', []],
] as const)('a rollback from %s may lead to %j', (state, targets) => {
  expect(rollbackTargets(state, null)).toEqual(targets);
});

verifies('2.8');
test.each([
  ['discovery', ['discovery']],
  ['testing', ['discovery', 'planning', 'implementation', 'testing']],
  ['deployment', [...PHASES]],
] as const)('a rollback from error, where %s failed, may lead to %j', (failed, targets) => {
  expect(rollbackTargets('error', failed)).toEqual(targets);
});

verifies('2.8');
test.each(STATES.map((state) => [state]))(
  'a rollback from %s is accepted to its legal targets and refused to others',
  (state) => {
    const build = buildIn(state);
    const legal = rollbackTargets(state, build.failure?.phase ?? null);
    for (const phase of PHASES) {
      const wire = { target_state: phase, reason: 'another idea' };
      if (legal.includes(phase)) expect(apply(build, 'rollback', wire).state).toBe(phase);
      else expect(refusalOf(build, 'rollback', wire).type).toMatch(/^Command\.(IllegalRollback|Finished)$/);
    }
  },
);

verifies('2.6');
test('a retry and a rollback have their own events', () => {
  const build = buildIn('testing');
  const types = (next: typeof build) => next.events.slice(build.events.length).map(({ type }) => type);
  expect(types(apply(build, 'retry', { reason: 'once more' }))).toEqual(['retried']);
  expect(types(apply(build, 'rollback', { target_state: 'planning', reason: 'a new plan' }))).toEqual(['rolled_back']);
});
