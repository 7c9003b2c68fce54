/**
 * Checkpoints: the members of a build at the beginning of each phase, which a rollback restores together.
 *
 * A rollback deletes nothing. The audit event of the rollback names the abandoned outputs and the ref of the abandoned commit.
 */
import { openFindings } from './state';
import type { BuildFacts, BuildState, Workspace } from './state';
import type { AuditEvent } from './trail';
import { parkedRefOf } from '../ids';
import { PHASES } from '../roles';
import type { Phase } from '../roles';
import { isApproved } from '../findings';
import type { Approval, Finding } from '../findings';
import type { Evidence } from '../evidence/evidence';
import type { Locked } from '../evidence/tampering';
import type { OutputRef } from './output-ref';
import type { Usage } from './usage';

/** The members of the build at the beginning of a phase. */
export interface Checkpoint {
  /** Null: no workspace existed yet. */
  commit: string | null;
  outputs: Partial<Record<Phase, OutputRef>>;
  evidence: Evidence | null;
  answers: Record<string, string>;
  locked: Locked | null;
  approvals: Approval[];
  /** Absent in builds that were begun without findings (commit 0956107). */
  findings?: Finding[];
  /** The usage of the build when the phase began. A rollback to this checkpoint abandons the results of everything spent later. */
  spent: Usage;
  at: string;
}

export function checkpointOf(build: BuildState): Checkpoint {
  const { commit, outputs, evidence, answers, locked, approvals, usage, updatedAt } = build;
  const findings = openFindings(build);
  const findingsMember = findings.length === 0 ? {} : { findings };
  return { commit, outputs, evidence, answers, locked, approvals, ...findingsMember, spent: usage, at: updatedAt };
}

type RestoredFacts = Workspace &
  Pick<
    BuildFacts,
    'outputs' | 'evidence' | 'answers' | 'locked' | 'approvals' | 'findings' | 'checkpoints' | 'release'
  >;

/** Returns the members that a rollback to `target` restores. Usage is not restored: spent tokens stay counted. */
export function restoreCheckpoint(build: BuildState, target: Phase): RestoredFacts {
  const checkpoint = build.checkpoints[target];
  const keptPhases = PHASES.slice(0, PHASES.indexOf(target) + 1);
  const checkpoints = Object.fromEntries(
    Object.entries(build.checkpoints).filter(([phase]) => keptPhases.includes(phase as Phase)),
  );
  const { outputs = {}, evidence = null, answers = {}, locked = null, findings = [] } = checkpoint ?? {};
  const approvals = approvalsAfterRollback(build, target);
  return {
    ...workspaceAt(build, checkpoint),
    ...{ outputs, evidence, answers, locked, approvals },
    findings: findings.filter(({ gate, digest }) => !isApproved(approvals, gate, digest)),
    checkpoints,
    release: null,
  };
}

/** Without a commit in the checkpoint, the phase began at the base commit. */
function workspaceAt({ base, commit }: BuildState, checkpoint: Checkpoint | undefined): Workspace {
  return base === null || commit === null ? { base: null, commit: null } : { base, commit: checkpoint?.commit ?? base };
}

/** The approvals of the checkpoint, and those given while the build waited in `error`: they are meant for the work that follows. */
function approvalsAfterRollback({ checkpoints, approvals, failure }: BuildState, target: Phase): Approval[] {
  const checkpointApprovals = checkpoints[target]?.approvals ?? [];
  const laterApprovals = approvals.filter(
    ({ gate, digest, at }) => failure !== null && at >= failure.at && !isApproved(checkpointApprovals, gate, digest),
  );
  return [...checkpointApprovals, ...laterApprovals];
}

/** Data for the audit event of a rollback: the abandoned digests, commit and ref, and the number of model calls they cost. */
export function abandonedData(build: BuildState, target: Phase): AuditEvent['data'] {
  const { commit, outputs, evidence } = restoreCheckpoint(build, target);
  const abandoned: AuditEvent['data'] = {};
  for (const phase of PHASES) {
    const digest = build.outputs[phase]?.digest;
    if (digest !== undefined && digest !== outputs?.[phase]?.digest) abandoned[`abandoned_${phase}`] = digest;
  }
  const log = build.evidence?.logDigest;
  if (log !== undefined && log !== evidence?.logDigest) abandoned.abandoned_evidence = log;
  if (build.commit !== null && build.commit !== commit) {
    abandoned.abandoned_commit = build.commit;
    abandoned.parked_as = parkedRefOf(build, build.generation);
  }
  const spent = build.checkpoints[target]?.spent;
  return { ...abandoned, abandoned_calls: build.usage.calls - (spent?.calls ?? 0) };
}
