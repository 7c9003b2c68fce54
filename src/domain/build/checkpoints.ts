/**
 * What a build was at the beginning of a phase, and what a rollback to it leaves behind.
 *
 * A rollback restores all of it together; nothing is deleted, so what is abandoned is named where it can be reached.
 */
import type { AuditEvent, BuildState, Checkpoint } from './state';
import { parkedRefOf } from '../ids';
import { PHASES } from '../roles';
import type { Phase } from '../roles';
import type { Approval } from '../evidence/tampering';

export function checkpointOf(build: BuildState): Checkpoint {
  const { commit, outputs, evidence, answers, locked, approvals, usage, updatedAt } = build;
  return { commit, outputs, evidence, answers, locked, approvals, spent: usage, at: updatedAt };
}

/** What is spent stays spent; everything else that a phase works from is as it was. */
export function restoredTo(build: BuildState, target: Phase): Partial<BuildState> {
  const checkpoint = build.checkpoints[target];
  const earlier = PHASES.slice(0, PHASES.indexOf(target) + 1);
  const checkpoints = Object.fromEntries(
    Object.entries(build.checkpoints).filter(([phase]) => earlier.includes(phase as Phase)),
  );
  // Where no workspace existed yet, the tree was the one that the build's branch began at.
  const commit = build.commit === null ? null : (checkpoint?.commit ?? build.base);
  const { outputs = {}, evidence = null, answers = {}, locked = null } = checkpoint ?? {};
  return {
    commit,
    outputs,
    evidence,
    answers,
    locked,
    approvals: approvalsAfter(build, target),
    checkpoints,
    release: null,
  };
}

/** Those of the checkpoint; and what was approved while the build waited in `error`, which is meant for what follows. */
function approvalsAfter({ checkpoints, approvals, failure }: BuildState, target: Phase): Approval[] {
  const then = checkpoints[target]?.approvals ?? [];
  const isKnown = ({ gate, digest }: Approval) => then.some((one) => one.gate === gate && one.digest === digest);
  const since = approvals.filter((one) => failure !== null && one.at >= failure.at && !isKnown(one));
  return [...then, ...since];
}

/** For the audit event of a rollback: digests, commit and ref of the line that is left, and what it had cost. */
export function abandonedBy(build: BuildState, target: Phase): AuditEvent['data'] {
  const { commit, outputs, evidence } = restoredTo(build, target);
  const left: AuditEvent['data'] = {};
  for (const phase of PHASES) {
    const digest = build.outputs[phase]?.digest;
    if (digest !== undefined && digest !== outputs?.[phase]?.digest) left[`abandoned_${phase}`] = digest;
  }
  const log = build.evidence?.logDigest;
  if (log !== undefined && log !== evidence?.logDigest) left.abandoned_evidence = log;
  if (build.commit !== null && build.commit !== commit) {
    left.abandoned_commit = build.commit;
    left.parked_as = parkedRefOf(build.buildId, build.generation);
  }
  const spent = build.checkpoints[target]?.spent;
  return { ...left, abandoned_calls: build.usage.calls - (spent?.calls ?? 0) };
}
