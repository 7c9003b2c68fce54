/**
 * `approve`: a person approves the finding with this digest. When the last open finding is approved, a waiting build continues.
 */
import { adoptPreviousAnswer } from '../build/adopt';
import { isAwaitingDecision, retryFromError } from '../build/moves';
import { recordEvent } from '../build/record-event';
import type { Cause } from '../build/sender';
import { openFindings } from '../build/state';
import type { BuildState } from '../build/state';
import { withoutFinding } from '../findings';
import { addApproval, approvePage, findPage, findRepeatedApproval, findWrongDecider } from '../people/decide-gate';
import type { Decision } from '../people/decide-gate';
import { gateKindOf } from '../people/policy';
import { accept, defineCommand } from './command';
import { FINDING_FIELDS, findOpenFinding, refuseNotOpen, withOpenDecisions } from './open-finding';

export const approve = defineCommand({
  name: 'approve',
  path: 'approve',
  needs: 'approve',
  description: 'lifts exactly what the digest names',
  fields: FINDING_FIELDS,
  refusals: {},
  decide(build, { gate, digest, reason }, cause) {
    if (gateKindOf(gate) !== null) return decideAtGate(build, { gate, digest, reason }, cause);
    const lookup = findOpenFinding(build, { gate, digest });
    if (lookup.kind === 'refused') return lookup;
    const otherApprovals = withoutFinding(build.approvals, lookup.finding);
    const approvals = addApproval(otherApprovals, { gate, digest, actor: cause.actor, at: cause.now });
    const findings = withoutFinding(openFindings(build), lookup.finding);
    const next = { ...withOpenDecisions(build, findings), approvals, findings, revision: build.revision + 1 };
    const recordedBuild = recordEvent(next, cause, { type: 'approved', data: { gate, digest, reason } });
    if (!isAwaitingDecision(recordedBuild) || findings.length > 0) return accept(recordedBuild);
    const target = recordedBuild.failure.continuesWith ?? recordedBuild.failure.phase;
    const passage = { ...cause, event: 'continued' as const, notes: 'every finding is approved' };
    return accept(adoptPreviousAnswer(retryFromError(recordedBuild, { ...passage, target, feedback: [] })));
  },
});

/** Approves the page of an approval gate: one voice a person, and only for exactly this page. */
function decideAtGate(build: BuildState, decision: Decision, cause: Cause) {
  const repeated = findRepeatedApproval(build, decision, cause);
  if (repeated !== null) return repeated;
  const page = findPage(build, decision);
  if (page === null) return refuseNotOpen(build, decision);
  const wrongDecider = findWrongDecider(build, page, { actor: cause.actor, isApproval: true });
  return wrongDecider ?? accept(approvePage(build, page, { ...decision, cause }));
}
