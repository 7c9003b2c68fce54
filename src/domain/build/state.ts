/**
 * BuildState: the whole state of a build as one plain JSON value, and its initial value.
 *
 * Queries, continue-as-new, the API and the record all use this value. Large content is referenced by digest.
 */
import type { Evidence } from '../evidence/evidence';
import type { Locked } from '../evidence/tampering';
import type { BuildFailure } from './failure';
import type { LiveRelease } from './live-release';
import type { Approval, Finding, Rejection } from '../findings';
import type { Result } from '../result';
import type { ApprovalGate, Delegation, PassedGate } from '../people/approval-gate';
import type { GateKind } from '../people/policy';
import type { Assumption, Exchange, Question, QuestionRound } from '../people/questions';
import type { Forecast } from '../money/forecast';
import type { SpendEntry } from '../money/spend';
import type { SurveyRef } from '../repository-report';
import { PHASES } from '../roles';
import type { BudgetGate, StepAt } from './budget-gate';
import type { GrantUse } from './grant';
import type { Wait } from './wait';
import type { Phase } from '../roles';
import type { State } from '../states';
import type { BuildStart } from './start';
import type { OutputRef } from './output-ref';
import type { StuckState } from './stuck';
import type { AuditEvent, Handoff } from './trail';
import type { Usage } from './usage';
import type { Checkpoint } from './checkpoints';

/**
 * The state of a build with the members that depend on it: a build in `error` has a failure, a complete build has an end time,
 * and a cancelled build keeps the state it was cancelled in.
 */
export type Standing =
  | { state: Exclude<State, 'error' | 'complete'>; failure: null; cancelled: false; completedAt: null }
  | { state: 'error'; failure: BuildFailure; cancelled: false; completedAt: null }
  | { state: 'complete'; failure: null; cancelled: false; completedAt: string }
  | { state: Exclude<State, 'error' | 'complete'>; failure: null; cancelled: true; completedAt: string }
  | { state: 'error'; failure: BuildFailure; cancelled: true; completedAt: string };

/** The commits at which the build's branch began and where it is now. Both are null until a workspace exists. */
export type Workspace = { base: string; commit: string } | { base: null; commit: null };

export type BuildState = BuildFacts & Standing & Workspace;

/** The members of a build that do not depend on its state. */
export interface BuildFacts extends BuildStart {
  /** Counts accepted commands and state changes. */
  revision: number;
  /** Counts state changes: work that began in an earlier turn is void. */
  turn: number;
  /** Counts rollbacks, from 1. */
  generation: number;
  /** Attempts that began in this generation. */
  attempts: Record<Phase, number>;
  /** How often each phase was done again since a person last intervened. */
  redone: Record<Phase, number>;
  outputs: Partial<Record<Phase, OutputRef>>;
  /** Inline content that is not in the artifact store yet, by its temporary digest. */
  unsaved: Record<string, string>;
  /** What the next attempt must answer: failures, findings, a person's reason. */
  feedback: string[];
  /** Digest of the output of the failing tests in `feedback`; null or absent if no test failed. */
  failing?: string | null;
  /** The build at the beginning of each phase, for rollbacks. */
  checkpoints: Partial<Record<Phase, Checkpoint>>;
  evidence: Evidence | null;
  /** The repository report. Null: it must be made again, since the request was amended. Absent: not made yet; older builds never make it. */
  survey?: SurveyRef | null;
  /** Start requests that were amended, oldest first. Absent until the first amendment. */
  formerRequests?: Array<{ digest: string }>;
  /** The Test Auditor's tests, which the Code Writer may not change; null if there are none. */
  locked: Locked | null;
  /** The findings that persons have approved, each by its digest. */
  approvals: Approval[];
  /** The findings that persons have rejected, newest last. Absent until the first rejection. */
  rejections?: Rejection[];
  /** The findings that a person may decide now; read them with `openFindings`. Absent until a gate first finds something. */
  findings?: Finding[];
  /** The open page of the approval gate in whose state the build waits. Absent elsewhere, and in builds without gates. */
  approvalGate?: ApprovalGate;
  /** The number of pages of approval gates that were opened. Absent until the first. */
  gateOpenings?: number;
  /** The last page of each gate. Absent until the first. */
  lastPages?: Partial<Record<GateKind, { digest: string }>>;
  /** What persons have approved at the gates. Absent until a gate is passed. */
  passedGates?: Partial<Record<GateKind, PassedGate>>;
  /** Approvers who have named somebody to decide for them, oldest first. Absent until the first. */
  delegations?: Delegation[];
  release: LiveRelease | null;
  /** The written result branch. Absent until the build is complete, and if no result is wanted. */
  result?: Result;
  /** The questions of the round that is open, answered ones too; empty if none is open. */
  questions: Question[];
  /** The open round of questions; absent if none is open, and for rounds of older workers. */
  questionRound?: QuestionRound;
  /** Questions with their answers, oldest first. Absent until the first answer. */
  conversation?: Exchange[];
  /** What is taken as true because optional questions were not answered. Absent until the first. */
  assumptions?: Assumption[];
  answers: Record<string, string>;
  paused: boolean;
  /** The turn in which an existing answer is judged again (`adoptedAttempt`). Absent until the first approval that continues the build. */
  adoptsInTurn?: number;
  /** Notes that the next step of a role is given, oldest first. Absent until the first. */
  notes?: PersonNote[];
  /** The wait for a provider; read it with `waitOf`. */
  waiting?: Wait & { turn: number };
  usage: Usage;
  /** What was paid for, by phase, attempt and model. Absent until something was. */
  spend?: SpendEntry[];
  /** Keys of model calls whose cost is not in `spend` yet, because their activity ended without an outcome that was applied. */
  uncountedCalls?: string[];
  /** The cap at which the build waits; read it with `budgetGateOf`. */
  budgetGate?: BudgetGate;
  /** Where the work goes on after a budget gate or the answers to its questions; read it with `stepAtOf`. */
  stepAt?: StepAt;
  /** Milliseconds of work, without waits for people and providers. Absent in builds without a budget. */
  workedMs?: number;
  /** What the build was expected to cost when it was planned. */
  forecast?: Forecast;
  /** What shows whether the build is stuck; read it with `stuckOf`. Absent until an attempt of a build with `stuckAfter` has ended. */
  stuck?: StuckState;
  /** The part of the project's money that the build may spend. Absent until a role of a build with a budget has begun to work. */
  grant?: GrantUse;
  /** Pending effects: a command made them necessary, and they are not carried out yet. */
  owed: {
    undoRelease: boolean;
    restoreTree: boolean;
    /** The work of external roles must still be measured, judged and released. Absent: there is none. */
    releaseHanded?: true;
  };
  /** Why nothing of a complete build was released; absent if something was, or if no reason was given. */
  notReleased?: string;
  /** How often each phase has ended in `error` in total; the ledger adds what it has not counted yet. */
  failures: Partial<Record<Phase, number>>;
  /** The newest handoffs, in order; older ones are in the archive. */
  handoffs: Handoff[];
  events: AuditEvent[];
  /** The digest of the last archive page in the artifact store, and how many events and handoffs all pages contain. */
  archive: { digest: string; events: number; handoffs: number } | null;
  /** The number of refused signals; the last ones are in `events`. */
  refused: number;
  updatedAt: string;
  /** The commands that were carried out, by idempotency key, with their digests and answers. */
  seen: Record<string, SeenCommand>;
}

/** A person's words for the role at work. */
export interface PersonNote {
  text: string;
  by: string;
  at: string;
}

export interface SeenCommand {
  digest: string;
  answer: CommandAnswer;
}

/** The answer to every accepted command. */
export interface CommandAnswer {
  previousState: State;
  newState: State;
  revision: number;
  actor: string;
  at: string;
  /** The command made a notice, which was handed over to be sent. Absent if it made none. */
  isTold?: true;
}

export function perPhase(count: number): Record<Phase, number> {
  return Object.fromEntries(PHASES.map((phase) => [phase, count])) as Record<Phase, number>;
}

const NOTHING_USED: Usage = { calls: 0, inputTokens: 0, outputTokens: 0 };
const EMPTY_CHECKPOINT = {
  ...{ commit: null, outputs: {}, evidence: null, answers: {}, locked: null, approvals: [] },
  spent: NOTHING_USED,
};

export function beginBuild(start: BuildStart): BuildState {
  return {
    ...start,
    state: 'discovery',
    revision: 0,
    turn: 0,
    generation: 1,
    attempts: { ...perPhase(0), discovery: 1 },
    redone: perPhase(0),
    outputs: {},
    unsaved: {},
    feedback: [],
    base: null,
    commit: null,
    checkpoints: { discovery: { ...EMPTY_CHECKPOINT, at: start.createdAt } },
    evidence: null,
    locked: null,
    approvals: [],
    release: null,
    failure: null,
    questions: [],
    answers: {},
    paused: false,
    cancelled: false,
    usage: NOTHING_USED,
    owed: { undoRelease: false, restoreTree: false },
    failures: {},
    handoffs: [],
    events: [{ type: 'started', ...(start.startedBy ?? { actor: start.userId }), at: start.createdAt, data: {} }],
    archive: null,
    refused: 0,
    updatedAt: start.createdAt,
    completedAt: null,
    seen: {},
  };
}

export function openFindings({ findings = [] }: Pick<BuildState, 'findings'>): Finding[] {
  return findings;
}

export function isClosed(build: BuildState): boolean {
  return build.cancelled || build.state === 'complete';
}
