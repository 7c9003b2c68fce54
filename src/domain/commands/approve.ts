/**
 * `approve`: a person approves the finding with this digest. When the last open finding is approved, a waiting build continues.
 */
import { adoptPreviousAnswer } from '../build/adopt';
import { isAwaitingDecision, retryFromError } from '../build/moves';
import { recordEvent } from '../build/record-event';
import { openFindings } from '../build/state';
import { withoutFinding } from '../findings';
import { accept, defineCommand } from './command';
import { FINDING_FIELDS, findOpenFinding, withOpenDecisions } from './open-finding';

const APPROVALS_LIMIT = 50;

export const approve = defineCommand({
  name: 'approve',
  path: 'approve',
  needs: 'approve',
  description: 'lifts exactly what the digest names',
  fields: FINDING_FIELDS,
  refusals: {},
  decide(build, { gate, digest, reason }, cause) {
    const lookup = findOpenFinding(build, { gate, digest });
    if (lookup.kind === 'refused') return lookup;
    const otherApprovals = withoutFinding(build.approvals, lookup.finding);
    const approvals = [...otherApprovals, { gate, digest, actor: cause.actor, at: cause.now }].slice(-APPROVALS_LIMIT);
    const findings = withoutFinding(openFindings(build), lookup.finding);
    const next = { ...withOpenDecisions(build, findings), approvals, findings, revision: build.revision + 1 };
    const recordedBuild = recordEvent(next, cause, { type: 'approved', data: { gate, digest, reason } });
    if (!isAwaitingDecision(recordedBuild) || findings.length > 0) return accept(recordedBuild);
    const target = recordedBuild.failure.continuesWith ?? recordedBuild.failure.phase;
    const passage = { ...cause, event: 'continued' as const, notes: 'every finding is approved' };
    return accept(adoptPreviousAnswer(retryFromError(recordedBuild, { ...passage, target, feedback: [] })));
  },
});
