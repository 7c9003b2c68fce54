/**
 * What an approval gate does by itself while nobody decides: it reminds, escalates and expires, each once for each page. Pure.
 */
import type { DueEntry } from '../build/due';
import { recordEvent } from '../build/record-event';
import type { BuildState } from '../build/state';
import { secondsAfter } from './after';
import { openPage, policyOf } from './approval-gate';
import type { ApprovalGate, GateDue } from './approval-gate';
import { rejectPage } from './decide-gate';
import { APPROVAL_GATES } from './policy';
import type { GatePolicy } from './policy';

export function gateDueEntries(build: BuildState): DueEntry[] {
  const page = openPage(build);
  if (page === null) return [];
  const policy = policyOf(build, page.kind);
  const seconds = { reminded: policy.remindAfterS, escalated: policy.escalateAfterS, expired: policy.expiresAfterS };
  return (Object.keys(seconds) as GateDue[]).flatMap((due) => {
    const after = seconds[due];
    if (after === undefined || page.fired.includes(due)) return [];
    return [{ at: secondsAfter(page.openedAt, after), apply: (at: BuildState, now: string) => fire(at, due, now) }];
  });
}

/** When the gate expires (ISO 8601); null if it never does, or has. */
export function expiryOf(build: BuildState, { kind, openedAt, fired }: ApprovalGate): string | null {
  const { expiresAfterS } = policyOf(build, kind);
  return expiresAfterS === undefined || fired.includes('expired') ? null : secondsAfter(openedAt, expiresAfterS);
}

function fire(build: BuildState, due: GateDue, now: string): BuildState {
  const page = openPage(build);
  if (page === null) return build;
  const { name: gate } = APPROVAL_GATES[page.kind];
  const policy = policyOf(build, page.kind);
  const approvalGate = { ...page, fired: [...page.fired, due] };
  const next = { ...build, approvalGate, revision: build.revision + 1 };
  const cause = { actor: 'orchestrator', now };
  const recorded = recordEvent(next, cause, { type: due, data: { gate, digest: page.digest, ...dataOf(due, policy) } });
  if (due !== 'expired' || policy.onExpiry !== 'reject') return recorded;
  const reason = `nobody decided within ${policy.expiresAfterS} s`;
  return rejectPage(recorded, approvalGate, { to: null, reason, cause });
}

function dataOf(due: GateDue, { escalateTo = [], onExpiry = 'wait' }: GatePolicy): Record<string, string> {
  if (due === 'escalated') return { to: escalateTo.join(', ') };
  return due === 'expired' ? { then: onExpiry } : {};
}
