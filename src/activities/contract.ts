/**
 * What the workflows ask of the activities: names, inputs and outputs. Types only, so that both sides can import it.
 *
 * Inputs name content by digest: history stays small however large the work is.
 */
import type { BuildState, OutputRef } from '../domain/build/state';
import type { RestoreTask, Restored } from '../domain/restore';
import type { Result } from '../domain/result';
import type { Outcome } from '../domain/build/outcomes';
import type { HandedRelease } from '../domain/build/pending-effects';
import type { BuildReport, Found, OpenBuild, ProjectState } from '../domain/project';
import type { SurveyRef } from '../domain/repository-report';
import type { Phase } from '../domain/roles';

/** One attempt at a phase. */
export interface PhaseTask {
  projectId: string;
  buildId: string;
  userId: string;
  phase: Phase;
  generation: number;
  attempt: number;
  /** Fences off what an abandoned attempt may still try to publish. */
  turn: number;
  /** Digest of the start request. */
  request: string;
  /** Part of the key of all that is adopted; absent in builds of before. */
  requestKey?: string | undefined;
  /** Digest of each earlier phase's output. */
  outputs: Partial<Record<Phase, string>>;
  /** How far each of them may be believed; absent in tasks that an older worker scheduled. */
  sources?: Partial<Record<Phase, OutputRef['source']>>;
  base: string | null;
  commit: string | null;
  feedback: string[];
  /** Digest of what failing tests said; absent in tasks that an older worker scheduled. */
  failing?: string | null;
  answers: Record<string, string>;
  evidence: BuildState['evidence'];
  survey?: BuildState['survey'];
  locked: BuildState['locked'];
  approvals: BuildState['approvals'];
  /** The attempt of this phase whose answer is judged again; absent where the role is asked. */
  adopts?: number;
  coverageFloorPercent?: BuildState['coverageFloorPercent'];
  /** What the project's ledger has not been told yet; it is told beside the work, which then answers `told`. */
  report?: BuildReport;
}

/** Detail of the failure of an activity that had not asked anything of its role yet. */
export interface BeforeWork {
  isBeforeWork: true;
  /** Artifact: the whole message, with the last lines of the log. */
  detailsDigest: string;
}

/** Detail of the failure of an activity whose model asks to wait for longer than an activity is tried again. */
export interface LongWait {
  /** ISO 8601. */
  waitUntil: string;
}
/** Detail of the failure of an activity: answers that were paid and are lost. */
export interface PaidCalls {
  paidCalls: number;
  /** What they used; null, or left out: not known. */
  paidTokens?: { inputTokens: number | null; outputTokens: number | null };
}

/** One step of a role: where its conversation and its tree stand. Older workers scheduled most roles without these. */
export interface StepTask extends PhaseTask {
  /** Counts model calls, from 1. */
  step: number;
  /** Artifact: the conversation so far; null before it has begun. */
  transcript: string | null;
  /** The commit that the role's changes have led to; null before the first step. */
  tree: string | null;
}

export interface UndoTask {
  projectId: string;
  buildId: string;
  /** Digest of the start request: it names the release target. */
  request: string;
  requestKey?: string | undefined;
  /** Releases that were begun before this turn are void. */
  turn: number;
  /** The generation that begins now; the one before it is parked. */
  generation: number;
  /** The commit that the branch goes back to; null leaves it. */
  restoreTo: string | null;
  undoRelease: boolean;
}
/** The result of a complete build, to be written into the repository that it was given. */
export interface DeliverTask {
  projectId: string;
  buildId: string;
  /** Digest of the start request: it names the repository. */
  request: string;
  requestKey?: string | undefined;
  branch: string;
  commit: string;
}
/** A look at a repository without a build. */
export interface CheckTask {
  projectId: string;
  /** Digest of what was asked. */
  request: string;
}
export interface Undone {
  /** The release that was taken down, and in words what is live now; null where none of this build was live. */
  release: { number: number; says: string } | null;
}

/** What a project's ledger knows, for a look at what there is. */
export interface LookTask {
  projectId: string;
  open: Record<string, Pick<OpenBuild, 'sequence' | 'run'>>;
  /** How many builds it has counted as ended. */
  ended: number;
  /** It knows nothing of what was before it. */
  isNew: boolean;
}
export interface Look {
  found: Found[];
  /** False where there is more to be found. */
  isWhole: boolean;
  /** The whole ledger made anew, where it lacks builds that have ended; null: it lacks none. */
  rebuilt: ProjectState | null;
}

/** The outcome of an attempt, and whether the ledger took the report that came with the task. */
export type Attempted = Outcome & { told?: boolean };

export interface Activities {
  /** The repository report of a build whose role is outside. What stands in the way is a failure with the detail `BeforeWork`. */
  survey(task: PhaseTask): Promise<SurveyRef>;
  discover(task: StepTask): Promise<Attempted>;
  plan(task: StepTask): Promise<Attempted>;
  writeCode(task: StepTask): Promise<Attempted>;
  auditTests(task: StepTask): Promise<Attempted>;
  verify(task: StepTask): Promise<Attempted>;
  release(task: StepTask): Promise<Attempted>;
  /** What roles outside handed over, once they have completed the build: measured, judged, and released where it passes. */
  releaseHanded(task: PhaseTask): Promise<HandedRelease>;
  /** Puts back what a command abandoned: the branch, and what was live before. Fails as `Release.RollbackFailed`. */
  undo(task: UndoTask): Promise<Undone>;
  /** Makes an earlier release live again and looks at it; puts back what was live where it is not well. */
  restoreRelease(task: RestoreTask): Promise<Restored>;
  /** Writes down that a restore was given up. */
  endRestore(task: RestoreTask, restored: Restored): Promise<void>;
  /** Writes the result; what stands in the way is in what it gives. */
  deliver(task: DeliverTask): Promise<Result>;
  /** The repository report without a build. What stands in the way is a failure with the detail `BeforeWork`. */
  checkRepository(task: CheckTask): Promise<SurveyRef>;
  /** Keeps inline content in the artifact store. */
  keepContent(content: string): Promise<{ digest: string; bytes: number }>;
  /** Tells the project's ledger; the same report twice counts once. */
  reportBuild(projectId: string, report: BuildReport): Promise<void>;
  /** Which of the reports have a proof that holds, in their order. */
  proveReports(projectId: string, reports: BuildReport[]): Promise<boolean[]>;
  /** What Temporal and the records say of the builds of a project that its ledger does not know. */
  lookAtBuilds(task: LookTask): Promise<Look>;
  /** Keeps the finished build beyond Temporal's retention, and tells the ledger. */
  recordBuild(build: BuildState, report: BuildReport): Promise<void>;
}
