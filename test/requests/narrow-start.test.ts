/**
 * A start takes the values of its project's settings, may narrow them, and is refused by name where it would widen them.
 */
import { narrowStart } from '../../src/requests/narrow-start';
import type { Narrowed } from '../../src/requests/narrow-start';
import type { ProjectSettings } from '../../src/requests/project-settings';
import { verifies } from '../requirements/verifies';

const SETTINGS: ProjectSettings = {
  budget: { usd: 100, build: { usd: 5, tokens: 1_000, wall_clock: '2h' } },
  gates: { plan: { approval: 'required', approvers: ['ada', 'bob', 'eve'], quorum: 2, proposer_may_approve: false } },
  roles: { verification_overseer: 'external', code_writer: 'llm' },
  commands: { test: ['npm', 'test'] },
  release: { target: 'directory', smoke: { command: ['true'] } } as ProjectSettings['release'],
};

verifies('9.16');
test('a start without values of its own gets those of the settings', () => {
  expect(narrowStart({}, SETTINGS)).toEqual({
    budget: { usd: 5, tokens: 1_000, wall_clock: '2h' },
    gates: SETTINGS.gates,
    roles: SETTINGS.roles,
    commands: SETTINGS.commands,
    release: SETTINGS.release,
  });
});

test('a project without settings changes nothing', () => {
  const body = { budget: { usd: 1_000 }, user_id: 'ada' };
  expect(narrowStart(body, {})).toEqual(body);
});

verifies('9.16');
test.each<[string, Narrowed, object]>([
  [
    'a smaller budget',
    { budget: { usd: 4.5, wall_clock: '90m' } },
    { budget: { usd: 4.5, tokens: 1_000, wall_clock: '90m' } },
  ],
  ['a cap of another kind', { budget: { calls: 7 } }, { budget: { usd: 5, calls: 7 } }],
  [
    'an approval more',
    { gates: { release: { approval: 'required' } } },
    { gates: { release: { approval: 'required' } } },
  ],
  [
    'fewer approvers and a larger quorum',
    { gates: { plan: { approval: 'required', approvers: ['ada', 'bob', 'eve'], quorum: 3 } } },
    { gates: { plan: { quorum: 3, proposer_may_approve: false } } },
  ],
  ['a role of a model given to people', { roles: { code_writer: 'external' } }, { roles: { code_writer: 'external' } }],
  [
    'a command that the settings leave open',
    { commands: { build: ['make'] } },
    { commands: { test: ['npm', 'test'], build: ['make'] } },
  ],
])('%s narrows', (_what, body, expected) => {
  expect(narrowStart(body, SETTINGS)).toMatchObject(expected);
});

verifies('9.16');
test.each<[string, Narrowed, RegExp]>([
  [
    'budget.usd',
    { budget: { usd: 5.01 } },
    /^budget\.usd is 5\.01, and the settings of the project allow at most 5: leave it out/,
  ],
  ['budget.wall_clock', { budget: { wall_clock: '3h' } }, /is "3h".*at most "2h"/],
  ['gates.plan.approval', { gates: { plan: { approval: 'auto' } } }, /require an approval/],
  ['gates.plan.approvers', { gates: { plan: { approval: 'required', approvers: ['mallory', 'ada'] } } }, /"mallory"/],
  [
    'gates.plan.escalate_to',
    { gates: { plan: { approval: 'required', escalate_after: '1h', escalate_to: ['mallory'] } } },
    /"mallory"/,
  ],
  ['gates.plan.quorum', { gates: { plan: { approval: 'required', quorum: 1 } } }, /at least 2/],
  [
    'gates.plan.proposer_may_approve',
    { gates: { plan: { approval: 'required', proposer_may_approve: true } } },
    /forbid/,
  ],
  ['roles.verification_overseer', { roles: { verification_overseer: 'llm' } }, /"external"/],
  ['commands.test', { commands: { test: ['true'] } }, /\["npm","test"\]/],
  ['release.target', { release: { target: 'git' } } as Narrowed, /"directory"/],
  ['release.smoke.command', { release: { smoke: { command: ['false'] } } } as Narrowed, /\["true"\]/],
  [
    'gates.plan.quorum',
    { gates: { plan: { approval: 'required', approvers: ['ada'] } } },
    /quorum is 2|quorum.*names only 1/,
  ],
])('%s may not be widened', (field, body, message) => {
  expect(() => narrowStart(body, SETTINGS)).toThrow(message);
  expect(() => narrowStart(body, SETTINGS)).toThrow(new RegExp(`^${field}`));
});
