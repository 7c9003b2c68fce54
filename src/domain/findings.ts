/**
 * Findings that a person decides: each is identified by its gate and the digest of exactly what the gate judged.
 *
 * Any change of the judged content changes the digest, so a decision never covers more than the person has seen.
 */
import type { Phase, Role } from './roles';

/** A finding of a gate that a person may approve. */
export interface FindingDraft {
  gate: string;
  /** Digest of the artifact with everything that was judged, in readable form. */
  digest: string;
  /** A one-line description. */
  summary: string;
  /** If a role: the build goes back to it as long as there are retries, then waits for a person. If `person`: it waits at once. */
  mender: Role | 'person';
  /** The phase that is repeated once every open finding is approved. */
  onApprove: Phase;
  /** The phase to which a rejection leads; null if no role can mend it: then the build stays in `error`. */
  onReject: Phase | null;
}

/** The findings of a judgement, and the names of all gates that judged: their new findings replace their old ones. */
export interface GateFindings {
  judged: string[];
  found: FindingDraft[];
}

export interface Finding extends FindingDraft {
  /** ISO 8601. */
  at: string;
  /** True for a finding of a worker before findings were stored: an approval removes it, and a person's retry continues the build. */
  isManual?: true;
}

/** A person's rejection of the finding with this digest. */
export interface Rejection extends Approval {
  reason: string;
}

/** A person's approval of the finding with this digest. */
export interface Approval {
  gate: string;
  digest: string;
  actor: string;
  at: string;
}

export function isApproved(approvals: Approval[], gate: string, digest: string): boolean {
  return approvals.some((one) => one.gate === gate && one.digest === digest);
}

/** Describes earlier rejections of these same findings, for the role that caused them again; one entry for each. */
export function rejectionsOf(rejections: Rejection[], found: FindingDraft[]): string[] {
  const repeatedRejections = rejections.filter((one) =>
    found.some(({ gate, digest }) => gate === one.gate && digest === one.digest),
  );
  return repeatedRejections.map(
    ({ gate, digest, actor, reason }) =>
      `${actor} has rejected exactly this (${gate} ${digest})${reason === '' ? '' : `: ${reason}`}`,
  );
}

/** Replaces the findings of the gates that have judged again; findings of other gates stay open. */
export function replaceFindings(open: Finding[], judged: readonly string[], found: Finding[]): Finding[] {
  return [...open.filter(({ gate }) => !judged.includes(gate)), ...found];
}

/** Removes the entry with this gate and digest from findings, approvals or rejections. */
export function withoutFinding<T extends Pick<Approval, 'gate' | 'digest'>>(
  all: T[],
  { gate, digest }: Pick<Approval, 'gate' | 'digest'>,
): T[] {
  return all.filter((one) => one.gate !== gate || one.digest !== digest);
}

/** True if a finding needs a person's decision, after which the build continues. */
export function needsPerson(open: Finding[]): boolean {
  return open.some(({ mender, isManual }) => mender === 'person' && isManual !== true);
}

/** Lists each finding by gate and digest. The digests come first, so that a cut message still contains them. */
export function describeFindings(open: Finding[]): string {
  const references = open.map(({ gate, digest }) => `${gate} ${digest}`).join(', ');
  const summaries = open.map(({ summary }) => summary).join('; ');
  return `a person must approve or reject: ${references} (${summaries})`;
}
