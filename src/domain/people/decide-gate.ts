/**
 * The decisions of persons at an approval gate: who may decide, what an approval and a rejection change. Pure.
 */
import { retryFromError } from '../build/moves';
import { recordEvent } from '../build/record-event';
import type { Cause } from '../build/sender';
import type { BuildState } from '../build/state';
import type { Refused } from '../commands/refusals';
import { refuse } from '../commands/refusals';
import type { Approval } from '../findings';
import type { Phase } from '../roles';
import { approvalsOf, decidersOf, openPage, passGate, policyOf, proposerOf, quorumOf } from './approval-gate';
import type { ApprovalGate } from './approval-gate';
import { APPROVAL_GATES } from './policy';

/** A decision that names the gate and the digest of its page. */
export interface Decision {
  gate: string;
  digest: string;
  reason: string;
}

/** The most approvals that a build keeps, the newest. A quorum is far smaller. */
const APPROVALS_LIMIT = 50;

export function addApproval(approvals: Approval[], approval: Approval): Approval[] {
  return [...approvals, approval].slice(-APPROVALS_LIMIT);
}

/** Refuses a second approval by the same person, also when the gate is passed: a double click is no second voice. */
export function findRepeatedApproval(
  build: BuildState,
  { gate, digest }: Pick<Decision, 'gate' | 'digest'>,
  { actor }: Cause,
): Refused<'Command.AlreadyApproved'> | null {
  const isRepeated = build.approvals.some((one) => one.gate === gate && one.digest === digest && one.actor === actor);
  if (!isRepeated) return null;
  const message = `${actor} has approved ${gate} ${digest} already; another approval must come from another person`;
  return refuse(build, { type: 'Command.AlreadyApproved', message, field: 'digest' });
}

/** Refuses an actor that may not decide at the gate. `isApproval`: the proposer may reject, but perhaps not approve. */
export function findWrongDecider(
  build: BuildState,
  page: ApprovalGate,
  { actor, isApproval }: { actor: string; isApproval: boolean },
): Refused<'Command.NotApprover'> | null {
  const { name } = APPROVAL_GATES[page.kind];
  const deciders = decidersOf(build, page);
  if (deciders !== null && !deciders.includes(actor)) {
    const message = `${actor} may not decide ${name}; ${deciders.join(', ')} may, or to whom one of them delegates`;
    return refuse(build, { type: 'Command.NotApprover', message, field: 'actor', legal: deciders });
  }
  const isProposer = actor === proposerOf(build, page.kind);
  if (!isApproval || !isProposer || policyOf(build, page.kind).proposerMayApprove !== false) return null;
  const message = `${actor} proposed what ${name} judges and may not approve it; another person must`;
  return refuse(build, { type: 'Command.NotApprover', message, field: 'actor', legal: deciders ?? [] });
}

/** Adds the approval. With enough different persons the gate is passed, and the main loop carries the build on. */
export function approvePage(build: BuildState, page: ApprovalGate, decision: Decision & { cause: Cause }): BuildState {
  const { gate, digest, reason, cause } = decision;
  const approval = { gate, digest, actor: cause.actor, at: cause.now };
  const next = { ...build, approvals: addApproval(build.approvals, approval), revision: build.revision + 1 };
  const recorded = recordEvent(next, cause, { type: 'approved', data: { gate, digest, reason } });
  return approvalsOf(recorded, page).length < quorumOf(build, page.kind) ? recorded : passGate(recorded, page);
}

/** Sends the build back with the reason, to the phase that the rejection names or to the one that can act on it. */
export function rejectPage(
  build: BuildState,
  { kind, digest }: ApprovalGate,
  { to, reason, cause }: { to: Phase | null; reason: string; cause: Cause },
): BuildState {
  const { name: gate, rejectTo } = APPROVAL_GATES[kind];
  const target = to ?? rejectTo;
  const why = `${cause.actor} rejected ${gate}${reason === '' ? '' : `: ${reason}`}`;
  const recorded = recordEvent(build, cause, { type: 'rejected', data: { gate, digest, reason, target } });
  const passage = { ...cause, event: 'sent_back' as const, notes: why.slice(0, 300) };
  return retryFromError(recorded, { ...passage, target, feedback: [why] });
}

/** The open page with this name and digest; null if there is none: never opened, decided, or void since. */
export function findPage(build: BuildState, { gate, digest }: Pick<Decision, 'gate' | 'digest'>): ApprovalGate | null {
  const page = openPage(build);
  return page !== null && APPROVAL_GATES[page.kind].name === gate && page.digest === digest ? page : null;
}
