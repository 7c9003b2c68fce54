/**
 * Findings that a person decides: what a gate found, by the digest of exactly what it judged, and what follows a decision.
 *
 * Any change to what was judged has another digest, so a decision never covers more than a person has seen.
 */
import type { Phase, Role } from './roles';

/** What a gate hands on where a person may let exactly this pass. */
export interface FindingDraft {
  gate: string;
  /** Digest of the artifact that holds all that was judged, in a form a person can read. */
  digest: string;
  /** One line. */
  summary: string;
  /** A role: the build goes back to it, bounded by the retries, and then waits for a person. `person`: it waits at once. */
  mender: Role | 'person';
  /** The phase that is done again once every open finding is approved. */
  onApprove: Phase;
  /** The phase that a rejection goes back to; null where no role can mend it: the build stays in `error`. */
  onReject: Phase | null;
}

/** What gates have found, and which have looked: what one finds now takes the place of what it found before. */
export interface GateFindings {
  judged: string[];
  found: FindingDraft[];
}

export interface Finding extends FindingDraft {
  /** ISO 8601. */
  at: string;
  /** True for one of a worker before findings were kept: an approval lifts it, and a person's retry continues the build. */
  isManual?: true;
}

/** A person's refusal of exactly what the digest names. */
export interface Rejection extends Approval {
  reason: string;
}

/** A person's consent to exactly what the digest names. */
export interface Approval {
  gate: string;
  digest: string;
  actor: string;
  at: string;
}

export function isApproved(approvals: Approval[], gate: string, digest: string): boolean {
  return approvals.some((one) => one.gate === gate && one.digest === digest);
}

/** What persons have said against these, for the role that has it found again; one entry a finding. */
export function rejectionsOf(rejections: Rejection[], found: FindingDraft[]): string[] {
  const again = rejections.filter((one) =>
    found.some(({ gate, digest }) => gate === one.gate && digest === one.digest),
  );
  return again.map(
    ({ gate, digest, actor, reason }) =>
      `${actor} has rejected exactly this (${gate} ${digest})${reason === '' ? '' : `: ${reason}`}`,
  );
}

/** Those that remain where `judged` gates have looked again: what they find now takes the place of what they found before. */
export function replaceFindings(open: Finding[], judged: readonly string[], found: Finding[]): Finding[] {
  return [...open.filter(({ gate }) => !judged.includes(gate)), ...found];
}

/** All but the one of this gate and digest: of findings, approvals or rejections. */
export function without<T extends Pick<Approval, 'gate' | 'digest'>>(
  all: T[],
  { gate, digest }: Pick<Approval, 'gate' | 'digest'>,
): T[] {
  return all.filter((one) => one.gate !== gate || one.digest !== digest);
}

/** True where the build must wait: a person has to decide, and an approval will continue it. */
export function needPerson(open: Finding[]): boolean {
  return open.some(({ mender, isManual }) => mender === 'person' && isManual !== true);
}

/** Names each finding by gate and digest; the digests stand first, so that no cut takes them away. */
export function describeFindings(open: Finding[]): string {
  const named = open.map(({ gate, digest }) => `${gate} ${digest}`).join(', ');
  const about = open.map(({ summary }) => summary).join('; ');
  return `a person must approve or reject: ${named} (${about})`;
}
