/**
 * The contract between workflows and activities: names, inputs and outputs. It has types only, so that both sides can import it.
 *
 * Inputs name content by digest, so that the history stays small when the content is large.
 */
import type { ApprovalTask, StoredPage } from './approval-task';
import type { BuildState, PersonNote } from '../domain/build/state';
import type { OutputRef } from '../domain/build/output-ref';
import type { RestoreTask, RestoreResult } from '../domain/restore';
import type { Result } from '../domain/result';
import type { Outcome } from '../domain/build/outcome';
import type { Amounts } from '../domain/money/amounts';
import type { Budget } from '../domain/money/budget';
import type { HandedRelease } from '../domain/build/pending-effects';
import type { Delivery } from '../domain/notices/notice';
import type { SendResult } from '../domain/notices/outbox';
import type { HandedNotices } from '../domain/notices/outbox-input';
import type { BuildReport, SurveyResult, OpenBuild, ProjectState } from '../domain/project';
import type { Exchange } from '../domain/people/questions';
import type { SurveyRef } from '../domain/repository-report';
import type { Phase } from '../domain/roles';
import type { Rung } from '../domain/stuck/ladder';
import type { GrantActivities } from './grants-contract';

/** One attempt at a phase. */
export interface PhaseTask {
  projectId: string;
  buildId: string;
  userId: string;
  phase: Phase;
  generation: number;
  attempt: number;
  /** The fencing token: the workspace refuses to publish work of an earlier turn. */
  turn: number;
  /** Digest of the start request. */
  request: string;
  /** Part of the keys under which earlier work is found again; absent in older builds. */
  requestKey?: string | undefined;
  /** Digest of each earlier phase's output. */
  outputs: Partial<Record<Phase, string>>;
  /** The source of each of these outputs: a model, or a claim from outside. Absent in tasks that an older worker scheduled. */
  sources?: Partial<Record<Phase, OutputRef['source']>>;
  base: string | null;
  commit: string | null;
  feedback: string[];
  /** Digest of the messages of failing tests; absent in tasks that an older worker scheduled. */
  failing?: string | null;
  answers: Record<string, string>;
  /** The answers with their questions, and who gave them. Absent: none, and from older workers. */
  conversation?: Exchange[];
  evidence: BuildState['evidence'];
  survey?: BuildState['survey'];
  locked: BuildState['locked'];
  approvals: BuildState['approvals'];
  /** The attempt of this phase whose answer is judged again; absent where the role's model is called. */
  adopts?: number;
  coverageFloorPercent?: BuildState['coverageFloorPercent'];
  /** The commit that persons have approved for release. Absent: no approval was needed, and from older workers. */
  approvedCommit?: string;
  /** The epoch of the build's grant. Absent in tasks of builds without a budget. */
  grantEpoch?: number;
  /** The money of the build. Absent in a build without a budget: nothing is reserved for its calls. */
  money?: TaskMoney;
  /** The build is measured for being stuck. Absent: it is not, as in tasks that an older worker scheduled. */
  stuck?: StuckTask;
  /** A report for the project's ledger. The activity sends it during its work; its outcome then has `told: true`. */
  report?: BuildReport;
}

/** What a build may spend, and what it has spent when the task was scheduled. */
export interface TaskMoney {
  budget: Budget;
  spent: Amounts;
  /** Keys of earlier calls whose cost is not in `spent`, such as calls that a command made void. */
  uncounted: string[];
}

/** What a role's activity has to know of being stuck. */
export interface StuckTask {
  /** How often the same sign is measured before the build counts as stuck. */
  after: number;
  /** The rung at work, if this phase is done again for it: what is the same. */
  diagnosis?: { rung: Rung; because: string[] };
  /** The role works with its stronger model. */
  isStronger?: true;
}

/** One step of a role: its conversation and its draft commit so far. Older workers scheduled most roles without these members. */
export interface StepTask extends PhaseTask {
  /** The number of the model call in this attempt, from 1. */
  step: number;
  /** The artifact with the conversation so far; null in the first step. */
  transcript: string | null;
  /** The draft commit with the role's changes so far; null in the first step. */
  tree: string | null;
  /** Notes of people that this step gives to the role. Absent: none. */
  notes?: PersonNote[];
}

export interface UndoTask {
  projectId: string;
  buildId: string;
  /** Digest of the start request: it names the release target. */
  request: string;
  requestKey?: string | undefined;
  /** Releases that the build began before this turn become void. */
  turn: number;
  /** The new generation. The commits of the previous one stay reachable under `refs/parked`. */
  generation: number;
  /** The commit to which the branch is reset; null: the branch stays. */
  restoreTo: string | null;
  undoRelease: boolean;
}
/** The result of a complete build, which is written into the repository of the start request. */
export interface DeliverTask {
  projectId: string;
  buildId: string;
  /** Digest of the start request: it names the repository. */
  request: string;
  requestKey?: string | undefined;
  branch: string;
  commit: string;
}
/** A check of a repository without a build. */
export interface CheckTask {
  projectId: string;
  /** Digest of the check request. */
  request: string;
}
export interface Undone {
  /** The release that was taken down, with a text about what is live now; null where no release of this build was live. */
  release: { number: number; says: string } | null;
}

/** The builds that the ledger knows. A look compares them with the builds in Temporal. */
export interface LookTask {
  projectId: string;
  open: Record<string, Pick<OpenBuild, 'sequence' | 'run'>>;
  /** The number of builds that the ledger has counted as ended. */
  ended: number;
  /** True for a ledger that was just started and has not counted earlier builds. */
  isNew: boolean;
}
export interface Look {
  found: SurveyResult[];
  /** False where the look stopped at its limit before it had seen all builds. */
  isWhole: boolean;
  /** A new state of the ledger where the old one lacks ended builds; null where it lacks none. */
  rebuilt: ProjectState | null;
}

/** The outcome of an activity; `told` is true where it has sent the task's report to the ledger. */
export type PhaseOutcome = Outcome & { told?: boolean };

export interface Activities extends GrantActivities {
  /** Makes the repository report of a build with an external role. An obstacle is a failure with the detail `BeforeWork`. */
  survey(task: PhaseTask): Promise<SurveyRef>;
  discover(task: StepTask): Promise<PhaseOutcome>;
  plan(task: StepTask): Promise<PhaseOutcome>;
  writeCode(task: StepTask): Promise<PhaseOutcome>;
  auditTests(task: StepTask): Promise<PhaseOutcome>;
  verify(task: StepTask): Promise<PhaseOutcome>;
  release(task: StepTask): Promise<PhaseOutcome>;
  /** Measures and judges the commit that external roles handed over in a complete build, and releases it where it passes. */
  releaseHanded(task: PhaseTask): Promise<HandedRelease>;
  /** Resets the branch and restores the earlier release after a command. Fails with `Release.RollbackFailed`. */
  undo(task: UndoTask): Promise<Undone>;
  /** Makes an earlier release live again and smoke-tests it. Where the smoke test fails, the release before it is restored. */
  restoreRelease(task: RestoreTask): Promise<RestoreResult>;
  /** Records the end of a restore that failed. */
  endRestore(task: RestoreTask, restored: RestoreResult): Promise<void>;
  /** Writes the result into the repository. An obstacle is the `reason` of the returned result. */
  deliver(task: DeliverTask): Promise<Result>;
  /** Makes a repository report without a build. An obstacle is a failure with the detail `BeforeWork`. */
  checkRepository(task: CheckTask): Promise<SurveyRef>;
  /** Makes and stores the page of an approval gate. */
  makeApprovalPage(task: ApprovalTask): Promise<StoredPage>;
  /** Keeps inline content in the artifact store. */
  keepContent(content: string): Promise<{ digest: string; bytes: number }>;
  /** Sends a report to the project's ledger, which counts the same report once. */
  reportBuild(projectId: string, report: BuildReport): Promise<void>;
  /** Checks the proofs of the reports; gives true or false for each, in their order. */
  proveReports(projectId: string, reports: BuildReport[]): Promise<boolean[]>;
  /** Finds builds of a project in Temporal and in the records that its ledger does not know. */
  lookAtBuilds(task: LookTask): Promise<Look>;
  /** Stores the finished build, which Temporal keeps for a limited time only, and reports it to the ledger. */
  recordBuild(build: BuildState, report: BuildReport): Promise<void>;
  /** Hands notices of the build to the workflow that sends those of its project. */
  handNotices(projectId: string, deliveries: Delivery[]): Promise<void>;
  /** Checks the proofs of notices; gives true or false for each, in their order. */
  proveNotices(projectId: string, handed: HandedNotices[]): Promise<boolean[]>;
  /** Sends a notice once. A failed try is a result, not a failure of the activity. */
  sendNotice(delivery: Delivery): Promise<SendResult>;
}
