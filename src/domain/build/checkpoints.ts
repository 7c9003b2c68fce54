/**
 * What a build was at the beginning of a phase, and what a rollback to it leaves behind.
 *
 * A rollback restores all of it together; nothing is deleted, so what is abandoned is named where it can be reached.
 */
import { openFindings } from './state';
import type { AuditEvent, BuildFacts, BuildState, Checkpoint, Workspace } from './state';
import { parkedRefOf } from '../ids';
import { PHASES } from '../roles';
import type { Phase } from '../roles';
import { isApproved } from '../findings';
import type { Approval } from '../findings';

export function checkpointOf(build: BuildState): Checkpoint {
  const { commit, outputs, evidence, answers, locked, approvals, usage, updatedAt } = build;
  const findings = openFindings(build);
  const open = findings.length === 0 ? {} : { findings };
  return { commit, outputs, evidence, answers, locked, approvals, ...open, spent: usage, at: updatedAt };
}

type Restored = Workspace &
  Pick<
    BuildFacts,
    'outputs' | 'evidence' | 'answers' | 'locked' | 'approvals' | 'findings' | 'checkpoints' | 'release'
  >;

/** What is spent stays spent; everything else that a phase works from is as it was. */
export function restoredTo(build: BuildState, target: Phase): Restored {
  const checkpoint = build.checkpoints[target];
  const earlier = PHASES.slice(0, PHASES.indexOf(target) + 1);
  const checkpoints = Object.fromEntries(
    Object.entries(build.checkpoints).filter(([phase]) => earlier.includes(phase as Phase)),
  );
  const { outputs = {}, evidence = null, answers = {}, locked = null, findings = [] } = checkpoint ?? {};
  const approvals = approvalsAfter(build, target);
  return {
    ...workspaceThen(build, checkpoint),
    ...{ outputs, evidence, answers, locked, approvals },
    findings: findings.filter(({ gate, digest }) => !isApproved(approvals, gate, digest)),
    checkpoints,
    release: null,
  };
}

/** Where no workspace existed yet, the tree was the one that the build's branch began at. */
function workspaceThen({ base, commit }: BuildState, checkpoint: Checkpoint | undefined): Workspace {
  return base === null || commit === null ? { base: null, commit: null } : { base, commit: checkpoint?.commit ?? base };
}

/** Those of the checkpoint; and what was approved while the build waited in `error`, which is meant for what follows. */
function approvalsAfter({ checkpoints, approvals, failure }: BuildState, target: Phase): Approval[] {
  const then = checkpoints[target]?.approvals ?? [];
  const since = approvals.filter(
    ({ gate, digest, at }) => failure !== null && at >= failure.at && !isApproved(then, gate, digest),
  );
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
    left.parked_as = parkedRefOf(build, build.generation);
  }
  const spent = build.checkpoints[target]?.spent;
  return { ...left, abandoned_calls: build.usage.calls - (spent?.calls ?? 0) };
}
