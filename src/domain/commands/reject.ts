/**
 * `reject`: a person rejects a finding. A waiting build goes back, with the reason, to the role that can mend it.
 */
import { isAwaitingDecision, retryFromError } from '../build/moves';
import { recordEvent } from '../build/record-event';
import type { Cause } from '../build/sender';
import { openFindings } from '../build/state';
import type { BuildState } from '../build/state';
import { withoutFinding } from '../findings';
import { findPage, findWrongDecider, rejectPage } from '../people/decide-gate';
import type { Decision } from '../people/decide-gate';
import { APPROVAL_GATES, APPROVAL_GATE_NAMES, gateKindOf } from '../people/policy';
import type { Phase } from '../roles';
import { accept, defineCommand } from './command';
import { optional, phase } from './fields';
import { FINDING_FIELDS, findOpenFinding, refuseNotOpen } from './open-finding';
import { refuse } from './refusals';

const REJECTIONS_LIMIT = 50;
/** Characters of a reason that the state keeps. The feedback to the role contains the whole reason. */
const REASON_LIMIT_CHARS = 1_000;

export const reject = defineCommand({
  name: 'reject',
  path: 'reject',
  needs: 'approve',
  description: 'refuses what the digest names, and sends it back with the reason',
  fields: { ...FINDING_FIELDS, to: optional(phase, () => null) },
  refusals: {},
  decide(build, { gate, digest, reason, to }, cause) {
    if (gateKindOf(gate) !== null) return rejectAtGate(build, { gate, digest, reason, to }, cause);
    if (to !== null) return refuseTo(build, `to is only for ${APPROVAL_GATE_NAMES.join(' and ')}; leave it out`);
    const lookup = findOpenFinding(build, { gate, digest });
    if (lookup.kind === 'refused') return lookup;
    const { summary, onReject } = lookup.finding;
    const why = `${cause.actor} rejected it${reason === '' ? '' : `: ${reason}`}; ${summary}`;
    const findings = withoutFinding(openFindings(build), lookup.finding);
    const otherRejections = withoutFinding(build.rejections ?? [], lookup.finding);
    const rejection = { gate, digest, reason: reason.slice(0, REASON_LIMIT_CHARS), actor: cause.actor, at: cause.now };
    const next: BuildState = {
      ...build,
      findings,
      rejections: [...otherRejections, rejection].slice(-REJECTIONS_LIMIT),
      feedback: [...build.feedback, why],
      revision: build.revision + 1,
    };
    const recordedBuild = recordEvent(next, cause, { type: 'rejected', data: { gate, digest, reason } });
    // A build from commit 0956107 that failed on this finding does not wait for a decision, but goes back too.
    const isManual = lookup.finding.isManual === true;
    if (recordedBuild.state !== 'error' || !(isManual || isAwaitingDecision(recordedBuild)))
      return accept(recordedBuild);
    if (onReject === null) {
      const failure = { ...recordedBuild.failure, type: 'Decision.Rejected' as const, message: why.slice(0, 1_000) };
      return accept({ ...recordedBuild, failure });
    }
    const passage = { ...cause, event: 'sent_back' as const, notes: why.slice(0, 300) };
    return accept(
      retryFromError(recordedBuild, {
        ...passage,
        target: onReject,
        feedback: [why, `it failed before: ${recordedBuild.failure.message}`],
      }),
    );
  },
});

/** Rejects the page of an approval gate: the build goes back, with the reason, to the role that can act on it. */
function rejectAtGate(build: BuildState, { to, ...decision }: Decision & { to: Phase | null }, cause: Cause) {
  const page = findPage(build, decision);
  if (page === null) return refuseNotOpen(build, decision);
  const { rejectTargets } = APPROVAL_GATES[page.kind];
  if (to !== null && !rejectTargets.includes(to))
    return refuseTo(build, `to "${to}" cannot follow a rejection of ${decision.gate}; ${rejectTargets.join(', ')} can`);
  const wrongDecider = findWrongDecider(build, page, { actor: cause.actor, isApproval: false });
  return wrongDecider ?? accept(rejectPage(build, page, { to, reason: decision.reason, cause }));
}

function refuseTo(build: BuildState, message: string) {
  return refuse(build, { type: 'Command.Malformed', message, field: 'to' });
}
