/**
 * `delegate`: an approver of the open approval gate names somebody who decides instead. The approver then decides no more.
 */
import { recordEvent } from '../build/record-event';
import type { BuildState } from '../build/state';
import { decidersOf, openPage, policyOf, proposerOf } from '../people/approval-gate';
import type { ApprovalGate } from '../people/approval-gate';
import { findRepeatedApproval, findWrongDecider } from '../people/decide-gate';
import { APPROVAL_GATES, APPROVAL_GATE_NAMES } from '../people/policy';
import { accept, defineCommand } from './command';
import { oneOf, optional, readAs, show, text, unreadable } from './fields';
import type { Field } from './fields';
import { refuseNotOpen } from './open-finding';
import { refuse } from './refusals';

const NAME_LIMIT_CHARS = 200;
const DELEGATIONS_LIMIT = 100;

const name: Field<string> = {
  read: ({ field, value }) =>
    typeof value === 'string' && value.trim() !== '' && value.length <= NAME_LIMIT_CHARS
      ? readAs(value)
      : unreadable(
          field,
          `must be the name of a token or an actor, 1 to ${NAME_LIMIT_CHARS} characters, not ${show(value)}`,
        ),
};

export const delegate = defineCommand({
  name: 'delegate',
  path: 'delegate',
  needs: 'approve',
  description: 'an approver names somebody who decides at the open approval gate instead',
  fields: {
    gate: oneOf(APPROVAL_GATE_NAMES, `an approval gate, ${APPROVAL_GATE_NAMES.join(' or ')}`),
    to: name,
    reason: optional(text, () => ''),
  },
  refusals: { 'Command.NothingToDelegate': { status: 409, title: 'There is nothing to delegate' } },
  decide(build, { gate, to, reason }, cause) {
    const page = openPage(build);
    if (page === null || APPROVAL_GATES[page.kind].name !== gate)
      return refuseNotOpen(build, { gate, digest: 'of any page' });
    const refused =
      findWrongDecider(build, page, { actor: cause.actor, isApproval: false }) ??
      findRepeatedApproval(build, { gate, digest: page.digest }, cause);
    if (refused !== null) return refused;
    const problem = problemWith(build, page, to);
    if (problem !== null) return refuse(build, problem);
    const delegation = { kind: page.kind, from: cause.actor, to, at: cause.now };
    const delegations = [...(build.delegations ?? []), delegation];
    const next = { ...build, delegations, revision: build.revision + 1 };
    return accept(recordEvent(next, cause, { type: 'delegated', data: { gate, to, reason } }));
  },
});

function problemWith(build: BuildState, page: ApprovalGate, to: string) {
  const { name: gate } = APPROVAL_GATES[page.kind];
  const deciders = decidersOf(build, page);
  if (deciders === null) {
    const message = `everybody with the right to approve may decide ${gate}, "${to}" too: the start request names no approvers`;
    return { type: 'Command.NothingToDelegate' as const, message, legal: ['approve', 'reject'] };
  }
  if (deciders.includes(to)) {
    const message = `"${to}" decides ${gate} already; name somebody else`;
    return { type: 'Command.NothingToDelegate' as const, message, field: 'to', legal: [] };
  }
  if (to === proposerOf(build, page.kind) && policyOf(build, page.kind).proposerMayApprove === false) {
    const message = `"${to}" proposed what ${gate} judges and may not approve it; name somebody else`;
    return { type: 'Command.NothingToDelegate' as const, message, field: 'to', legal: [] };
  }
  if ((build.delegations ?? []).length < DELEGATIONS_LIMIT) return null;
  const message = `a build keeps ${DELEGATIONS_LIMIT} delegations at most; decide now, or reject`;
  return { type: 'Command.NothingToDelegate' as const, message, legal: ['approve', 'reject'] };
}
