/**
 * Views of a build: its status in words, and the card that fits into a workflow's memo (below 2 KiB).
 *
 * The API answers `status` and lists from the card, which needs neither a worker nor a replay.
 */
import { trailCounts } from './archive';
import type { BuildFailure } from './failure';
import type { BuildState } from './state';
import { waitOf } from './wait';
import type { Wait } from './wait';
import { releaseStateOf } from './pending-effects';
import { needsSurvey } from './survey';
import type { ReleaseState } from './pending-effects';
import type { SurveySummary } from '../repository-report';
import { PHASES, ROLE_TITLE, isPhase } from '../roles';
import type { Phase, Role, RoleMode } from '../roles';
import { STATES, ownerOf, phaseOf, phasesBefore } from '../states';
import type { State } from '../states';

export type BuildStatus = 'in_progress' | 'waiting' | 'paused' | 'error' | 'cancelled' | 'complete';

export interface Expectation {
  role: Role | null;
  task: string;
  /** Part of the `status` answer; nothing expires yet. Always null: recorded histories contain its exact text. */
  deadline: null;
}

/** A small copy of everything that `status` answers. */
export interface BuildCard {
  title: string;
  userId: string;
  request: string;
  /** A copy of `BuildState.requestKey`, which is part of the branch name. Absent in builds that began before it existed. */
  requestKey?: string;
  state: State;
  status: BuildStatus;
  generation: number;
  attempt: number;
  revision: number;
  createdAt: string;
  updatedAt: string;
  completedAt: string | null;
  completedPhases: Phase[];
  expects: Expectation;
  failure: { type: string; message: string; phase: Phase; detailsDigest?: string } | null;
  /** The wait that a provider asks for; `until` is ISO 8601. Absent if the build waits for none. */
  waiting?: Wait;
  /** Digest of the artifact with the output of failing tests in the last measured run. Absent if none failed or printed anything. */
  failuresDigest?: string | undefined;
  /** Digest and summary of the repository report; absent until the report exists. */
  survey?: { digest: string } & SurveySummary;
  release: { number: number; version: string } | null;
  releaseState: ReleaseState;
  /** Absent if no result was wanted, or if it is not due yet. */
  result?: { branch: string; commit: string; reason: string | null };
  refused: { count: number; last: string | null };
  /** Counts of calls, input tokens, output tokens, input tokens from the provider's cache (null: not reported) and calls without known tokens. Absent in older memos. */
  usage?: [calls: number, input: number, output: number, cached: number | null, unknown?: number];
  handoffCount: number;
  /** The last handoffs: from-state and to-state (indexes in STATES), and milliseconds since `createdAt`. */
  handoffs: Array<[number, number, number]>;
}

/** Stays below Temporal's limit of 2 KiB for a memo, with room for member names and encoding. */
const CARD_LIMIT_BYTES = 1_900;
/** How much the card shows, from the most to the least; the first size that fits is used. UTF-8 text may take 4 bytes a character. */
const SIZES = [
  { handoffs: 30, textChars: 240 },
  { handoffs: 20, textChars: 160 },
  { handoffs: 12, textChars: 100 },
  { handoffs: 6, textChars: 50 },
  { handoffs: 0, textChars: 20 },
] as const;
type Size = (typeof SIZES)[number];

/** The expectation of a complete build without a release. Memos of older workers call such a build live. */
export const NOTHING_RELEASED = 'Nothing: the build is complete; nothing was released';

export function statusOf(build: BuildState): BuildStatus {
  if (build.cancelled) return 'cancelled';
  if (build.state === 'complete') return 'complete';
  if (build.paused) return 'paused';
  if (build.state === 'error') return 'error';
  if (isMakingFirstReport(build)) return 'in_progress';
  return build.questions.length > 0 || modeOf(build) === 'external' ? 'waiting' : 'in_progress';
}

/** True while the orchestrator makes the repository report before the first external role. The role may answer meanwhile. */
function isMakingFirstReport(build: BuildState): boolean {
  return build.state === 'discovery' && needsSurvey(build);
}

/** The mode of the role that owns the current state; null if no role owns it. */
export function modeOf(build: BuildState): RoleMode | null {
  const owner = ownerOf(build.state);
  return owner === null ? null : build.roles[owner];
}

export function completedPhases(build: BuildState): Phase[] {
  return phasesBefore(build.state === 'error' ? build.failure.phase : build.state);
}

/** The finished share of the six phases in percent, with one decimal. */
export function progressPercent(completed: readonly Phase[]): number {
  return Math.round((completed.length / PHASES.length) * 1000) / 10;
}

function nothingReleased({ notReleased }: BuildState): string {
  return notReleased === undefined ? NOTHING_RELEASED : `${NOTHING_RELEASED} (${notReleased})`;
}

/** The next expected action, and the role or person who takes it, in words. */
export function expectationOf(build: BuildState): Expectation {
  const expect = (role: Role | null, task: string): Expectation => ({ role, task, deadline: null });
  if (build.owed.releaseHanded === true)
    return expect(null, 'The orchestrator measures, judges and releases what was handed over');
  if (build.cancelled) return expect(null, 'Nothing: the build was cancelled');
  if (build.state === 'complete') {
    const isReleased = build.release !== null;
    return expect(null, isReleased ? 'Nothing: the build is live' : nothingReleased(build));
  }
  if (build.paused) return expect(null, 'A person resumes the build');
  if (releaseStateOf(build) === 'rollback_failed') {
    return expect(null, 'A person looks at production; retry, rollback and cancel each try to put it back first');
  }
  if (build.state === 'error') return expect(null, decisionOn(build.failure));
  if (build.questions.length > 0) {
    const ids = build.questions.map((question) => question.id).join(', ');
    return expect('q_assistant', `A person answers the open questions: ${ids}`);
  }
  const { state } = build;
  const role = ownerOf(state);
  if (isMakingFirstReport(build))
    return expect(
      role,
      `The orchestrator looks at the repository first; an advance from role "${role}" is taken at once`,
    );
  if (build.roles[role] === 'external') {
    return expect(role, `${role} is external: waits for advance with completed_state "${state}" from role "${role}"`);
  }
  const wait = waitOf(build);
  if (wait !== null)
    return expect(role, `${ROLE_TITLE[role]} waits for its provider until ${wait.until}; resume asks again now`);
  const attempt = isPhase(state) ? `, attempt ${build.attempts[state]}` : '';
  return expect(role, `${ROLE_TITLE[role]} works on ${state}${attempt}`);
}

function decisionOn({ type, isBeforeWork }: BuildFailure): string {
  if (isBeforeWork === true)
    return `A person mends what the failure names, here or by PATCH request; then request-retry, or cancel (${type})`;
  if (type === 'Decision.Needed')
    return 'A person approves or rejects each finding (GET approvals); or retry, rollback, cancel';
  return `A person decides: retry, rollback or cancel (${type})`;
}

export function cardOf(build: BuildState): BuildCard {
  for (const size of SIZES) {
    const card = cardOfSize(build, size);
    if (jsonBytes(card) <= CARD_LIMIT_BYTES) return card;
  }
  return cardOfSize(build, SIZES[SIZES.length - 1] as Size);
}

function cardOfSize(build: BuildState, { handoffs, textChars }: Size): BuildCard {
  const { request, state, generation, revision, createdAt, updatedAt, completedAt } = build;
  const phase = phaseOf(state);
  const lastRefusal = build.events.findLast((event) => event.type === 'refused');
  const expects = expectationOf(build);
  const start = Date.parse(createdAt);
  return {
    ...{ request, state, generation, revision, createdAt, updatedAt, completedAt },
    // Optional members are left out when they are not set: recorded histories contain cards without them.
    ...(build.requestKey === undefined ? {} : { requestKey: build.requestKey }),
    title: build.title.slice(0, textChars),
    userId: build.userId.slice(0, textChars),
    status: statusOf(build),
    attempt: phase === null ? 0 : build.attempts[phase],
    completedPhases: completedPhases(build),
    expects: { ...expects, task: expects.task.slice(0, textChars) },
    failure: build.failure && {
      type: build.failure.type,
      message: build.failure.message.slice(0, textChars),
      phase: build.failure.phase,
      ...(build.failure.detailsDigest === undefined ? {} : { detailsDigest: build.failure.detailsDigest }),
    },
    ...waitIn(build, textChars),
    ...(failuresOf(build) === undefined ? {} : { failuresDigest: failuresOf(build) }),
    ...(build.survey ? { survey: { digest: build.survey.digest, ...build.survey.summary } } : {}),
    release: build.release && { number: build.release.number, version: build.release.version.slice(0, textChars) },
    releaseState: releaseStateOf(build),
    ...resultIn(build, textChars),
    refused: {
      count: build.refused,
      last: lastRefusal ? String(lastRefusal.data.reason).slice(0, textChars) : null,
    },
    usage: usageOf(build),
    handoffCount: trailCounts(build).handoffs,
    // `slice(-handoffs)` would return all of them if `handoffs` is 0.
    handoffs: build.handoffs
      .slice(build.handoffs.length - Math.min(handoffs, build.handoffs.length))
      .map(({ fromState, toState, at }) => [
        STATES.indexOf(fromState),
        STATES.indexOf(toState),
        Date.parse(at) - start,
      ]),
  };
}

function waitIn(build: BuildState, textChars: number): Pick<BuildCard, 'waiting'> {
  const wait = waitOf(build);
  return wait === null ? {} : { waiting: { until: wait.until, because: wait.because.slice(0, textChars) } };
}

function resultIn({ result }: BuildState, textChars: number): Pick<BuildCard, 'result'> {
  if (result === undefined) return {};
  const { branch, commit, reason } = result;
  return { result: { branch, commit, reason: reason?.slice(0, textChars) ?? null } };
}

function usageOf({ usage }: BuildState): NonNullable<BuildCard['usage']> {
  const { calls, inputTokens, outputTokens, cachedInputTokens = null, unknownCalls } = usage;
  const knownCounts = [calls, inputTokens, outputTokens, cachedInputTokens] as const;
  return unknownCalls === undefined ? [...knownCounts] : [...knownCounts, unknownCalls];
}

/** Reads the digest from the evidence, or, after the work was sent back, from the run that caused it. */
function failuresOf({ evidence, failing }: BuildState): string | undefined {
  return evidence === null ? (failing ?? undefined) : evidence.failuresDigest;
}

/** Counts the UTF-8 bytes of the value's JSON; the workflow sandbox has no Buffer. */
function jsonBytes(value: unknown): number {
  let bytes = 0;
  for (const character of JSON.stringify(value)) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
