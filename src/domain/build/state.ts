/**
 * BuildState: everything a build is, as one plain JSON value; and how one begins.
 *
 * The same value serves queries, continue-as-new, the API and the record. Bulky content is named by digest.
 */
import type { Evidence } from '../evidence/evidence';
import type { EventType } from '../events';
import type { Locked } from '../evidence/tampering';
import type { BuildFailure } from './failure';
import type { LiveRelease } from './live-release';
import type { Approval, Finding, Rejection } from '../findings';
import type { Result } from '../result';
import type { SurveyRef } from '../repository-report';
import { PHASES } from '../roles';
import type { Sender } from './sender';
import type { Wait } from './wait';
import type { Phase, Role, RoleMode } from '../roles';
import type { State } from '../states';

export interface BuildStart {
  projectId: string;
  buildId: string;
  userId: string;
  /** The sentence, cut to 200 characters: for people who look at lists. */
  title: string;
  /** Digest of the start request in the artifact store: requirements, metadata and options in full. */
  request: string;
  /** Of the request it was started with, also once that is amended: part of the key of all that it adopts. Absent in older builds. */
  requestKey?: string;
  /** The branch that the result becomes in the given repository; absent where there is none, or none is wanted. */
  resultBranch?: string;
  /** The build has a repository, and the worker makes its report before the first role works, be that a model or outside. Absent in older builds. */
  looksFirst?: true;
  roles: Record<Role, RoleMode>;
  /** How often one phase may be done again before a person is asked. */
  retriesPerPhase: number;
  /** Percent of the changed lines that tests must run; absent: the default of `evidence`. */
  coverageFloorPercent?: number;
  /** Who sent the start request, by token; absent where nobody was asked, and in older builds. */
  startedBy?: Sender;
  /** ISO 8601. */
  createdAt: string;
}

/** Where a phase's output is kept, and how far it may be believed. */
export interface OutputRef {
  digest: string;
  bytes: number;
  /** `measured`: the orchestrator saw it happen. `model`: the role's model said it. `claimed`: an external role said it. */
  source: 'measured' | 'model' | 'claimed';
  by: string;
  at: string;
}

export interface Handoff extends Pick<Sender, 'remark'> {
  fromRole: Role | null;
  toRole: Role | null;
  fromState: State;
  toState: State;
  at: string;
  notes: string;
  data: OutputRef | null;
}

export interface AuditEvent extends Sender {
  type: EventType;
  at: string;
  data: Record<string, string | number | boolean | null>;
}

/** What a phase began from. */
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
  /** `usage` at that moment: what came after it was spent on the line that a rollback abandons. */
  spent: Usage;
  at: string;
}

/** Model calls that were answered, and tokens where the provider named them. */
export interface Usage {
  calls: number;
  inputTokens: number;
  outputTokens: number;
  /** Of the input: read from a provider's cache. Absent until there was any. */
  cachedInputTokens?: number;
  /** Of the calls: paid ones of which the tokens are not known. Absent until there was one. */
  unknownCalls?: number;
}

/**
 * Where a build stands. A build in `error` has a failure, a complete one has a time; a cancelled one keeps the state it was
 * cancelled in.
 */
export type Standing =
  | { state: Exclude<State, 'error' | 'complete'>; failure: null; cancelled: false; completedAt: null }
  | { state: 'error'; failure: BuildFailure; cancelled: false; completedAt: null }
  | { state: 'complete'; failure: null; cancelled: false; completedAt: string }
  | { state: Exclude<State, 'error' | 'complete'>; failure: null; cancelled: true; completedAt: string }
  | { state: 'error'; failure: BuildFailure; cancelled: true; completedAt: string };

/** Where the build's branch began, and where it is. Neither before a workspace exists; never one without the other. */
export type Workspace = { base: string; commit: string } | { base: null; commit: null };

export type BuildState = BuildFacts & Standing & Workspace;

/** What a build carries wherever it stands. */
export interface BuildFacts extends BuildStart {
  /** Counts every accepted command. */
  revision: number;
  /** Counts state changes: work begun in an earlier turn is void. */
  turn: number;
  /** Counts rollbacks, from 1. */
  generation: number;
  /** Attempts begun in this generation. */
  attempts: Record<Phase, number>;
  /** Times a phase was done again since a person last stepped in. */
  redone: Record<Phase, number>;
  outputs: Partial<Record<Phase, OutputRef>>;
  /** Content given inline that the artifact store does not have yet, by the digest that stands for it until then. */
  unsaved: Record<string, string>;
  /** What the next attempt at a phase must answer to: failures, findings, a person's reason. */
  feedback: string[];
  /** Digest of what the failing tests among it said; null or absent where none did. */
  failing?: string | null;
  /** What the build was when each phase began: where a rollback leads. */
  checkpoints: Partial<Record<Phase, Checkpoint>>;
  evidence: Evidence | null;
  /** The repository report. Null: to be made anew, as the request was amended. Absent: not made, and in an older build never to be. */
  survey?: SurveyRef | null;
  /** Start requests that were amended, oldest first. Absent until the first amendment. */
  formerRequests?: Array<{ digest: string }>;
  /** The Test Auditor's tests, which no coder may change; null where there are none. */
  locked: Locked | null;
  /** What persons have approved, each by the digest of exactly that. */
  approvals: Approval[];
  /** What persons have refused, newest last. Absent until the first refusal. */
  rejections?: Rejection[];
  /** What a person may decide now, read by `openFindings`. Absent until a gate first finds something. */
  findings?: Finding[];
  release: LiveRelease | null;
  /** Absent until the build is complete, and where no result is wanted. */
  result?: Result;
  questions: Array<{ id: string; text: string }>;
  answers: Record<string, string>;
  paused: boolean;
  /** The turn in which an answer is judged again (`adoptedBy`). Absent until the first approval that continues the build. */
  adoptsInTurn?: number;
  /** What `waitOf` reads. */
  waiting?: Wait & { turn: number };
  usage: Usage;
  /** Effects that a command made necessary and that have not been carried out yet. */
  owed: {
    undoRelease: boolean;
    restoreTree: boolean;
    /** What roles outside handed over is still to be measured, judged and released. Absent: nothing is. */
    releaseHanded?: true;
  };
  /** Why nothing of a complete build was released; absent where something was, or nothing was said. */
  notReleased?: string;
  /** How often each phase has ended in `error`, ever: the ledger takes what is new to it. */
  failures: Partial<Record<Phase, number>>;
  /** The newest ones, in order; older ones are in the archive. */
  handoffs: Handoff[];
  events: AuditEvent[];
  /** The last page of older ones in the artifact store, and how many all pages hold (`archive`). */
  archive: { digest: string; events: number; handoffs: number } | null;
  /** Refused signals so far; the last ones stand in `events`. */
  refused: number;
  updatedAt: string;
  /** Commands already carried out, by idempotency key: what they were and what was answered. */
  seen: Record<string, SeenCommand>;
}

export interface SeenCommand {
  digest: string;
  answer: CommandAnswer;
}

/** What every command answers. */
export interface CommandAnswer {
  previousState: State;
  newState: State;
  revision: number;
  actor: string;
  at: string;
}

export function perPhase(count: number): Record<Phase, number> {
  return Object.fromEntries(PHASES.map((phase) => [phase, count])) as Record<Phase, number>;
}

const NOTHING_USED: Usage = { calls: 0, inputTokens: 0, outputTokens: 0 };
const EMPTY = {
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
    checkpoints: { discovery: { ...EMPTY, at: start.createdAt } },
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
